"""What sales heard, again from the raw lake: in its log, in calls, in reasons of losses; and when marketing saw it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onefunnel import lake as raw
from onefunnel.gate.cells import cells_of
from onefunnel.gate.stages import Sales
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.words import normal

# a source names a call or a deal by its kind before its id; what onefunnel showed is recorded under the whole id
SHOWN = """
    select
        case when _source <> 'onefunnel' and split_part(objection_id, ':', 1) in ('activity', 'deal')
            then replace(objection_id, split_part(objection_id, ':', 1) || ':',
                split_part(objection_id, ':', 1) || ':' || _ids_of || ':')
            else _ids_of || ':' || objection_id
        end as id,
        min(shown_at)
    from digests where is_chosen and fate = 'out' group by all
"""
LOGGED = """
    select _ids_of, _key, raised_at, logged_at, lead_id, deal_id, category
    from objections
    where is_chosen and fate = 'out' and (logged_at is null or logged_at <= ?)
"""
CALLED = """
    select
        _ids_of,
        case when _kind = 'zoho_crm' then case kind when 'call' then 'call-' else 'event-' end else '' end || _key,
        happened_at, lead_id, deal_id, outcome
    from activities
    where is_chosen and fate = 'out' and outcome is not null and lower(trim(coalesce(is_automated, ''))) not in {yes}
"""
YES = ("true", "yes", "y", "1")


@dataclass(frozen=True)
class Objection:
    """One objection that counts, under the version in force when it was raised; instants in microseconds."""

    version: int
    is_of_the_log: bool
    raised_at: int
    logged_at: int | None
    first_shown_at: int | None


@dataclass(frozen=True)
class _Told:
    """As it was told; kind: its category, else the word that nobody agreed on, None without any."""

    objection_id: str
    raised_at: int
    logged_at: int | None
    lead_id: str | None
    deal_id: str | None
    kind: tuple[str, str] | None


def read_objections(lake: Lake, files: raw.Files, folder: Path, agreement: Agreement, sales: Sales) -> list[Objection]:
    """Those under a version in force; nothing was promised of any other. What a loss tells again counts once."""
    lines = rows_of(folder, "objection_categories")
    listed = {(line["found_in"], normal(line["source_word"])): line["category"] for line in lines}
    logged, called = _logged(lake, listed), _called(lake, listed)
    earlier = _by_record([*logged, *called], sales)
    losses = [told for told in _losses(lake, files, listed, sales) if not _is_repeat(told, earlier)]
    shown = dict(lake.con.execute(SHOWN).fetchall())
    found = []
    for told in [*logged, *called, *losses]:
        if version := agreement.in_force(told.raised_at):
            first = shown.get(told.objection_id)
            is_of_the_log = not told.objection_id.startswith(("activity:", "deal:"))
            found.append(Objection(version.number, is_of_the_log, told.raised_at, told.logged_at, first))
    return found


def _kind(listed: dict, found_in: str, word: str | None) -> tuple[str, str] | None:
    word = normal(word)
    category = listed.get((found_in, word))
    return ("category", category) if category else ("word", word) if word else None


def _logged(lake: Lake, listed: dict) -> list[_Told]:
    return [
        _Told(f"{space}:{key}", raised_at, logged_at, _id(space, lead), _id(space, deal), _kind(listed, "sheet", word))
        for space, key, raised_at, logged_at, lead, deal, word in lake.con.execute(LOGGED, [lake.as_of]).fetchall()
    ]


def _called(lake: Lake, listed: dict) -> list[_Told]:
    """Calls whose outcome is listed with a category; an outcome that nobody listed may be no objection."""
    found = []
    for space, key, at, lead, deal, word in lake.con.execute(CALLED.format(yes=YES)).fetchall():
        if listed.get(("call_outcome", normal(word))):
            kind = _kind(listed, "call_outcome", word)
            found.append(_Told(f"activity:{space}:{key}", at, at, _id(space, lead), _id(space, deal), kind))
    return found


def _losses(lake: Lake, files: raw.Files, listed: dict, sales: Sales) -> list[_Told]:
    found = []
    for row in cells_of(lake, files, "deals", ("lost_reason",), {"lost_reason": "reason_for_loss"}):
        deal = sales.told[row["id"]]
        kind = _kind(listed, "lost_reason", row["lost_reason"])
        if deal.status == "lost" and deal.closed_at is not None and kind:
            at, lead_id = deal.closed_at, sales.lead_of.get(row["id"])
            found.append(_Told(f"deal:{row['id']}", at, at, lead_id, row["id"], kind))
    return found


def _by_record(told: list[_Told], sales: Sales) -> dict[tuple, int]:
    """The deal, else the lead, and the kind -> when that was first told of it."""
    firsts: dict[tuple, int] = {}
    for one in told:
        record = one.deal_id if one.deal_id in sales.told else one.lead_id
        firsts[record, one.kind] = min(one.raised_at, firsts.get((record, one.kind), one.raised_at))
    return firsts


def _is_repeat(loss: _Told, earlier: dict[tuple, int]) -> bool:
    """Told before of the deal, or of its lead and no deal."""
    records = [record for record in (loss.deal_id, loss.lead_id) if record]
    return any(earlier.get((record, loss.kind), loss.raised_at) < loss.raised_at for record in records)


def _id(space: str, told: str | None) -> str | None:
    return f"{space}:{told}" if told else None
