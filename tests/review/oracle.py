"""The funnel gaps a second time, from the glossary and the published leads and deals alone: plain and slow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from scipy.stats import t as student

ZONE = ZoneInfo("Asia/Kolkata")
RIPE = timedelta(days=90)
LADDER = ("handed_over", "sal", "sql", "opportunity", "won")  # a later one tells of the earlier
STEPS = (
    ("lead to MQL", "lead", "mql"),
    ("MQL to handed over", "mql", "handed_over"),
    ("handed over to SAL", "handed_over", "sal"),
    ("SAL to SQL", "sal", "sql"),
    ("SQL to opportunity", "sql", "opportunity"),
    ("opportunity to won", "opportunity", "won"),
)


@dataclass
class Person:
    """Somebody who responded: when first, when each stage was entered, and what their deals brought in, by its day."""

    source: str
    created_at: datetime
    entered: dict[str, datetime] = field(default_factory=dict)
    won: list[tuple[date, float]] = field(default_factory=list)

    def has_reached(self, stage: str) -> bool:
        if stage == "lead":
            return True
        stages = LADDER[LADDER.index(stage) :] if stage in LADDER else (stage,)
        return any(
            self.created_at <= self.entered[later] < self.created_at + RIPE for later in stages if later in self.entered
        )


def people(con, lead_columns: dict[str, str]) -> list[Person]:
    """lead_columns: stage -> the column of metrics.leads that dates it."""
    listed = ", ".join(lead_columns.values())
    rows = con.execute(
        f"""select lead_id, coalesce(duplicate_of_lead_id, lead_id), source_name, created_at, {listed}
        from metrics.leads order by duplicate_of_lead_id is not null"""
    ).fetchall()
    found: dict[str, Person] = {}
    first: dict[str, str] = {}
    born: dict[str, datetime] = {}
    for lead, person, source, created, *instants in rows:
        first[lead], born[lead] = person, created
        somebody = found.setdefault(person, Person(source, created))
        for stage, at in zip(lead_columns, instants, strict=True):
            if at is not None:
                somebody.entered[stage] = min(at, somebody.entered.get(stage, at))
    deals = con.execute(
        """select lead_id, coalesce(opportunity_at, created_at), closed_at, deal_amount from metrics.deals
        where status = 'won' and lead_id is not null and deal_amount is not null"""
    ).fetchall()
    for lead, opened, closed, amount in deals:
        if lead in born and opened >= born[lead]:
            found[first[lead]].won.append((closed.astimezone(ZONE).date(), float(amount)))
    return list(found.values())


def quarter_of(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def later(quarter: date, quarters: int) -> date:
    months = quarter.year * 12 + quarter.month - 1 + 3 * quarters
    return date(months // 12, months % 12 + 1, 1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def gaps(persons: list[Person], untold: set[tuple[str, str]], week: date, cases: int) -> dict[str, dict]:
    """Step -> what funnel_gaps says of it for the week. untold: (source, stage) that the source does not tell of."""
    ended = midnight(week + timedelta(days=7))
    by_quarter: dict[date, list[Person]] = {}
    for person in persons:
        by_quarter.setdefault(quarter_of(person.created_at.astimezone(ZONE).date()), []).append(person)
    ripe = [quarter for quarter in by_quarter if ended - midnight(later(quarter, 1)) >= RIPE]
    if not ripe:
        return {}
    now = max(ripe)
    past = [later(now, -n) for n in range(1, 9)]
    found = {}
    for name, start, end in STEPS:
        cells = {q: _cell(by_quarter.get(q, []), untold, start, end) for q in (now, *past)}
        found[name] = _gap(cells, now, past, week + timedelta(days=6), cases)
    tried = [gap for gap in found.values() if gap["is_tried"]]
    for gap in tried:
        _judge(gap, len(tried))
    return found


def _cell(persons, untold, start: str, end: str) -> tuple[int, list[Person]]:
    told = [p for p in persons if (p.source, start) not in untold and (p.source, end) not in untold]
    entered = [p for p in told if p.has_reached(start)]
    return len(entered), [p for p in entered if p.has_reached(end)]


def _gap(cells: dict, now: date, past: list[date], sunday: date, cases: int) -> dict:
    entrants, went_on = cells[now][0], len(cells[now][1])
    before = [(cells[q][0], len(cells[q][1])) for q in past]
    all_before, on_before = (sum(column) for column in zip(*before, strict=True))
    won = sum(amount for q in past for p in cells[q][1] for day, amount in p.won if day <= sunday)
    return {
        "from_on": now,
        "entrants": entrants,
        "reached": went_on,
        "baseline_entrants": all_before,
        "baseline_reached": on_before,
        "quarters": before,
        "value_per_lead": won / on_before if on_before else None,
        "is_tried": all(n for n, _ in before) and entrants >= cases,
    }


def _judge(gap: dict, steps: int) -> None:
    """Money with its ends: 80 % for all steps at once, the eight quarters' own spread, half a lead for whole ones."""
    n, x, total, on = (gap[name] for name in ("entrants", "reached", "baseline_entrants", "baseline_reached"))
    usual, common = on / total, (on + x) / (total + n)
    odd = [(k - m * usual) ** 2 / (m * usual * (1 - usual)) for m, k in gap["quarters"]] if 0 < usual < 1 else [0]
    spread = max(1.0, sum(odd) / 7)
    each = 0.8 ** (1 / steps)
    margin = student.ppf((1 + each) / 2, 7) * sqrt(spread * common * (1 - common) * (1 / n + 1 / total)) + 0.5 / n
    value = (gap["value_per_lead"] or 0) * n
    gap["gap"] = (usual - x / n) * value
    gap["low"], gap["high"] = ((usual - x / n + side * margin) * value for side in (-1, 1))
