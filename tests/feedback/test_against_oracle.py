"""The weekly logs of the small sample company beside what plain Python makes of its records."""

from __future__ import annotations

import math

import duckdb
import pytest

from tests.feedback import oracle

TABLES = {
    "objections": ["objection_id"],
    "objections_weekly": ["week_start_on", "category"],
    "objection_recurrence": ["category", "answered_at"],
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
    assert len(rows) == len(found) and set(found) == set(wanted) and len(found) > 2
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
    raised = company.told
    assert {item["id"].split(":")[0] for item in raised} >= {"activity", "deal", "crm"}
    assert any(item["answered_at"] for item in raised) and any(item["surprised"] for item in raised)
    assert any(len(item["deals"]) > 1 for item in raised) or any(not item["deals"] for item in raised)
    assert any(item["repeats"] for item in raised) and any(item["first"] for item in raised)
    assert any(item["category"] == "unmapped" and item["first"] for item in raised)
    assert {"activity", "deal"} <= {id_.split(":")[0] for id_ in company.shown}


def test_each_telling_counts_or_is_listed_as_a_repeat(company):
    told, counted = len(company.told), len(company.objections())
    listed = company.rows("select * from metrics.objections where repeats_objection_id is not null")
    assert told == counted + len(listed) and listed
    weeks = company.rows("select distinct week_start_on, week_objections from metrics.objections_weekly")
    assert sum(row["week_objections"] for row in weeks) == counted


def test_what_the_digest_shows_and_what_it_lost_is_what_the_records_say(company):
    """Of all three places; new kinds are marked in the log of the week as in the digest."""
    rows = oracle.objections(company)
    wanted = {row["objection_id"]: row["is_first_of_its_kind"] for row in rows if row["digest_status"] == "to show"}
    found = company.rows("select objection_id, is_first_of_its_kind from metrics.objection_digest")
    assert {row["objection_id"]: row["is_first_of_its_kind"] for row in found} == wanted
    new = sum(row["is_first_of_its_kind"] is True for row in rows)
    weeks = company.rows("select distinct week_start_on, week_new_kinds from metrics.objections_weekly")
    assert sum(row["week_new_kinds"] for row in weeks) == new > 8
