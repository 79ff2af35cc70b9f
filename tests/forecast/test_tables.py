"""What stands between two builds: read from the candidate, written for dbt; what is missing is said by name."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pandas as pd
import pytest

from onefunnel.forecast.publish import COLUMNS
from onefunnel.forecast.rolling import METHODS
from onefunnel.forecast.scores import record
from onefunnel.forecast.write import DDL, write_tables
from tests.forecast.companies import START, company
from tests.forecast.test_scores import _rows

AS_OF = pd.Timestamp("2023-02-14T10:00:00Z")
EARLIER = pd.Timestamp("2022-11-08T03:30:00Z")


def candidate(states: pd.DataFrame, basis="bookings", known_from=START, frozen=(), as_of=AS_OF, invoices=None):
    """A database with what the models before would have left there."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; create schema run; create schema funnel")
    con.execute("create table run.context as select ? as as_of_at, 'Asia/Kolkata' as timezone, "
                "4 as fiscal_year_start_month, ? as revenue_basis", [as_of, basis])  # fmt: skip
    known = states[states["at"] <= as_of].rename(columns={"at": "state_at", "amount": "amount_paisa"})
    con.register("known", known.rename(columns={"category": "forecast_category"}))
    con.execute("create table funnel.int_forecast_states as select * from known")
    con.execute("create table funnel.int_forecast_invoices (invoice_id varchar, deal_id varchar, "
                "issued_at timestamptz, amount_paisa bigint)")  # fmt: skip
    if invoices:
        con.executemany("insert into funnel.int_forecast_invoices values (?, ?, ?, ?)", invoices)
    con.execute("create table funnel.int_forecast_sources as select 'crm' as ids_of, ? as known_from_at, "
                "? as categories_from_at, true as is_followed", [known_from, known_from])  # fmt: skip
    con.execute("create table funnel.int_frozen_forecasts (as_of_at timestamptz)")
    for at in frozen:
        con.execute("insert into funnel.int_frozen_forecasts values (?)", [at])
    write_tables(con)
    return con


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return company(5, "steady", deals=40)


def statuses(con, where: str = "true") -> set:
    sql = f"select distinct method, status from forecast.forecasts where origin = 'published' and {where}"
    return set(con.execute(sql).fetchall())


def test_the_tables_hold_what_is_told_and_nothing_twice(states):
    con = candidate(states)
    assert {
        name
        for (name,) in con.execute("select table_name from duckdb_tables() where schema_name = 'forecast'").fetchall()
    } == set(DDL)
    total, keys = con.execute(
        "select count(*), count(distinct (origin, as_of_on, horizon, method, segment)) from forecast.forecasts"
    ).fetchone()
    assert total == keys > 1000
    assert statuses(con) - {("sales_commit", "nothing committed yet")} == {(method, "ok") for method in METHODS}
    assert con.execute("select count(*) from forecast.errors where segment = 'all'").fetchone()[0] > 50
    wrong = con.execute(
        "select count(*) from forecast.forecasts where expected_paisa is not null and "
        "closed_paisa + weighted_pipeline_paisa + new_deals_paisa + past_pattern_paisa <> expected_paisa"
    ).fetchone()
    assert wrong == (0,)
    assert con.execute("select sum(is_best::int) from forecast.accuracy where week = 'all'").fetchone() == (3,)


def test_history_that_begins_later_is_not_learnt_from(states):
    con = candidate(states, known_from=pd.Timestamp("2022-06-01", tz="Asia/Kolkata"))
    first = con.execute("select min(as_of_on) from forecast.forecasts where origin = 'backtest'").fetchone()[0]
    assert first.isoformat() == "2022-07-01"
    assert ("blend", "not enough history") in statuses(con) and ("stage_weighted", "ok") in statuses(con)
    con = candidate(states, known_from=pd.Timestamp("2030-01-01", tz="UTC"))
    assert con.execute("select count(*) from forecast.forecasts where origin = 'backtest'").fetchone() == (0,)
    assert set(con.execute("select status, origins from forecast.accuracy").fetchall()) == {("not enough history", 0)}
    assert ("sales_commit", "ok") in statuses(con), "as of now sales says what it commits to"


