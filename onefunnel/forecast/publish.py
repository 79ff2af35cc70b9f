"""What others read: the forecasts of an instant with each deal's part, and the backtest of all weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.forecast.closings import Bookings, Invoices
from onefunnel.forecast.commit import commit_statuses
from onefunnel.forecast.facts import HORIZONS, Reader
from onefunnel.forecast.history import History
from onefunnel.forecast.interval import ORIGINS_NEEDED
from onefunnel.forecast.quarters import Quarters
from onefunnel.forecast.rolling import METHODS, NOT_ENOUGH, PARTS, Origin, roll, told_before

WEEKS = range(13)
ALL = "all"
COLUMNS = [
    *("as_of_on", "fiscal_quarter", "quarter", "horizon", "week", "method", "segment"),
    *("expected_amount", "low_amount", "high_amount", *(f"{part}_amount" for part in PARTS)),
    *("actual_amount", "blend_weight", "origins", "interval_status", "status"),
]
ERRORS = [
    *("horizon", "fiscal_quarter", "method", "segment", "past_fiscal_quarter", "at"),
    *("expected_amount", "actual_amount", "relative_error"),
]


def forecast(
    history: History, quarters: Quarters, as_of: int, invoices: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(forecasts, contributions) of this and the next quarter and the next 90 days, known at `as_of`.

    forecasts: one row per horizon, method and segment (`all` first). contributions: one row per horizon and open deal,
    whose expected_amount add up to the blend's weighted_pipeline_amount. With `invoices` revenue is what was invoiced.
    """
    at = as_of + 1
    reader, offset, now = _reader(history, quarters, invoices), quarters.since_start(at), quarters.holding(at)
    first = _first_quarter(history, quarters)
    rows, deals = [], []
    for horizon in HORIZONS:
        last = roll(reader, offset, horizon, range(min(first, now), now + 1), at)[-1]
        rows += _rows(reader, last, horizon, _week(offset))
        deals.append(_contributions(reader, last, horizon))
    return _typed(rows).drop(columns="actual_amount"), pd.concat(deals, ignore_index=True)


