"""The forecast's tables between two builds: read from the candidate what was known, write what follows from it."""

from __future__ import annotations

import pandas as pd

from onefunnel.forecast.facts import HORIZONS
from onefunnel.forecast.history import History
from onefunnel.forecast.publish import ALL, COLUMNS, backtest, forecast, past_errors, restated
from onefunnel.forecast.quarters import Quarters, instant
from onefunnel.forecast.rolling import METHODS
from onefunnel.forecast.scores import record

NO_DEALS, NO_INVOICES = "unavailable: no deals", "unavailable: no invoices"
AMOUNTS = [name for name in COLUMNS if name.endswith("_amount")]
# table -> its columns; an amount is whole paisa
DDL = {
    "forecasts": "origin varchar, as_of_at timestamptz, as_of_on date, week integer, horizon varchar, "
    "fiscal_quarter varchar, method varchar, segment varchar, "
    + "".join(f"{name.removesuffix('_amount')}_paisa bigint, " for name in AMOUNTS)
    + "blend_weight double, origins integer, interval_status varchar, status varchar",
    "errors": "horizon varchar, fiscal_quarter varchar, method varchar, segment varchar, past_fiscal_quarter varchar, "
    "origin_at timestamptz, expected_paisa bigint, actual_paisa bigint, relative_error double",
    "contributions": "horizon varchar, fiscal_quarter varchar, deal_id varchar, segment varchar, stage_order integer, "
    "open_paisa bigint, conversion_rate double, blend_weight double, expected_paisa bigint",
    "accuracy": "method varchar, horizon varchar, week varchar, origins bigint, quarters bigint, wape double, "
    "bias double, coverage_80 double, width double, interval_origins bigint, inside bigint, actual_paisa bigint, "
    "error_paisa bigint, absolute_error_paisa bigint, best_naive varchar, naive_wape double, ratio_to_naive double, "
    "is_best boolean, status varchar",
}
STATES = """
    select deal_id, state_at as at, status, stage_order, amount_paisa as amount, expected_close_on,
        forecast_category as category, segment
    from funnel.int_forecast_states order by deal_id, state_at
"""
INVOICES = """
    select deal_id, issued_at as at, amount_paisa as amount, 'unknown' as segment
    from funnel.int_forecast_invoices order by issued_at, invoice_id
"""
SPAN = """
    select min(known_from_at), max(categories_from_at) filter (where is_followed) from funnel.int_forecast_sources
"""


def write_tables(con) -> None:
    """Schema forecast holds forecasts, contributions and accuracy, from int_forecast_states, _invoices and _sources."""
    read = _read(con)
    tables = _nothing(con, read) if isinstance(read, str) else _tables(con, *read)
    con.execute("create schema if not exists forecast")
    for name, rows in tables.items():
        con.execute(f"create or replace table forecast.{name} ({DDL[name]})")
        columns = [part.split()[0] for part in DDL[name].split(", ")]
        con.register("rows_to_write", rows[columns])
        con.execute(f"insert into forecast.{name} select * from rows_to_write")
        con.unregister("rows_to_write")


def _context(con) -> tuple:
    """(as of in microseconds, quarters, revenue basis)."""
    as_of, zone, month, basis = con.execute(
        "select as_of_at, timezone, fiscal_year_start_month, revenue_basis from run.context"
    ).fetchone()
    return instant(as_of), Quarters(month, zone), basis


def _read(con) -> tuple[History, pd.DataFrame | None] | str:
    """(what was known of deals, the invoices where they are the revenue), or the status that says what is missing."""
    as_of, _, basis = _context(con)
    states, invoices = con.execute(STATES).df(), None
    if states.empty:
        return NO_DEALS
    if basis == "invoices":
        invoices = con.execute(INVOICES).df()
        if invoices.empty:
            return NO_INVOICES
    if states["category"].isna().all():
        states = states.drop(columns="category")
    since, commit_since = (instant(at) for at in con.execute(SPAN).fetchone())
    known = History(
        states.astype({"amount": "int64"}),
        since,
        # at AS_OF itself the categories are those of then, whatever is known of the time before
        min(commit_since, as_of),
        [] if invoices is None else invoices["segment"],
    )
    return known, invoices


def _tables(con, history: History, invoices: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    as_of, quarters, _ = _context(con)
    now, deals = forecast(history, quarters, as_of, invoices)
    past = backtest(history, quarters, as_of, invoices)
    frozen = restated(history, quarters, _frozen(con), as_of, invoices)
    return {
        "forecasts": pd.concat(
            [_dated(now, "published", pd.Timestamp(as_of, unit="us", tz="UTC")), _dated(past, "backtest", None)]
            + [_dated(some, "restated", pd.Timestamp(at, unit="us", tz="UTC")) for at, some in frozen.groupby("at")],
            ignore_index=True,
        ),
        "contributions": deals.rename(columns={"open_amount": "open_paisa", "expected_amount": "expected_paisa"}),
        "errors": _told_errors(past_errors(history, quarters, as_of, invoices)),
        "accuracy": _scored(past if len(past) else now.assign(actual_amount=pd.NA)),
    }


def _told_errors(rows: pd.DataFrame) -> pd.DataFrame:
    """What was expected before as the table holds it."""
    names = {"expected_amount": "expected_paisa", "actual_amount": "actual_paisa"}
    return rows.rename(columns=names).assign(origin_at=pd.to_datetime(rows["at"].astype("int64"), unit="us", utc=True))


def _frozen(con) -> list[int]:
    """The instants of the forecasts that were published before."""
    found = con.execute("select distinct as_of_at from funnel.int_frozen_forecasts order by 1").fetchall()
    return [instant(at) for (at,) in found]


def _dated(rows: pd.DataFrame, origin: str, at: pd.Timestamp | None) -> pd.DataFrame:
    """The rows as the table holds them; the instant of a backtest's origin is the start of its day."""
    names = {name: f"{name.removesuffix('_amount')}_paisa" for name in AMOUNTS}
    rows = rows.reindex(columns=COLUMNS).astype(dict.fromkeys(AMOUNTS, "Int64"))
    return rows.rename(columns=names).assign(origin=origin, as_of_at=at)


def _scored(backtested: pd.DataFrame) -> pd.DataFrame:
    """The record as the table holds it."""
    return record(backtested).rename(columns={name: f"{name}_paisa" for name in ("actual", "error", "absolute_error")})


def _nothing(con, status: str) -> dict[str, pd.DataFrame]:
    """What is told when there is nothing to forecast from: each method and horizon, and why it says nothing."""
    as_of, quarters, _ = _context(con)
    at = as_of + 1
    now, week = quarters.holding(at), min(quarters.since_start(at).days // 7, 12)
    names = [quarters.name(now), quarters.name(now + 1), HORIZONS[2]]
    rows = pd.DataFrame(
        [
            {"horizon": horizon, "fiscal_quarter": name, "method": method}
            for horizon, name in zip(HORIZONS, names)
            for method in METHODS
        ]
    ).assign(as_of_on=quarters.local(at).date(), quarter=now, week=week, segment=ALL, origins=0, status=status)
    rows = rows.assign(**dict.fromkeys(AMOUNTS, pd.NA), blend_weight=float("nan"))
    none = {
        name: pd.DataFrame(columns=[part.split()[0] for part in DDL[name].split(", ")])
        for name in ("contributions", "errors")
    }
    return none | {
        "forecasts": _dated(rows, "published", pd.Timestamp(as_of, unit="us", tz="UTC")),
        "accuracy": _scored(rows),
    }
