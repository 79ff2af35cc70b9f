"""The real Zoho export through the real DAG, against counts that independent code took from the CSVs."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests import support


@pytest.fixture(scope="module")
def zoho(zoho_run):
    home, output = zoho_run
    with support.published(home) as con:
        yield con, output


@pytest.fixture(scope="module")
def expected():
    return json.loads((support.CHECKOUT / "tests/expected/zoho_export.json").read_text(encoding="utf-8"))


def counts(con, sql: str) -> dict:
    return dict(con.execute(sql).fetchall())


def test_no_lead_qualifies_and_each_says_what_is_unknown(zoho, expected):
    con, _ = zoho
    reasons = counts(con, "select not_qualified_reasons, count(*) from metrics.leads group by 1")
    assert reasons == expected["leads_by_not_qualified_reasons"]
    assert sum(reasons.values()) == 3900
    assert con.execute("select count(*) from metrics.leads where is_qualified or mql_at is not null").fetchone()[0] == 0


def test_leads_by_source_and_week_and_channel_are_those_of_the_export(zoho, expected):
    con, _ = zoho
    assert counts(con, "select lead_source, count(*) from metrics.leads group by 1") == expected["leads_by_lead_source"]
    weekly = con.execute(
        "select strftime(week_start_on, '%Y-%m-%d'), channel, entered from metrics.funnel_weekly where stage = 'lead'"
    ).fetchall()
    ours: dict[str, dict[str, int]] = {}
    for week, channel, entered in weekly:
        ours.setdefault(week, {})[channel] = entered
    assert ours == expected["leads_by_created_week_and_channel"]
    assert counts(con, "select channel, count(*) from metrics.leads group by 1") == expected["leads_by_channel"]
    assert counts(con, "select lead_status, count(*) from metrics.leads group by 1") == expected["leads_by_status"]
    assert counts(con, "select industry, count(*) from metrics.leads group by 1") == expected["leads_by_industry"]


def test_deals_by_stage_status_and_amount_are_those_of_the_export(zoho, expected):
    con, _ = zoho
    assert counts(con, "select status, count(*) from metrics.deals group by 1") == expected["deals_by_our_status"]
    assert counts(con, "select stage, count(*) from metrics.deals group by 1") == expected["deals_by_our_stage"]
    by_source = counts(con, "select coalesce(lead_source, ''), count(*) from metrics.deals group by 1")
    assert by_source == expected["deals_by_lead_source"]
    amounts = counts(con, "select status, sum(deal_amount) from metrics.deals group by 1")
    assert amounts == {status: Decimal(amount) for status, amount in expected["deal_amount_by_our_status"].items()}
    won = counts(
        con,
        "select strftime(timezone('Asia/Kolkata', closed_at), '%Y-%m'), count(*) "
        "from metrics.deals where status = 'won' group by 1",
    )
    assert won == expected["won_deals_by_closing_month"]


def test_rows_in_are_rows_out_and_rows_listed_for_every_entity(zoho, expected):
    con, _ = zoho
    columns = "delivered_as, rows_in, rows_excluded, rows_after_as_of, rows_out"
    rows = con.execute(f"select {columns} from metrics.source_rows")
    balance = {entity: numbers for entity, *numbers in rows.fetchall()}
    assert {entity: numbers[0] for entity, numbers in balance.items()} == expected["rows"]
    for entity, (rows_in, excluded, after, out) in balance.items():
        assert rows_in == out + excluded + after, entity
    listed = con.execute("select count(*) from metrics.data_faults where action = 'excluded'").fetchone()[0]
    assert listed == sum(numbers[1] for numbers in balance.values())


def test_members_that_several_leads_share_a_name_with_are_listed_and_not_guessed(zoho, expected):
    con, _ = zoho
    faults = counts(con, "select fault, count(*) from metrics.data_faults group by 1")
    shared = expected["campaign_members_by_leads_of_that_name"]["several"]
    assert faults["lead_id: several leads bear this name"] == shared == 2180
    assert faults["opportunity dated before its lead"] == expected["deals_created_before_their_lead"]


def test_handovers_are_unavailable_by_name(zoho):
    con, output = zoho
    assert counts(con, "select handover_status, count(*) from metrics.leads group by 1") == {
        "unavailable: no handover time": 3900
    }
    assert con.execute("select count(*) from metrics.leads where routing is not null").fetchone()[0] == 0
    assert con.execute("select count(*) from metrics.to_hand_over").fetchone()[0] == 0
    cohorts = con.execute("select distinct status, rate from metrics.funnel_cohorts where stage = 'handed_over'")
    assert cohorts.fetchall() == [("unavailable: no handover time", None)]
    assert "handed over: unavailable: no handover time" in output


def test_no_name_of_a_person_is_published(zoho, zoho_folder):
    import csv

    con, _ = zoho
    with open(zoho_folder / "Potentials.csv", encoding="utf-8-sig", newline="") as handle:
        names = {row["Potential Name"].lower() for row in csv.DictReader(handle)}
    for table in support.tables(con):
        for (column,) in con.execute(
            "select column_name from duckdb_columns() where table_name = ? and data_type = 'VARCHAR'", [table]
        ).fetchall():
            values = {v for (v,) in con.execute(f'select distinct lower("{column}") from metrics.{table}').fetchall()}
            assert not values & names, f"{table}.{column}"