def past_errors(history: History, quarters: Quarters, as_of: int, invoices: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each method expected at the same point of past quarters, and what came: on that the intervals rest.

    One row per horizon, method, segment (`all` first) and past origin, whose instant is `at`; amounts in paisa.
    relative_error: (actual - expected) / expected, None where nothing was expected.
    """
    at = as_of + 1
    reader, offset, now = _reader(history, quarters, invoices), quarters.since_start(at), quarters.holding(at)
    first, rows = _first_quarter(history, quarters), []
    for horizon in HORIZONS:
        rolled = roll(reader, offset, horizon, range(min(first, now), now + 1), at)
        rows += [row for method in METHODS for row in _errors(reader, rolled, horizon, method)]
    return pd.DataFrame(rows, columns=ERRORS)


def _errors(reader: Reader, rolled: list[Origin], horizon: str, method: str) -> list[dict]:
    last = rolled[-1]
    told, expected, actual = told_before(method, [rolled[i] for i in last.past])
    expected, actual = (np.column_stack([some.sum(axis=1), some]).astype("int64") for some in (expected, actual))
    return [
        {
            "horizon": horizon,
            "fiscal_quarter": _fiscal_quarter(reader.quarters, last, horizon),
            "method": method,
            "segment": name,
            "past_fiscal_quarter": _fiscal_quarter(reader.quarters, before, horizon),
            "at": before.facts.at,
            "expected_amount": int(expected[n, i]),
            "actual_amount": int(actual[n, i]),
            "relative_error": (actual[n, i] - expected[n, i]) / expected[n, i] if expected[n, i] > 0 else None,
        }
        for n, before in enumerate(told)
        for i, name in enumerate([ALL, *reader.history.segments])
    ]


def restated(
    history: History, quarters: Quarters, origins: list[int], as_of: int, invoices: pd.DataFrame | None = None
) -> pd.DataFrame:
    """What would be forecast as of each of these past instants by what is known of their time today, beside what came.

    The same rows as `forecast` with `at`, the instant, and actual_amount where the window is over by `as_of`.
    """
    reader, rows = _reader(history, quarters, invoices), []
    first = _first_quarter(history, quarters)
    for origin in origins:
        at = origin + 1
        offset, number = quarters.since_start(at), quarters.holding(at)
        for horizon in HORIZONS:
            last = roll(reader, offset, horizon, range(min(first, number), number + 1), as_of + 1)[-1]
            rows += [row | {"at": origin} for row in _rows(reader, last, horizon, _week(offset))]
    return _typed(rows).assign(at=pd.Series([row["at"] for row in rows], dtype="int64"))


def backtest(
    history: History,
    quarters: Quarters,
    as_of: int,
    invoices: pd.DataFrame | None = None,
    *,
    weeks=WEEKS,
    horizons=HORIZONS,
) -> pd.DataFrame:
    """What would have been forecast at the start of every week of every quarter, beside what came by `as_of`.

    What would begin at `as_of` itself is what `forecast` says; where a method could not say, its total says why.
    """
    at = as_of + 1
    reader, rows = _reader(history, quarters, invoices), []
    span = range(_first_quarter(history, quarters), quarters.holding(at) + 1)
    for week in weeks:
        for horizon in horizons:
            for origin in roll(reader, pd.Timedelta(days=7 * week), horizon, span, at):
                if origin.facts.at < as_of:
                    told = _rows(reader, origin, horizon, week)
                    rows += [row for row in told if row["segment"] == ALL or row["expected_amount"] is not None]
    return _typed(rows)


def _reader(history: History, quarters: Quarters, invoices: pd.DataFrame | None) -> Reader:
    return Reader(history, quarters, Bookings(history) if invoices is None else Invoices(history, invoices))


def _first_quarter(history: History, quarters: Quarters) -> int:
    """The first quarter of which the stream tells everything."""
    holding = quarters.holding(history.since)
    return holding + (quarters.start(holding) < history.since)


def _week(offset: pd.Timedelta) -> int:
    return min(offset.days // 7, WEEKS[-1])


def _fiscal_quarter(quarters: Quarters, origin: Origin, horizon: str) -> str:
    return horizon if horizon == HORIZONS[2] else quarters.name(origin.facts.quarter + HORIZONS.index(horizon))


def _rows(reader: Reader, origin: Origin, horizon: str, week: int) -> list[dict]:
    """One row per method and segment, the total first."""
    head = {
        "as_of_on": reader.quarters.local(origin.facts.at).date(),
        "fiscal_quarter": _fiscal_quarter(reader.quarters, origin, horizon),
        "quarter": origin.facts.quarter,
        "horizon": horizon,
        "week": week,
    }
    names, actual = [ALL, *reader.history.segments], origin.actual()
    came = [None] * len(names) if actual is None else [int(actual.sum()), *(int(value) for value in actual)]
    rows = []
    for method in METHODS:
        amounts, statuses = _amounts(origin, method, len(names)), _statuses(reader, origin, method, len(names))
        rows += [
            {**head, "method": method, "segment": name, **amounts[i], "actual_amount": came[i], "status": statuses[i]}
            for i, name in enumerate(names)
        ]
    return rows


def _says(origin: Origin, method: str) -> bool:
    return method in origin.whole and (method != METHODS[0] or origin.origins[method] >= ORIGINS_NEEDED)


def _statuses(reader: Reader, origin: Origin, method: str, names: int) -> list[str]:
    """`ok`, what an amount leaves out, or why there is none: of each name."""
    if method == "sales_commit":
        return commit_statuses(reader.history, origin.facts)
    return ["ok" if _says(origin, method) else NOT_ENOUGH] * names


def _amounts(origin: Origin, method: str, names: int) -> list[dict]:
    """The amounts of each name; without a forecast there is none."""
    origins = origin.origins.get(method, 0)
    if not _says(origin, method):
        return [{"expected_amount": None, "origins": origins}] * names
    whole = origin.whole[method]
    columns = np.column_stack([whole.sum(axis=1), whole])
    told = []
    for i in range(names):
        parts = {f"{part}_amount": int(columns[j, i]) for j, part in enumerate(PARTS)}
        told.append({**_bounded(sum(parts.values()), origin.low[method][i], origin.high[method][i]), **parts})
        told[-1] |= {"origins": origins, "interval_status": origin.interval_status[method][i]}
    if method == "blend":
        told = [{**amounts, "blend_weight": origin.weight} for amounts in told]
    return told


def _bounded(expected: int, low: float, high: float) -> dict[str, int | None]:
    """Whole paisa, the expected amount from low to high; without an interval both are None."""
    if np.isnan(low):
        return {"expected_amount": expected, "low_amount": None, "high_amount": None}
    ends = min(expected, int(np.floor(low + 0.5))), max(expected, int(np.floor(high + 0.5)))
    return {"expected_amount": expected, "low_amount": ends[0], "high_amount": ends[1]}


def _contributions(reader: Reader, origin: Origin, horizon: str) -> pd.DataFrame:
    """Each open deal's part of the blend: amount x conversion_rate x blend_weight, in whole paisa."""
    history, row = reader.history, origin.facts.row
    shown = origin.origins.get("blend", 0) >= ORIGINS_NEEDED
    return pd.DataFrame(
        {
            "horizon": horizon,
            "fiscal_quarter": _fiscal_quarter(reader.quarters, origin, horizon),
            "deal_id": history.deals[history.deal[row]],
            "segment": history.segments[history.segment[row]],
            "stage_order": history.stages[history.stage[row]],
            "open_amount": np.floor(origin.facts.amount + 0.5).astype("int64"),
            "conversion_rate": origin.rate[origin.facts.cell],
            "blend_weight": origin.weight,
            "expected_amount": origin.deals,
        }
    ).iloc[: None if shown else 0]


def _typed(rows: list[dict]) -> pd.DataFrame:
    amounts = [name for name in COLUMNS if name.endswith("_amount")]
    return pd.DataFrame(rows, columns=COLUMNS).astype({**dict.fromkeys(amounts, "Int64"), "blend_weight": "float64"})
