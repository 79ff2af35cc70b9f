"""What the weekly review says of fiscal quarters, told again: the forecast, and the shared metrics."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pandas as pd

from onefunnel.gate.review_figures import WEEK, Figure, sunday

DAY = timedelta(days=1)
FORECASTS = {"blend": "forecast", "sales_commit": "commit"}
DUE = """
    select week_start_on, due_fiscal_quarter, sum(closing_amount) from metrics.pipeline_waterfall_weekly group by all
"""


def quarters_again(con, weeks: list[date], settings):
    """Of the quarter that runs at each review and the next: what was forecast, beside target and pipeline."""
    first_month = settings.fiscal_year_start_month
    told, made, naive = _forecasts(con)
    targets = dict(con.execute("select starts_on, target_amount from metrics.target_attainment").fetchall())
    revenue = dict(_revenue(con))
    due = {tuple(key): amount for *key, amount in con.execute(DUE).fetchall()}
    last: dict = {}
    for week in weeks:
        origin, at, on = _chosen(made, week)
        now, running = {}, _start_of(on, first_month)
        for horizon, start in (("this quarter", running), ("next quarter", _later(running, 3))):
            name, cell = _name(start, first_month), told.get((origin, at, horizon), {})
            figures = {figure: cell.get(method) for method, figure in FORECASTS.items()}
            figures |= {"best_naive": cell.get(naive.get(horizon)), "closed": cell.get("closed")}
            figures |= {"target": targets.get(start), "open_pipeline": due.get((week, name), Decimal(0))}
            now |= {(name, figure): amount for figure, amount in figures.items()}
            for figure, amount in figures.items():
                target = targets.get(start) if figure in ("forecast", "closed") else None
                kind, dates = "fiscal_quarter", (start, _later(start, 3) - DAY)
                if figure == "open_pipeline":
                    kind, dates = "instant", (sunday(week), sunday(week))
                yield Figure(week, "quarter", figure, name, kind, amount, last.get((name, figure)), target, dates)
        over, last = _later(running, -3), now
        amounts, dates = (revenue.get(over), None, targets.get(over)), (over, running - DAY)
        yield Figure(
            week, "quarter", "previous_quarter", _name(over, first_month), "fiscal_quarter", *amounts, dates=dates
        )


def _forecasts(con) -> tuple[dict, list, dict]:
    """(origin, instant, horizon) -> method -> amount, and what had closed; when they were made; the best naive ones."""
    rows = con.execute(
        """select origin, as_of_at, as_of_on, horizon, method, expected_amount, closed_amount
        from metrics.revenue_forecast where segment = 'all'"""
    ).fetchall()
    told: dict = {}
    for origin, at, _, horizon, method, expected, closed in rows:
        cell = told.setdefault((origin, at, horizon), {})
        cell[method] = expected
        cell["closed"] = max((c for c in (closed, cell.get("closed")) if c is not None), default=None)
    made = sorted({(at, origin, on) for origin, at, on, *_ in rows})
    naive = con.execute(
        "select distinct horizon, best_naive_method from metrics.forecast_accuracy where quarter_week = 'all'"
    ).fetchall()
    return told, made, dict(naive)


def _chosen(made: list, week: date) -> tuple:
    """The first that was published in the week's following seven days, else the newest backtest by its Monday."""
    monday = week + WEEK
    published = [(o, at, on) for at, o, on in made if o == "published" and monday <= on < monday + WEEK]
    backtests = [(o, at, on) for at, o, on in made if o == "backtest" and week <= on <= monday]
    return published[0] if published else backtests[-1] if backtests else (None, None, monday)


def _revenue(con):
    rows = con.execute(
        """select period_start_on, value from metrics.shared_metrics
        where metric = 'revenue' and period_kind = 'fiscal_quarter' and dimension = 'total' and value is not null"""
    ).fetchall()
    return [(start, _money(value)) for start, value in rows]


def metrics_again(con, weeks: list[date], settings):
    """Each metric in the newest quarter that was over and final by the week's end, beside the quarter before."""
    quarters: dict = {}
    for metric, *row in con.execute(
        """select metric, unit, period_start_on, value, status from metrics.shared_metrics
        where period_kind = 'fiscal_quarter' and dimension = 'total' order by period_start_on"""
    ).fetchall():
        quarters.setdefault(metric, []).append(tuple(row))
    for week in weeks:
        for metric, rows in quarters.items():
            known = list(_known(metric, rows, week + WEEK, settings))
            number, was, dates, kind = None, None, (week, sunday(week)), "week"
            if known:
                _, start, number, was = max(known, key=lambda row: row[:2])
                dates, kind = (start, _later(start, 3) - DAY), "fiscal_quarter"
            number, was = (_money(n) if rows[0][0] == "amount" else n for n in (number, was))
            yield Figure(week, "metrics", metric, "(all)", kind, number, was, None, dates)


def _known(metric: str, rows: list[tuple], monday: date, settings):
    """Of each quarter that was over by then: whether it was final, its start, its value and the one before."""
    ripe = pd.Timedelta(days=settings.maturity_days)
    before = None
    for _, start, value, status in rows:
        end = _later(start, 3)
        if end <= monday:
            waited = _instant(monday, settings.timezone) - _instant(end, settings.timezone)
            is_ripe = metric != "lead_to_opportunity_rate" or waited >= ripe
            yield is_ripe and status == "final", start, value if is_ripe else None, before
        before = value


def _money(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(round(number, 6)))


@cache
def _instant(day: date, zone: str) -> pd.Timestamp:
    return pd.Timestamp(day).tz_localize(zone)


@cache
def _later(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def _start_of(day: date, first_month: int) -> date:
    return _later(day.replace(day=1), -((day.month - first_month) % 3))


def _name(start: date, first_month: int) -> str:
    """FY26-Q1: the year in which the fiscal year ends."""
    begins = _later(start, -((start.month - first_month) % 12))
    ends = _later(begins, 12) - DAY
    return f"FY{ends.year % 100:02d}-Q{((start.month - first_month) % 12) // 3 + 1}"
