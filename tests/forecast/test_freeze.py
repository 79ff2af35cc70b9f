"""What was published as forecast is kept as it was: the first of a week wins, and only a run as of now keeps it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from onefunnel import lake
from onefunnel.errors import Stop
from onefunnel.forecast.freeze import freeze
from onefunnel.home import Home
from onefunnel.sources import own

ROW = {
    "as_of_on": date(2026, 2, 10), "as_of_at": "2026-02-10 05:00:00.123456+00", "quarter_week": 5,
    "horizon": "this quarter", "fiscal_quarter": "FY26-Q4", "method": "blend", "segment": "all",
    "expected_amount": Decimal("10.05"), "low_amount": None, "high_amount": None, "closed_amount": Decimal("1.00"),
    "weighted_pipeline_amount": Decimal("9.05"), "new_deals_amount": Decimal("0.00"),
    "past_pattern_amount": Decimal("0.00"), "blend_weight": 0.1 + 0.2,
    "past_origins": 7, "revenue_basis": "bookings", "interval_status": "not enough history", "status": "ok",
    "is_current": True,
}  # fmt: skip


@pytest.fixture()
def home(tmp_path):
    return Home(tmp_path)


def publish(home: Home, run_id: str, *rows: dict) -> None:
    home.published.mkdir(parents=True, exist_ok=True)
    path = home.published / "onefunnel.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema metrics")
        con.execute("create table metrics.run_info as select ? as run_id", [run_id])
        con.execute(
            "create table metrics.revenue_forecast (as_of_on date, as_of_at timestamptz, quarter_week integer, "
            "horizon varchar, fiscal_quarter varchar, method varchar, segment varchar, expected_amount decimal(18, 2), "
            "low_amount decimal(18, 2), high_amount decimal(18, 2), closed_amount decimal(18, 2), "
            "weighted_pipeline_amount decimal(18, 2), new_deals_amount decimal(18, 2), "
            "past_pattern_amount decimal(18, 2), blend_weight double, past_origins integer, revenue_basis varchar, "
            "interval_status varchar, status varchar, is_current boolean)"
        )
        for row in rows:
            con.execute(f"insert into metrics.revenue_forecast values ({', '.join('?' * len(row))})", [*row.values()])


def kept(home: Home) -> list[dict]:
    files = lake.completed_files(home).get(own.NAME, {}).get("forecasts", [])
    with duckdb.connect() as con:
        found = con.execute(f"select * from ({lake.rows_of(con, files, own.FORECASTS)}) order by frozen_at, segment")
        return [dict(zip([column[0] for column in found.description], row)) for row in found.fetchall()]


def test_the_first_of_a_week_is_kept_as_it_was(home):
    publish(
        home,
        "r1",
        ROW,
        {**ROW, "segment": "past", "is_current": False},
        {**ROW, "method": "last_quarter", "expected_amount": None, "status": "not enough history"},
        {**ROW, "method": "sales_commit", "status": "nothing committed yet"},
    )
    assert freeze(home, "r1", True) == 2
    assert freeze(home, "r1", True) == 0, "a step that runs again keeps nothing twice"
    thursday = {
        **ROW,
        "as_of_on": date(2026, 2, 12),
        "as_of_at": "2026-02-12 05:00:00+00",
        "expected_amount": Decimal("99.00"),
    }
    publish(home, "r2", thursday, {**thursday, "segment": "new"})
    assert freeze(home, "r2", True) == 1, "a segment that nobody forecast on Tuesday"
    publish(home, "r3", {**thursday, "as_of_on": date(2026, 2, 16)})
    assert freeze(home, "r3", True) == 1, "Monday is another week"
    assert [row["status"] for row in kept(home) if row["method"] == "sales_commit"] == ["nothing committed yet"]
    told = [
        (row["week_start_on"], row["segment"], row["expected_amount"], row["run_id"])
        for row in kept(home)
        if row["method"] == "blend"
    ]
    assert told == [
        ("2026-02-09", "all", "10.05", "r1"),
        ("2026-02-09", "new", "99.00", "r2"),
        ("2026-02-16", "all", "99.00", "r3"),
    ]
    first = kept(home)[0]
    assert (first["as_of_at"], first["low_amount"]) == ("2026-02-10T05:00:00.123456+00:00", None)
    assert float(first["blend_weight"]) == ROW["blend_weight"]


def test_a_pinned_run_keeps_nothing_and_a_run_that_was_overtaken_says_so(home):
    publish(home, "r1", ROW)
    assert freeze(home, "r1", False) == 0 and kept(home) == []
    with pytest.raises(Stop) as caught:
        freeze(home, "r0", True)
    assert caught.value.rule == "one_run_at_a_time" and kept(home) == []
