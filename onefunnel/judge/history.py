"""Every lead that exists, with what is known of its attributes at each instant."""

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from onefunnel.judge.read import Lake
from onefunnel.judge.words import normal

# the fields that have a history -> the column that holds their current value
FIELDS = {
    "industry": "industry",
    "employee_count": "employee_count",
    "annual_revenue": "annual_revenue",
    "annual_revenue_currency": "annual_revenue_currency",
    "job_title": "job_title",
    "status": "status",
    "owner": "owner_id",
    "lead_source": "lead_source",
}
CURRENT = (*FIELDS.values(), "country", "state", "city")


@dataclass(frozen=True)
class Record:
    """What one version of a lead's record says that sales made of it; current: the one that counts at as_of."""

    version_at: int | None
    is_current: bool
    disposition: str | None
    disposed_at: int | None


@dataclass
class Lead:
    """One lead that exists at as_of: its current cells, and its changes in order of time."""

    lead_id: str
    source: str
    space: str
    kind: str
    created_at: int
    currency: str | None  # what sources.yml declares
    now: dict[str, str | None]
    changes: dict[str, list[tuple[int, str | None, str | None]]] = field(default_factory=dict)
    has_history: bool = False  # its source delivers lead_changes
    versions: int = 0
    as_of: int = 0
    is_marked: bool = False  # its source has a column for the handover's instant
    marks: set[int] = field(default_factory=set)  # every handed_over_at it was given
    disposals: set[tuple[str, int]] = field(default_factory=set)  # (disposition, disposed_at)
    records: list[Record] = field(default_factory=list)  # in time order

    @property
    def judged_on(self) -> str:
        """Whether an earlier state of the lead can be told from its current one."""
        return "history" if self.has_history or self.versions > 1 else "current"

    def at(self, name: str, instant: int) -> str | None:
        """The cell as it stood: the last change's new value, else the first one's old, else now."""
        changes = self.changes.get(name)
        if not changes:
            return self.now[FIELDS[name]]
        place = bisect_right(changes, instant, key=lambda change: change[0])
        return changes[place - 1][2] if place else changes[0][1]

    def first(self, name: str) -> str | None:
        """The value before any change that is known."""
        changes = self.changes.get(name)
        return changes[0][1] if changes else self.now[FIELDS[name]]

    def change_instants(self, names: tuple[str, ...]) -> set[int]:
        """When any of these fields changed, by as_of."""
        return {c[0] for name in names for c in self.changes.get(name, []) if c[0] <= self.as_of}


def read_leads(lake: Lake) -> dict[str, Lead]:
    """The leads that exist at as_of, by lead_id, with histories, marks and disposals."""
    lake.con.execute(
        """create table lead as
        select *, _ids_of || ':' || _key as lead_id from leads
        where is_chosen and fate = 'out'
        qualify row_number() over (partition by _ids_of, _key order by _source) = 1"""
    )
    columns = ["lead_id", "_source", "_ids_of", "_kind", "created_at", "_currency", *CURRENT]
    leads = {}
    for row in lake.con.execute(f"select {', '.join(columns)} from lead").fetchall():
        leads[row[0]] = Lead(*row[:6], dict(zip(CURRENT, row[6:], strict=True)))
        leads[row[0]].as_of = lake.as_of
        leads[row[0]].is_marked = row[1] in lake.marked
        leads[row[0]].has_history = "lead_changes" in lake.delivered.get(row[2], ())
    _add_versions(lake, leads)
    _add_changes(lake, leads)
    return leads


def _add_changes(lake: Lake, leads: dict[str, Lead]) -> None:
    """Changes that a source delivers; those of one instant in the order of the file.

    A change after as_of tells what held until then; it is no event of its own.
    """
    found = lake.con.execute(
        """select l.lead_id, lower(trim(c.field)), c.changed_at, c.old, c.new
        from lead_changes c join lead l on l._ids_of = c._ids_of and l._key = c.lead_id
        where c.is_chosen and c.fate in ('out', 'after')
        order by l.lead_id, c.changed_at, try_cast(c._row as bigint), c._source"""
    )
    for lead_id, name, *change in found.fetchall():
        if name in FIELDS:
            leads[lead_id].changes.setdefault(name, []).append(tuple(change))


def _add_versions(lake: Lake, leads: dict[str, Lead]) -> None:
    """What only the successive versions of a lead can tell; no instant after as_of is taken."""
    names = ["is_chosen", "handed_over_at", "disposition", "disposed_at", "version_at", *FIELDS.values()]
    found = lake.con.execute(
        f"""select l.lead_id, {", ".join(f"v.{name}" for name in names)}
        from leads v join lead l on l._source = v._source and l._ids_of = v._ids_of
            and l._key = v._key
        order by l.lead_id, v.version_at, v.version_no"""
    )
    versions: dict[str, list[tuple]] = {}
    for lead_id, is_chosen, handed_over_at, disposition, disposed_at, *version in found.fetchall():
        lead = leads[lead_id]
        lead.versions += 1
        lead.records.append(Record(version[0], is_chosen, normal(disposition), disposed_at))
        if handed_over_at is not None and handed_over_at <= lake.as_of:
            lead.marks.add(handed_over_at)
        if disposition and disposed_at is not None and disposed_at <= lake.as_of:
            lead.disposals.add((normal(disposition), disposed_at))
        if not lead.has_history:
            versions.setdefault(lead_id, []).append(tuple(version))
    for lead_id, told in versions.items():
        _derive(leads[lead_id], told)


def _derive(lead: Lead, versions: list[tuple]) -> None:
    """A change for every cell that differs from the version before, at the later one's instant."""
    for before, after in pairwise(versions):
        for place, name in enumerate(FIELDS, start=1):
            if before[place] != after[place]:
                change = (after[0], before[place], after[place])
                lead.changes.setdefault(name, []).append(change)


class Rates:
    """Rates to the reporting currency, by currency and day."""

    def __init__(self, rows: list[tuple[str, object, Decimal]], max_age_days: int | None):
        self.max_age_days = max_age_days
        self.rows: dict[str, list] = {}
        for currency, day, rate in sorted(rows):
            self.rows.setdefault(currency, []).append((day, rate))

    def on(self, currency: str, day) -> Decimal | None:
        """The newest rate on or before the day, None when there is none or it is too old."""
        rows = self.rows.get(currency, [])
        place = bisect_right(rows, day, key=lambda row: row[0])
        if not place:
            return None
        dated, rate = rows[place - 1]
        too_old = self.max_age_days is not None and (day - dated).days > self.max_age_days
        return None if too_old else rate
