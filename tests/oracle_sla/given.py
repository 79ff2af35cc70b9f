"""What this oracle is told: the core, who is who, the judged handovers, and the agreement in its own files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb

from tests.oracle import history
from tests.oracle.attribution import first_records
from tests.oracle.reading import Company, _frame, read_table, words
from tests.oracle_sla.clock import Terms, lines, terms

CRITERIA = ("industry", "company_size", "intent", "role", "geography")
CANDIDATE = {
    "core_leads": "lead_id ids_of created_at owner_id campaign_id claimed_mql_at claimed_sql_at "
    "disposition disposed_at converted_deal_id",
    "core_activities": "activity_id kind direction happened_at duration_seconds is_automated lead_id deal_id owner_id "
    "outcome",
    "core_deals": "deal_id lost_reason",
    "core_users": "user_id name team manager_id",
    "core_campaigns": "campaign_id name",
    "core_lead_changes": "lead_id changed_at field old new source_row ids_of",
    "core_objections": "objection_id raised_at logged_at owner_id lead_id deal_id category",
    "core_digests": "objection_id shown_at",
    "int_lead_versions": "lead_id ids_of version_number holds_from_at status owner_id disposition disposed_at",
    "int_recycles": "lead_id recycled_at",
    "agreement.versions": "version in_force_at is_signed",
    "agreement.stages": "entity source_word stage",
    "agreement.objection_categories": "found_in source_word category",
    "run.context": "as_of_at timezone fiscal_year_start_month",
    "run.delivered": "ids_of entity",
}
PUBLISHED = {
    "metrics.leads": "lead_id duplicate_of_lead_id segment record_url company_name account_id mql_at",
    "metrics.deals": "deal_id lead_id status opportunity_at closed_at account_id created_at deal_amount",
    "metrics.handovers": "handover_id lead_id handed_over_at recycled_at definition_met agreement_version channel "
    "is_marketing owner_id " + " ".join(f"{name}_fits" for name in CRITERIA),
}
COLUMNS = {name: columns.split() for name, columns in (CANDIDATE | PUBLISHED).items()}
# what the judging of handovers does not yet publish is not known
MAY_LACK = {"metrics.handovers": {f"{name}_fits" for name in CRITERIA}}


@dataclass
class Given:
    """The tables of a company and its agreement, and what several questions ask of them."""

    company: Company
    agreement: Path

    @property
    def as_of(self) -> int:
        return self.company.context.as_of_at

    @cached_property
    def in_force(self) -> dict[int, int]:
        """Signed version -> the instant from which it holds."""
        return {row.version: row.in_force_at for row in self.company.rows("agreement.versions") if row.is_signed}

    @cached_property
    def terms(self) -> dict[int, Terms]:
        return terms(self.agreement, self.company.context.timezone, self.in_force, self.as_of)

    def version_at(self, at: int) -> int | None:
        """Glossary, version in force at t: "the newest" that holds already."""
        held = [(since, version) for version, since in self.in_force.items() if since <= at]
        return max(held)[1] if held else None

    def week(self, at: int) -> int:
        """The Monday of the instant's local week."""
        return self.company.calendar.period("week", self.company.calendar.day(at)).start

    @cached_property
    def persons(self) -> dict[str, str]:
        return first_records(self.company)

    @cached_property
    def deals_of(self) -> dict[str, list]:
        """Lead -> its deals: those that name it, and the one that it says it was converted to."""
        deals = {row.deal_id: row for row in self.company.rows("metrics.deals")}
        of_lead = {(deal.lead_id, deal_id) for deal_id, deal in deals.items()}
        of_lead |= {(lead_id, lead.converted_deal_id) for lead_id, lead in self.leads.items()}
        found = defaultdict(list)
        for lead_id, deal_id in of_lead:
            if deal_id in deals:
                found[lead_id].append(deals[deal_id])
        return found

    @cached_property
    def leads(self) -> dict[str, object]:
        return {row.lead_id: row for row in self.company.rows("core_leads")}

    @cached_property
    def published_leads(self) -> dict[str, object]:
        return {row.lead_id: row for row in self.company.rows("metrics.leads")}

    @cached_property
    def recycles(self) -> dict[str, list]:
        return grouped(self.company.rows("int_recycles"), "lead_id")

    @cached_property
    def versions(self) -> dict[str, list]:
        return grouped(self.company.rows("int_lead_versions"), "lead_id")

    @cached_property
    def disposition_words(self) -> dict[str, dict[str, str]]:
        """What sales writes -> the line that the agreement has on it."""
        return {words(row["source_word"]): row for row in lines(self.agreement, "dispositions")}

    def setting(self, name: str) -> str:
        (value,) = (line["value"] for line in lines(self.agreement, "settings") if line["setting"] == name)
        return value

    @cached_property
    def lead_stages(self) -> dict[str, str]:
        stages = self.company.rows("agreement.stages")
        return {words(row.source_word): words(row.stage) for row in stages if words(row.entity) == "lead"}

    @cached_property
    def changes(self) -> dict[tuple, list]:
        """(lead, field) -> its changes in order, told by its source, else by successive versions of the lead."""
        found = history.histories(self.company, "core_lead_changes", "lead_id")
        for lead_id, rows in self.versions.items():
            if not self.delivers("lead_changes", rows[0].ids_of):
                for field in ("status", "owner"):
                    found.pop((lead_id, field), None)
                    if changed := between(rows, field):
                        found[lead_id, field] = changed
        return found

    @cached_property
    def users(self) -> dict[str, object]:
        return {row.user_id: row for row in self.company.rows("core_users")}

    @cached_property
    def teams(self) -> dict[str, str | None]:
        return history.owner_teams(self.company)

    @cached_property
    def campaigns(self) -> dict[str, str | None]:
        return {row.campaign_id: row.name for row in self.company.rows("core_campaigns")}

    def team(self, owner: str | None) -> str:
        return self.teams.get(owner) or "unknown"

    def name(self, owner: str | None) -> str | None:
        user = self.users.get(owner)
        return None if user is None else user.name

    def owner_at(self, lead_id: str, at: int) -> str | None:
        """The owner from the change that was made last at or before the instant; without history the present one."""
        changes = self.changes.get((lead_id, "owner"))
        if not changes:
            return self.leads[lead_id].owner_id
        owner = history.just_before(changes, at + 1)[0]
        return f"{changes[0].ids_of}:{owner.strip()}" if words(owner) else None

    def delivers(self, entity: str, ids_of: str | None = None) -> bool:
        """Does a source (whose ids are these) deliver the entity?"""
        rows = self.company.rows("run.delivered")
        return any(row.entity == entity and ids_of in (None, row.ids_of) for row in rows)

    def entries(self, lead_id: str, *stages: str, from_elsewhere: bool = False) -> list[int]:
        """The instants at which the lead's status became a word of one of the stages (from another word)."""
        changes = self.changes.get((lead_id, "status"), [])
        into = [change for change in changes if self.lead_stages.get(words(change.new)) in stages]
        return [row.changed_at for row in into if not from_elsewhere or words(row.old) != words(row.new)]