def test_nothing_to_forecast_from_is_said_by_name(states):
    con = candidate(states.iloc[:0])
    assert statuses(con) == {(method, "unavailable: no deals") for method in METHODS}
    assert con.execute("select count(*) from forecast.contributions").fetchone() == (0,)
    con = candidate(states, basis="invoices")
    assert {status for _, status in statuses(con)} == {"unavailable: no invoices"}
    assert set(con.execute("select status from forecast.accuracy").fetchall()) == {("unavailable: no invoices",)}
    con = candidate(states.assign(category=None))
    assert ("sales_commit", "unavailable: no forecast category") in statuses(con)


def test_an_invoice_of_a_segment_without_deals_counts(states):
    billed = [("I1", None, datetime(2023, 1, 10, tzinfo=UTC), 12345)]
    con = candidate(states, basis="invoices", invoices=billed)
    found = con.execute(
        "select segment, closed_paisa from forecast.forecasts where origin = 'published' and method = 'stage_weighted' "
        "and horizon = 'this quarter' and segment in ('all', 'unknown') order by 1"
    ).fetchall()
    assert found == [("all", 12345), ("unknown", 12345)]


def test_what_was_published_is_said_again_from_the_same_history_and_differs_from_another(states):
    then = candidate(states, as_of=EARLIER)
    again = candidate(states, frozen=[EARLIER])
    sql = (
        "select horizon, method, segment, expected_paisa, low_paisa, closed_paisa, status from forecast.forecasts "
        "where origin = '{}' order by all"
    )
    published, restated = (
        con.execute(sql.format(origin)).fetchall() for con, origin in ((then, "published"), (again, "restated"))
    )
    assert published == restated and len(restated) > 50
    late = states.copy()
    late.loc[late["status"] == "won", "amount"] += 100
    other = candidate(late, frozen=[EARLIER]).execute(sql.format("restated")).fetchall()
    assert other != published and [row[:3] for row in other] == [row[:3] for row in published]
    (over,) = again.execute(
        "select count(actual_paisa) from forecast.forecasts where origin = 'restated' and horizon = 'this quarter'"
    ).fetchone()
    assert over > 0, "its quarter is over by now"


def test_who_was_best_is_who_missed_least_on_the_same_forecasts():
    came = [100, 100, 200, 50]
    blend = _rows("blend", [90, 130, 100, 50], came, [80, 110, 90, 40], [110, 150, 210, 60])
    naive = _rows("last_quarter", [100, 100, 120, 50], came, [50, 50, 50, 50], [99, 150, 250, 50])
    once = _rows("sales_commit", [100], [100], [None], [None])
    none = _rows("average_four", [None] * 4, came, [None] * 4, [None] * 4, "not enough history")
    told = record(pd.concat([none, once, naive, blend])).set_index(["method", "week"])
    assert told.loc[("last_quarter", "all"), ["wape", "is_best", "ratio_to_naive"]].tolist() == [80 / 450, True, 1]
    sums = ["actual", "error", "absolute_error", "interval_origins", "inside"]
    assert told.loc[("blend", "4"), sums].tolist() == [450, -80, 140, 4, 3]
    assert told.loc[("blend", "4"), ["coverage_80", "width"]].isna().all(), "of four intervals"
    assert set(told["status"]) == {"ok", "short history", "not enough history"}
    assert told.loc[("blend", "4"), ["is_best", "best_naive"]].tolist() == [False, "last_quarter"]
    assert told.loc[("blend", "4"), "ratio_to_naive"] == pytest.approx(140 / 80)
    assert told.loc[("sales_commit", "all"), ["wape", "origins", "is_best"]].tolist() == [0, 1, False], "on one of four"
    assert told.loc[("average_four", "all"), ["status", "origins"]].tolist() == ["not enough history", 0]
    few = record(pd.concat([rows[rows["quarter"] < 3] for rows in (naive, blend)]))
    assert not few["is_best"].any() and set(few["status"]) == {"short history"}, "three quarters tell nobody"
    assert set(few["best_naive"]) == {"last_quarter"}
    assert set(COLUMNS) >= {"expected_amount", "actual_amount"}
