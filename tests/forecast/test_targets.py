"""The targets' SQL against the same words in plain Python, on companies made up at random."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import support
from tests.forecast.targets import Deal, Sale, World, after, attained, midnight, world

MODELS = ["int_revenue_targets", "int_target_quarters", "int_target_pace", "int_target_coverage", "target_attainment"]
INPUTS = {
    "run.context": "as_of_at timestamptz, timezone varchar, fiscal_year_start_month integer, revenue_basis varchar",
    "run.delivered": "entity varchar",
    "agreement.revenue_targets": "fiscal_quarter varchar, target_amount decimal(18, 2)",
    "funnel.int_last_day": "last_on date",
    "funnel.int_revenue": "basis varchar, deal_id varchar, earned_on date, revenue_amount decimal(18, 2), "
    "is_agreed_basis boolean",
    "funnel.int_pipeline_states": "deal_id varchar, until_at timestamptz, status varchar, "
    "deal_amount decimal(18, 2), expected_close_on date",
    "funnel.int_forecast_states": "deal_id varchar, state_at timestamptz, status varchar, amount_paisa bigint, "
    "expected_close_on date, is_followed boolean",
    "funnel.int_forecast_sources": "known_from_at timestamptz",
    "metrics.shared_metrics": "metric varchar, period_kind varchar, period_start_on date, dimension varchar, "
    "value double",
}


@pytest.fixture(scope="module")
def sql(tmp_path_factory) -> dict[str, str]:
    """Model -> its SQL for a database called memory."""
    folder, project = tmp_path_factory.mktemp("dbt"), str(support.CHECKOUT / "dbt_project")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "compile", "--project-dir", project, "--profiles-dir", project]
        + ["--target-path", str(folder), "--log-path", str(folder), "--select", *MODELS],
        env=support.environment(ONEFUNNEL_CANDIDATE=str(folder / "memory.duckdb"), ONEFUNNEL_KINDS="csv_folder"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    found = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "compiled").rglob("*.sql")}
    return {model: found[model] for model in MODELS}


def built(sql: dict[str, str], company: World) -> list[dict]:
    """The rows of target_attainment."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; set threads = 1")
    for schema in ("run", "agreement", "funnel", "metrics"):
        con.execute(f"create schema {schema}")
    for table, columns in INPUTS.items():
        con.execute(f"create table {table} ({columns})")
    for table, rows in _rows(company).items():
        if rows:
            con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    for model in MODELS[:-1]:
        con.execute(f"create table funnel.{model} as {sql[model]}")
    found = con.execute(sql[MODELS[-1]])
    return [dict(zip([column[0] for column in found.description], row)) for row in found.fetchall()]


def _rows(company: World) -> dict[str, list[tuple]]:
    names = {
        start: f"FY{(start.year + (start.month > 3)) % 100:02d}-Q{(start.month - 4) % 12 // 3 + 1}"
        for start in company.targets
    }
    states = [(deal, *state) for deal in company.deals for state in deal.states]
    return {
        "run.context": [(None, "Asia/Kolkata", 4, company.basis)],
        "run.delivered": [(entity,) for entity in company.delivered],
        "agreement.revenue_targets": [(names[start], target) for start, target in company.targets.items()],
        "funnel.int_last_day": [(company.last_on,)],
        "funnel.int_revenue": [(s.basis, s.deal, s.on, s.amount, s.basis == company.basis) for s in company.sales],
        "funnel.int_pipeline_states": [
            (deal.deal_id, None, status, amount, due)
            for deal in company.deals
            for _, status, amount, due in deal.states[-1:]
        ],
        "funnel.int_forecast_states": [
            (deal.deal_id, at, status, int(amount * 100), due, deal.is_followed)
            for deal, at, status, amount, due in states
        ],
        "funnel.int_forecast_sources": [(company.known_from,)],
        "metrics.shared_metrics": [
            ("pipeline_coverage_needed", "fiscal_quarter", start, "total", value)
            for start, value in company.needed.items()
        ],
    }


@settings(max_examples=60, deadline=None)
@example(1)
@given(st.integers(0, 10**9))
def test_the_sql_and_the_words_agree_in_every_quarter(sql, seed):
    company = world(seed)
    rows, expected = {row["starts_on"]: row for row in built(sql, company)}, attained(company)
    assert rows.keys() == expected.keys()
    for starts_on, told in expected.items():
        assert _plain(rows[starts_on], told) == _plain(told, told), starts_on


def _plain(row: dict, names) -> dict:
    """Doubles to twelve digits; all else as it is."""
    return {name: f"{row[name]:.12g}" if isinstance(row[name], float) else row[name] for name in names}


