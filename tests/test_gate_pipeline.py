"""The gate's frames of the pipeline, on a few rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import pytest

from expectations import pipeline as suites
from onefunnel.gate import pipeline
from onefunnel.gate.checks import Checker
from onefunnel.gate.movements import Entry, Replayed, Span

CELL = ("Fairs", "FY26-Q1")
WEEK, LAST = date(2025, 4, 7), date(2025, 4, 13)
NOON = 1_744_000_000_000_000  # a Monday's, in microseconds


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; create schema metrics")
        amounts = ", ".join(
            f"{name}_amount decimal(18, 2) default 0" for name in ("opening", *pipeline.PARTS, "closing")
        )
        con.execute(
            f"create table metrics.pipeline_waterfall_weekly (week_start_on date, source varchar, "
            f"due_fiscal_quarter varchar, {amounts})"
        )
        con.execute(
            "create table metrics.pipeline_movements (deal_id varchar, moved_at timestamptz, week_start_on date, "
            "source varchar, due_fiscal_quarter varchar, movement varchar, movement_amount decimal(18, 2))"
        )
        con.execute(
            "create table metrics.pipeline_daily (day_on date, deal_id varchar, source varchar, "
            "due_fiscal_quarter varchar, deal_amount decimal(18, 2))"
        )
        yield con


def replayed(*entries: Entry, spans: dict | None = None) -> Replayed:
    past = SimpleNamespace(last_day=LAST, day_of=lambda at: WEEK)
    return Replayed(past, list(entries), spans or {}, {})


def won(con, amount: str) -> None:
    """A deal that was created and won in the week, as it is published."""
    for movement, sign in (("created", 1), ("won", -1)):
        con.execute(
            "insert into metrics.pipeline_movements values ('d', make_timestamptz(?), ?, ?, ?, ?, ?)",
            [NOON, WEEK, *CELL, movement, sign * Decimal(amount)],
        )
    con.execute(
        "insert into metrics.pipeline_waterfall_weekly (week_start_on, source, due_fiscal_quarter, created_amount, "
        "won_amount) values (?, ?, ?, ?, ?)",
        [WEEK, *CELL, Decimal(amount), Decimal(amount)],
    )


def told(frame, suite) -> dict[str, tuple[bool, bool]]:
    """Rule -> (passed, stops) of those that do not pass."""
    return {o.rule: (o.passed, o.stops) for o in Checker().check(frame, suite) if not o.passed}


def test_an_outflow_below_zero_warns_where_the_deal_itself_is_below_zero_and_stops_elsewhere(con):
    won(con, "-40.00")
    moves = [Entry("d", NOON, "created", *CELL, Decimal(-40)), Entry("d", NOON, "won", *CELL, Decimal(40))]
    frame = pipeline.weeks_frame(con, replayed(*moves))
    assert told(frame, suites.weeks_suite()) == {"no_outflow_is_of_a_negative_amount": (False, False)}
    otherwise = pipeline.weeks_frame(con, replayed())
    assert told(otherwise, suites.weeks_suite())["no_outflow_is_negative"] == (False, True)


def test_what_is_published_of_a_deal_reads_as_what_the_gate_tells_of_it(con):
    won(con, "7.50")
    moves = [Entry("d", NOON, "created", *CELL, Decimal("7.5")), Entry("d", NOON, "won", *CELL, Decimal("-7.5"))]
    assert told(pipeline.deals_frame(con, replayed(*moves)), suites.deals_suite()) == {}
    assert told(pipeline.weeks_frame(con, replayed(*moves)), suites.weeks_suite()) == {}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, 2, 3, 5, 6], "2025-04-01 to 2025-04-03; 2025-04-05 to 2025-04-06"),
        ([1, 2, 3], "2025-04-01 to 2025-04-03"),
        ([1, 1, 3], "2025-04-01 to 2025-04-01; 2025-04-01 to 2025-04-03"),
        ([1, 2, 2, 4, 5, 5, 7], None),
    ],
)
def test_the_days_of_a_deal_are_spans_and_a_day_told_twice_hides_no_gap(con, days, expected):
    for day in days:
        con.execute("insert into metrics.pipeline_daily values (?, 'd', 'Fairs', 'none', 2)", [date(2025, 4, day)])
    spans = [Span(date(2025, 4, 1), date(2025, 4, days[-1]), Decimal(2))]
    frame = pipeline.deals_frame(con, replayed(spans={"d": spans}))
    assert expected in (None, frame["days"][0])
    is_whole = days == list(range(1, days[-1] + 1))
    assert ("deals_are_open_on_each_day_between_and_on_no_other" in told(frame, suites.deals_suite())) is not is_whole