class Change(NamedTuple):
    """As a row of core_lead_changes; an owner without the prefix of whose ids they are."""

    changed_at: int
    old: str | None
    new: str | None
    ids_of: str


def between(versions: list, field: str) -> list[Change]:
    """What differs from one version of a lead to the next, at the instant from which the later one holds."""
    rows, found = sorted(versions, key=lambda row: (row.holds_from_at, row.version_number)), []
    for before, after in pairwise(rows):
        old, new = (row.status if field == "status" else without_prefix(row) for row in (before, after))
        if old != new:
            found.append(Change(after.holds_from_at, old, new, after.ids_of))
    return found


def without_prefix(version) -> str | None:
    return None if version.owner_id is None else version.owner_id.removeprefix(f"{version.ids_of}:")


def grouped(rows: list, key: str) -> dict[str, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def hand_made(agreement: Path, **tables: list[dict]) -> Given:
    """A hand-made company: rows per table ('__' for the dot); what is not given is None, other tables are empty."""
    rows = {name.replace("__", "."): given for name, given in tables.items()}
    assert set(rows) <= set(COLUMNS), set(rows) - set(COLUMNS)
    return Given(Company({name: _frame(rows.get(name, []), columns) for name, columns in COLUMNS.items()}), agreement)


def read(candidate: Path, published: Path, agreement: Path) -> Given:
    """The tables of both files."""
    tables = {}
    for path, wanted in ((candidate, CANDIDATE), (published, PUBLISHED)):
        with duckdb.connect(str(path), read_only=True) as con:
            con.execute("set timezone = 'UTC'")
            tables |= {name: _read(con, name) for name in wanted}
    return Given(Company(tables), agreement)


def _read(con, name: str):
    optional, there = MAY_LACK.get(name, set()), set()
    if optional:
        there = {row[0] for row in con.execute(f"describe {name}").fetchall()}
    wanted = [column for column in COLUMNS[name] if column not in optional or column in there]
    frame = read_table(con, name, wanted)
    for column in optional - there:
        frame[column] = None
    return frame[COLUMNS[name]].astype(object)