def test_a_running_quarter_is_held_against_the_same_day_of_others(sql):
    seeds = [seed for seed in range(400) if any(row["status"] == "ok" for row in attained(world(seed)).values())]
    assert len(seeds) > 40, "random companies have running quarters with a pace"
    row = next(row for row in built(sql, world(seeds[0])) if row["status"] == "ok")
    assert row["ahead_amount"] == row["revenue_amount"] - row["expected_by_now_amount"]
    assert row["position"] == {1: "ahead", -1: "behind", 0: "on pace"}[_sign(row["ahead_amount"])]
    share = Decimal(row["pace_share"])
    assert abs(row["expected_by_now_amount"] - row["target_amount"] * share) < Decimal("0.01")


def _sign(amount: Decimal) -> int:
    return (amount > 0) - (amount < 0)


def test_what_stands_there_in_the_middle_of_a_quarter(sql):
    """Four past quarters had 40 % of their revenue by the 45th day; this one has 90 of its 200 by then."""
    past = [date(2022, 7, 1), date(2022, 10, 1), date(2023, 1, 1), date(2023, 4, 1)]
    came = [
        (date(2022, 4, 10), 70),
        *((start, 40) for start in past),
        *((after(start) - timedelta(9), 60) for start in past),
    ]
    sales = [Sale("bookings", day, Decimal(amount), "d") for day, amount in [*came, (date(2023, 8, 14), 90)]]
    sales += [
        Sale("invoices", date(2023, 7, 5), Decimal(30), None),
        Sale("invoices", date(2023, 7, 6), Decimal(20), "d"),
    ]
    due = Deal("open", True, [(midnight(date(2023, 7, 2)), "open", Decimal(330), date(2023, 9, 30))])
    running, known = date(2023, 7, 1), midnight(date(2022, 4, 1))
    company = World(
        "bookings",
        date(2023, 8, 14),
        ["deals", "invoices"],
        known,
        {running: Decimal(200)},
        sales,
        [due],
        {running: 2.5},
    )
    (row,) = built(sql, company)
    shown = {
        "status": "ok", "day_of_quarter": 45, "revenue_amount": 90, "pace_quarters": 4, "pace_share": 0.4,
        "expected_by_now_amount": 80, "ahead_amount": 10, "position": "ahead", "remaining_amount": 110,
        "due_amount": 330, "coverage": 3.0, "needed_coverage": 2.5, "other_basis_amount": 50,
        "invoiced_without_deal_amount": 30,
    }  # fmt: skip
    assert {name: row[name] for name in shown} == shown


def test_a_quarter_in_which_revenue_begins_is_neither_met_nor_missed_and_one_that_is_over_is_not_behind(sql):
    sales = [
        Sale("bookings", date(2022, month, 10), Decimal(amount), "d") for month, amount in ((5, 1), (8, 50), (11, 49))
    ]
    targets = {date(2022, month, 1): Decimal(50) for month in (4, 7, 10)} | {date(2023, 1, 1): Decimal(50)}
    company = World("bookings", date(2023, 2, 14), ["deals"], midnight(date(2022, 4, 1)), targets, sales, [], {})
    rows = sorted(built(sql, company), key=lambda row: row["starts_on"])
    assert [(row["status"], row["position"], row["ahead_amount"]) for row in rows] == [
        ("short history", None, None), ("final", "met", 0), ("final", "missed", -1), ("short history", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "said", "instead"),
    [
        ("int_target_pace", "q.is_over and q.is_whole", "q.is_over"),
        ("int_target_pace", "2 * place >= quarters", "place >= quarters"),
        ("int_target_pace", "v.is_agreed_basis and", "true and"),
        ("int_target_quarters", "f.first_on < q.starts_on", "f.first_on <= q.starts_on"),
        ("int_target_quarters", "deal_id is null then", "true then"),
        ("int_target_coverage", "where is_followed", "where true"),
        ("int_target_coverage", "s.status = 'won'", "s.status <> 'lost'"),
        ("int_target_coverage", "s.state_at < d.ended_at", "s.state_at <= d.ended_at"),
        ("int_target_coverage", "l.seen_at >= s.known_from_at", "true"),
        ("target_attainment", "p.pace_quarters >= 4", "p.pace_quarters >= 3"),
        ("target_attainment", "or is_cut then null", "then null"),
        ("target_attainment", "case when not is_cut then known_amount", "case when true then known_amount"),
        ("target_attainment", "known_amount >= target_amount", "known_amount > target_amount"),
    ],
)
def test_a_mistake_in_the_sql_does_not_go_unseen(sql, model, said, instead):
    assert sql[model].count(said) == 1
    wrong = {**sql, model: sql[model].replace(said, instead)}
    for seed in range(400):
        company = world(seed)
        rows = {row["starts_on"]: row for row in built(wrong, company)}
        for starts_on, told in attained(company).items():
            if _plain(rows[starts_on], told) != _plain(told, told):
                return
    raise AssertionError(f"{instead} in {model} goes unseen")
