"""The backtest's row of an origin is to the paisa what a run as of that instant publishes: it knows nothing later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from onefunnel import warehouse
from onefunnel.agreement import read_agreement
from onefunnel.backtest import MODELS
from onefunnel.config import read_sources
from tests import support
from tests.as_of import extracts
from tests.as_of.test_as_of import AGREEMENT, changed, lake

EXPORTED = [datetime(2024, 9, 2, tzinfo=UTC), datetime(2025, 7, 7, 3, 30, tzinfo=UTC)]
NOW = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
# the last instant before a week of the quarter begins: one between two exports, one after both
ORIGINS = ["2025-02-11T18:29:59.999999+00:00", "2025-11-11T18:29:59.999999+00:00"]
TOLD = """
    select horizon, fiscal_quarter, quarter_week, as_of_on, method, segment, expected_amount, low_amount, high_amount,
        closed_amount, weighted_pipeline_amount, new_deals_amount, past_pattern_amount, blend_weight, past_origins,
        interval_status, status
    from metrics.revenue_forecast
    where (expected_amount is not null or segment = 'all') and
"""


def other_sizes(export: extracts.Export, number: int) -> extracts.Export:
    """Leads and companies are told at another size and in another industry than in the export before."""
    for name in ("crm/leads.csv", "crm/companies.csv", "export_desk/leads.csv"):
        for row in export[name][number::3]:
            row["employee_count"] = str(40 * 6**number)
            row["industry"] = "Chemicals"
    for row in export["crm/deals.csv"][number::7]:
        row["lead_id"] = ""
    return export


@pytest.fixture(scope="module")
def home(small_exports, tmp_path_factory):
    """A lake of three exports, each with other deals, sizes and links than the one before."""
    made = [(at, extracts.really_made(at, extracts.read(small_exports))) for at in EXPORTED]
    made.append((NOW + timedelta(days=1), extracts.read(small_exports)))
    made = [(at, other_sizes(changed(export, n % 3), n)) for n, (at, export) in enumerate(made)]
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield lake(tmp_path_factory.mktemp("origins"), made, small_exports, monkeypatch)


def told(home, as_of: datetime, where: str) -> dict[tuple, tuple]:
    """(horizon, method, segment) -> the rest of the row, of a run as of an instant."""
    sources = read_sources(support.SAMPLE_SOURCES)
    warehouse.prepare(home, warehouse.RunFacts("r", as_of, NOW), sources, read_agreement(AGREEMENT))
    warehouse.build_only(home, sources, MODELS)
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        return [row for row in con.execute(f"{TOLD} {where} order by all").fetchall()]


def test_a_backtests_origin_is_what_a_run_as_of_it_publishes(home):
    origins = [datetime.fromisoformat(text) for text in ORIGINS]
    instants = ", ".join(f"'{at + timedelta(microseconds=1)}'" for at in origins)
    now = told(home, NOW, f"origin = 'backtest' and as_of_at in ({instants})")
    then = [row for at in origins for row in told(home, at, "is_current")]
    assert {row[:6] for row in now} == {row[:6] for row in then}
    differing = set(now) ^ set(then)
    assert not differing, sorted(differing, key=lambda row: tuple(map(str, row)))[:6]
    assert sum(row[4] == "blend" and row[-1] == "ok" for row in now) > 10
