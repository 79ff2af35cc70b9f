"""What the forecast report tells, read from the published tables: quarters, course, change, risks, record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from onefunnel.pages.published import Published

THIS, NEXT = "this quarter", "next quarter"
NAIVE = ("last_quarter", "average_four", "same_quarter_last_year", "stage_weighted")
PARTS = ("closed_amount", "weighted_pipeline_amount", "new_deals_amount", "past_pattern_amount")
RISKS_SHOWN = 6
# a forecast of a month before: the newest in these days, one that was published rather than made afterwards
MONTH_BEFORE = (28, 41)

_CURRENT = "select * from metrics.revenue_forecast where is_current and segment = 'all' and horizon in (?, ?)"
# one a week: the run's own, else one that was published then, else the backtest's
_COURSE = """
select * from (
    select *, row_number() over (
        partition by horizon, quarter_week order by is_current desc, origin desc, as_of_at desc
    ) as place
    from metrics.revenue_forecast
    where fiscal_quarter = ? and method = 'blend' and segment = 'all' and expected_amount is not null
        and as_of_at <= (select as_of_at from metrics.run_info)
) as weeks
where place = 1
order by as_of_at
"""
_BEFORE = """
select * from metrics.revenue_forecast
where fiscal_quarter = ? and method = 'blend' and segment = 'all' and expected_amount is not null
    and not is_current and as_of_on between cast(? as date) and cast(? as date)
order by origin desc, as_of_at desc
limit 1
"""
_MOVED = """
select movement, sum(movement_amount) as amount, count(distinct deal_id) as deals
from metrics.pipeline_movements
where due_fiscal_quarter = ? and moved_at > ? and moved_at <= ?
group by movement
having sum(movement_amount) <> 0
order by movement
"""
_DUE = """
select coalesce(sum(movement_amount), 0) as amount
from metrics.pipeline_movements
where due_fiscal_quarter = ? and moved_at <= ?
"""
_RISKS = """
select f.deal_id, f.company_name, f.record_url, f.stage, f.open_amount, f.expected_amount, f.expected_close_on,
    o.owner_name, o.times_slipped, o.is_past_due, o.days_past_due, o.is_stalled, o.days_seen_in_stage
from metrics.forecast_deals as f
inner join metrics.open_deals as o on f.deal_id = o.deal_id
where f.horizon = 'this quarter' and (o.times_slipped > 0 or o.is_past_due or o.is_stalled)
order by f.expected_amount desc nulls last, f.open_amount desc nulls last, f.deal_id
"""
_RECORD = """
select * from metrics.forecast_accuracy
where quarter_week = 'all' and horizon in ('this quarter', 'next quarter')
"""
_JUDGED = """
select distinct fiscal_quarter from metrics.revenue_forecast
where origin = 'backtest' and method = 'blend' and segment = 'all' and horizon = 'this quarter'
    and status = 'ok' and actual_amount is not null
order by fiscal_quarter
"""
_FINISHED = """
select fiscal_quarter, max(actual_amount) as actual_amount
from metrics.revenue_forecast
where horizon = 'this quarter' and actual_amount is not null and segment = 'all' and method = 'blend'
group by fiscal_quarter
order by max(as_of_at) desc
limit 1
"""
_MISS = (
    "select * from metrics.target_miss where fiscal_quarter = ? order by abs(lacking_amount) desc nulls last, factor"
)
_RESTATED = """
select published_expected_amount, restated_expected_amount, change_amount, closed_change_amount, status
from metrics.forecast_revisions
where fiscal_quarter = ? and method = 'blend' and segment = 'all' and as_of_at = ?
"""


@dataclass(frozen=True)
class Quarter:
    """A fiscal quarter that is forecast: its days, the blend's row, the other methods' by name, its target's row."""

    name: str
    horizon: str
    from_on: date
    until_on: date
    blend: dict
    others: dict[str, dict]
    target: dict | None

    @property
    def expected(self) -> Decimal | None:
        return self.blend["expected_amount"]

    @property
    def target_amount(self) -> Decimal | None:
        return self.target["target_amount"] if self.target else None

    @property
    def apart(self) -> Decimal | None:
        """Expected less target; null without one of them."""
        known = self.expected is not None and self.target_amount is not None
        return self.expected - self.target_amount if known else None


@dataclass(frozen=True)
class Change:
    """From an earlier forecast of a quarter to today's: parts whose changes sum to the whole, and its due pipeline's.

    restated: what is known today of that earlier forecast, if it was published and is told otherwise now.
    """

    before: dict
    now: dict
    moved: list[dict]
    due_before: Decimal
    due_now: Decimal
    restated: dict | None = None

    @property
    def parts(self) -> list[tuple[str, Decimal]]:
        return [(part, self.now[part] - self.before[part]) for part in PARTS]

    @property
    def amount(self) -> Decimal:
        return self.now["expected_amount"] - self.before["expected_amount"]


