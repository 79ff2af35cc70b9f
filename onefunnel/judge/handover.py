"""When a lead was handed to sales and when it came back, by the agreement's rule for its source."""

from bisect import bisect_right
from dataclasses import dataclass, field

from onefunnel.judge.history import Lead
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.words import normal


@dataclass
class Passage:
    """A lead's handovers in time order, None where the source cannot tell, and its recycles."""

    handovers: list[int] | None
    recycles: list[int] = field(default_factory=list)

    @property
    def latest(self) -> int | None:
        """The latest handover, if any."""
        return self.handovers[-1] if self.handovers else None

    @property
    def status(self) -> str:
        """In one word, or why there is none."""
        if self.handovers is None:
            return "unavailable: no handover time"
        if self.latest is None:
            return "not handed"
        return "recycled" if any(at > self.latest for at in self.recycles) else "handed"


class Teams:
    """Which owner belongs to which team, per id namespace."""

    def __init__(self, rows: list[tuple]):
        self.by_id: dict[tuple[str, str], str | None] = {}
        self.by_name: dict[tuple[str, str], str | None] = {}
        for space, kind, user_id, name, team in rows:
            self.by_id[space, user_id] = normal(team)
            if kind == "zoho_crm" and name:  # an export of Zoho names the owner, it has no id
                self.by_name[space, normal(name)] = normal(team)

    def of(self, space: str, owner: str | None) -> str | None:
        """The owner's team in lower case, None when unknown."""
        if owner is None:
            return None
        return self.by_id.get((space, owner)) or self.by_name.get((space, normal(owner) or ""))


def read_teams(lake: Lake) -> Teams:
    """The teams of the users as they stand at as_of."""
    rows = lake.con.execute(
        """select _ids_of, _kind, coalesce(user_id, _key), name, team from users
        where is_chosen and fate = 'out' order by _source, _key"""
    )
    return Teams(rows.fetchall())


def passage(lead: Lead, agreement: Agreement, teams: Teams) -> Passage:
    """The first entry of each stretch between two recycles is a handover."""
    back = recycles(lead, agreement)
    entered = entries(lead, agreement, teams)
    if entered is None:
        return Passage(None, back)
    first: dict[int, int] = {}
    for at in sorted(entered):
        first.setdefault(bisect_right(back, at), at)
    return Passage(list(first.values()), back)


def recycles(lead: Lead, agreement: Agreement) -> list[int]:
    """When its status became one that means recycled, or sales gave a recycling disposition."""
    words = agreement.recycled_statuses
    by_status = {at for at, old, new in _becoming(lead, "status") if normal(new) in words}
    by_disposition = {at for word, at in lead.disposals if word in agreement.recycling_dispositions}
    return sorted(by_status | by_disposition)


def entries(lead: Lead, agreement: Agreement, teams: Teams) -> set[int] | None:
    """Every instant at which the rule of its source began to hold; None when that is unknown."""
    rule = agreement.handover_rule(lead.source)
    if not rule or any(not (lead.is_marked if marks == "field" else lead.has_history) for marks, _ in rule):
        return None
    found: set[int] = set()
    for marks_by, value in rule:
        if marks_by == "field":
            found |= lead.marks
        elif marks_by == "status":
            found |= _entered(lead, "status", lambda word, value=value: normal(word) == normal(value))
        elif marks_by == "owner_team":
            found |= _entered(
                lead,
                "owner",
                lambda owner, value=value: owner is not None and teams.of(lead.space, owner) == normal(value),
            )
    return found


def _entered(lead: Lead, name: str, holds) -> set[int]:
    """When the field became a value that holds, its first value at the lead's creation."""
    found = {at for at, _, new in _becoming(lead, name) if holds(new)}
    return found | {lead.created_at} if holds(lead.first(name)) else found


def _becoming(lead: Lead, name: str) -> list[tuple]:
    """The field's changes by as_of, without those that write the same word again."""
    changes = [c for c in lead.changes.get(name, []) if c[0] <= lead.as_of]
    return [c for c in changes if normal(c[1]) != normal(c[2])]
