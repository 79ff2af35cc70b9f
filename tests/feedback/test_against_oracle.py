"""The weekly logs of the small sample company beside what plain Python makes of its records."""

from __future__ import annotations

import math

import duckdb
import pytest

from tests.feedback import oracle

TABLES = {
    "objections_weekly": ["week_start_on", "category"],
    "loss_reasons_weekly": ["week_start_on", "loss_reason"],
    "competitors": ["period_kind", "period_start_on", "competitor"],
}


@pytest.fixture(scope="module")
def company(small_run):
    with duckdb.connect(str(small_run[0] / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        yield oracle.Company(con)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_what_the_records_say(company, table):
    key = TABLES[table]
    wanted = {tuple(row[name] for name in key): row for row in getattr(oracle, table)(company)}
    columns = list(next(iter(wanted.values())))
    listed = ", ".join(f'"{name}"' for name in columns)
    rows = company.rows(f"select {listed} from metrics.{table}")
    found = {tuple(row[name] for name in key): row for row in rows}
    assert len(rows) == len(found) and set(found) == set(wanted) and len(found) > 5
    for at, row in wanted.items():
        differ = {name: (found[at][name], row[name]) for name in columns if not same(found[at][name], row[name])}
        assert not differ, (at, differ)


def same(found, wanted) -> bool:
    """Doubles within what their order of sums leaves open, everything else exactly."""
    if isinstance(wanted, float) and isinstance(found, float):
        return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)
    return found == wanted


def test_the_sample_tries_what_is_hard(company):
    """Without these the comparison would prove little."""
    raised = company.objections()
    assert {item["id"].split(":")[0] for item in raised} >= {"activity", "deal", "crm"}
    assert any(item["answered_at"] for item in raised) and any(item["surprised"] for item in raised)
    assert any(len(item["deals"]) > 1 for item in raised) or any(not item["deals"] for item in raised)