@dataclass(frozen=True)
class Finished:
    """The last quarter that is over: what came, its first forecast within it, its target, why it missed."""

    name: str
    actual: Decimal
    first: dict | None
    course: list[dict]
    target: dict | None
    miss: list[dict]


@dataclass(frozen=True)
class Facts:
    """All that the report tells as of one instant; quarters is empty where nothing is forecast at all."""

    as_of_on: date
    basis: str
    quarters: list[Quarter]
    course: list[dict] = field(default_factory=list)
    change: Change | None = None
    risks: list[dict] = field(default_factory=list)
    finished: Finished | None = None
    record: dict[tuple[str, str], dict] = field(default_factory=dict)
    judged: list[str] = field(default_factory=list)

    @property
    def this(self) -> Quarter | None:
        return next((quarter for quarter in self.quarters if quarter.horizon == THIS), None)

    @property
    def shown_risks(self) -> list[dict]:
        return self.risks[:RISKS_SHOWN]

    def without(self, risks: list[dict]) -> Decimal | None:
        """What this quarter would be expected to bring if none of these deals closed in it."""
        return None if self.this.expected is None else self.this.expected - resting(risks)


def resting(risks: list[dict]) -> Decimal:
    """What is expected of these deals; one that the forecast leaves out brings nothing to it."""
    return sum((risk["expected_amount"] or Decimal(0) for risk in risks), Decimal(0))


def read(published: Published) -> Facts:
    """The report's facts from what is published now."""
    as_of_on = published.as_of_on
    current = published.rows(_CURRENT, [THIS, NEXT])
    targets = {row["fiscal_quarter"]: row for row in published.rows("select * from metrics.target_attainment")}
    quarters = [found for horizon in (THIS, NEXT) if (found := _quarter(horizon, current, targets))]
    record = {(row["method"], row["horizon"]): row for row in published.rows(_RECORD)}
    known = {
        "finished": _finished(published, targets),
        "record": record,
        "judged": [row["fiscal_quarter"] for row in published.rows(_JUDGED)],
    }
    if not quarters or quarters[0].horizon != THIS:
        return Facts(as_of_on, _basis(current, targets), [], **known)
    this = quarters[0]
    return Facts(
        as_of_on,
        _basis(current, targets),
        quarters,
        course=published.rows(_COURSE, [this.name]),
        change=_change(published, this),
        risks=published.rows(_RISKS),
        **known,
    )


def quarter_days(as_of_on: date, quarter_week: int, ahead: int = 0) -> tuple[date, date]:
    """(first, last day) of the quarter that is in its so-manieth week on a day, or of one so many quarters later.

    The last week of a quarter (12) has all days that are left of it.
    """
    start = as_of_on - timedelta(days=7 * quarter_week)
    while start.day != 1:
        start -= timedelta(days=1)
    start = _months_later(start, 3 * ahead)
    return start, _months_later(start, 3) - timedelta(days=1)


def _months_later(start: date, months: int) -> date:
    month = start.year * 12 + start.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _quarter(horizon: str, current: list[dict], targets: dict) -> Quarter | None:
    rows = {row["method"]: row for row in current if row["horizon"] == horizon}
    if "blend" not in rows:
        return None
    blend = rows.pop("blend")
    days = quarter_days(blend["as_of_on"], blend["quarter_week"], ahead=int(horizon == NEXT))
    name = blend["fiscal_quarter"]
    return Quarter(name, horizon, *days, blend, rows, targets.get(name))


def _basis(current: list[dict], targets: dict) -> str:
    return next((row["revenue_basis"] for row in [*current, *targets.values()] if row["revenue_basis"]), "unknown")


def _change(published: Published, quarter: Quarter) -> Change | None:
    """Nothing where one of the two forecasts is not there."""
    newest, oldest = MONTH_BEFORE
    on = quarter.blend["as_of_on"]
    found = published.rows(_BEFORE, [quarter.name, on - timedelta(days=oldest), on - timedelta(days=newest)])
    if not found or quarter.expected is None:
        return None
    before, at, now = found[0], found[0]["as_of_at"], quarter.blend["as_of_at"]
    restated = published.rows(_RESTATED, [quarter.name, at]) if before["origin"] == "published" else []
    return Change(
        before,
        quarter.blend,
        published.rows(_MOVED, [quarter.name, at, now]),
        published.rows(_DUE, [quarter.name, at])[0]["amount"],
        published.rows(_DUE, [quarter.name, now])[0]["amount"],
        next((row for row in restated if row["status"] == "restated"), None),
    )


def _finished(published: Published, targets: dict) -> Finished | None:
    found = published.rows(_FINISHED)
    if not found:
        return None
    name = found[0]["fiscal_quarter"]
    course = published.rows(_COURSE, [name])
    first = next((row for row in course if row["horizon"] == THIS), None)
    return Finished(name, found[0]["actual_amount"], first, course, targets.get(name), published.rows(_MISS, [name]))
