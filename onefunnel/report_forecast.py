"""What is open, and what the quarters are expected to bring, in the words that end a run."""

from __future__ import annotations

from collections.abc import Callable

from onefunnel.progress import count

_OPEN = """
select count(*), sum(deal_amount), count(*) filter (where not has_history)
from metrics.pipeline_daily
where day_on = cast((select as_of_at - interval 1 microsecond from metrics.run_info)
        at time zone (select timezone from metrics.run_info) as date)
"""
# this quarter's and the next one's, with the record of the same week of past quarters and the quarter's target
_FORECASTS = """
select f.fiscal_quarter, f.expected_amount, f.low_amount, f.high_amount, f.status, t.target_amount,
    a.wape, a.quarters, a.best_naive_method, a.best_naive_wape
from metrics.revenue_forecast as f
left join metrics.forecast_accuracy as a
    on f.method = a.method and f.horizon = a.horizon and a.quarter_week = cast(f.quarter_week as varchar)
left join metrics.target_attainment as t on f.fiscal_quarter = t.fiscal_quarter
where f.is_current and f.method = 'blend' and f.segment = 'all' and f.horizon in ('this quarter', 'next quarter')
order by f.horizon desc
"""
_NAIVE = """
select method, expected_amount
from metrics.revenue_forecast
where is_current and segment = 'all' and horizon = 'this quarter' and expected_amount is not null
    and method in ('last_quarter', 'average_four', 'same_quarter_last_year')
order by method
"""


def pipeline(con, money: Callable) -> list[str]:
    """One line on what is open, and of how much of it nobody knows what it was before."""
    deals, amount, unknown = con.execute(_OPEN).fetchone()
    if not deals:
        return []
    noted = f"; {count(unknown)} of them without a history: as they are now on every earlier day" if unknown else ""
    return [f"  open pipeline: {money(amount)} in {count(deals)} deals{noted}"]


def forecasts(con, money: Callable) -> list[str]:
    """A line each for this quarter and the next: what is expected, the target, how far off it has been."""
    return [_forecast(con, money, *row) for row in con.execute(_FORECASTS).fetchall()]


def _forecast(con, money, quarter, expected, low, high, status, target, *record) -> str:
    aim = f"; target {money(target)}" if target is not None else ""
    if expected is None:
        naive = [f"{_words(method)} {money(amount)}" for method, amount in con.execute(_NAIVE).fetchall()]
        return f"  forecast of {quarter}: {status}{aim}" + (f"; naive: {', '.join(naive)}" if naive else "")
    span = f", 80 % from {money(low)} to {money(high)}" if low is not None else ""
    return f"  forecast of {quarter}: {money(expected)}{span}{aim}{_record(*record)}"


def _record(wape, quarters, naive, naive_wape) -> str:
    if wape is None:
        return ""
    beside = f" ({_words(naive)}, the best naive method: {100 * naive_wape:.0f} %)" if naive_wape is not None else ""
    past = "1 past quarter" if quarters == 1 else f"{count(quarters)} past quarters"
    return f"; at this point of {past} off by {100 * wape:.0f} %{beside}"


def _words(method: str) -> str:
    return method.replace("_", " ")
