"""The rep's brief tells of each handover what was known then, and nothing that names a person or quotes one."""

from __future__ import annotations

import re
from datetime import datetime

import duckdb
import pytest

from tests.feedback.brief_oracle import Briefs
from tests.feedback.oracle import Company, wilson, words

SECRETS = """
select email as secret from funnel.core_leads union select phone from funnel.core_leads
union select email from funnel.core_contacts union select phone from funnel.core_contacts
union select disposition_reason from funnel.core_leads
union select words from funnel.core_objections
"""
LATER = ("since_", "current_")  # columns that tell of today, and say so


@pytest.fixture(scope="module")
def company(small_run):
    with duckdb.connect(str(small_run[0] / "warehouse" / "candidate.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        yield Company(con)


@pytest.fixture(scope="module")
def found(company):
    return {row["handover_id"]: row for row in company.rows("select * from metrics.lead_brief")}


@pytest.fixture(scope="module")
def briefs(company):
    return Briefs(company)


def test_every_handover_has_its_brief_and_the_open_ones_are_those_that_sales_has(company, found):
    handovers = company.rows("select handover_id, lead_id, is_latest from metrics.handovers")
    with_sales = {
        row["lead_id"]
        for row in company.rows("""
            select lead_id from metrics.leads
            where routing in ('qualified_handed', 'unqualified_handed') and won_at is null and lost_at is null
                and lead_id not in (select lead_id from funnel.int_closed_leads)
        """)
    }
    assert len(company.rows("select * from metrics.lead_brief")) == len(found) == len(handovers) > 100
    for row in handovers:
        brief = found[row["handover_id"]]
        assert brief["is_latest"] == row["is_latest"]
        assert brief["is_open"] == (row["is_latest"] and row["lead_id"] in with_sales)
    assert 10 < sum(row["is_open"] for row in found.values()) < len(found)


def test_every_brief_is_what_the_records_say(found, briefs):
    for handover in briefs.handovers:
        row = found[handover["handover_id"]]
        wanted = briefs.brief(handover, row["is_open"])
        assert not {name: (row[name], value) for name, value in wanted.items() if row[name] != value}, row[
            "handover_id"
        ]


def test_its_words_say_what_the_verdict_is(company, found):
    verdict = {True: "fits: ", False: "does not fit: ", None: "unknown: "}
    for row in company.rows("select * from metrics.handovers"):
        brief = found[row["handover_id"]]
        for name in ("industry", "company_size", "intent", "role", "geography"):
            assert brief[f"{name}_fits"] == row[f"{name}_fits"]
            assert brief[f"how_{name}"].startswith(verdict[row[f"{name}_fits"]]), (row["handover_id"], name)
        assert brief["is_qualified"] == bool(row["definition_met"])
        assert brief["not_qualified_reasons"] == row["failed_criteria"]


def test_nothing_in_it_is_later_than_the_handover(company, found):
    told = 0
    for row in found.values():
        at, day = row["handed_over_at"], row["handed_over_at"].astimezone(company.zone).date()
        for name, value in row.items():
            if name.startswith(LATER) or value is None:
                continue
            if isinstance(value, datetime):
                assert value <= at, (row["handover_id"], name)
            for text in re.findall(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}\b", value) if isinstance(value, str) else []:
                assert datetime.strptime(text, "%d %b %Y").date() <= day, (row["handover_id"], name, text)
                told += 1
    assert told > 500


def test_no_cell_holds_an_address_a_number_or_what_anybody_wrote(company, found):
    secrets = {row["secret"].lower() for row in company.rows(SECRETS) if row["secret"] and len(row["secret"]) > 5}
    cells = {str(cell).lower() for row in found.values() for cell in row.values() if isinstance(cell, str)}
    assert len(secrets) > 500
    assert not [(cell, secret) for cell in cells for secret in secrets if secret in cell]


def test_the_sample_tries_what_is_hard(company, found, briefs):
    """Without these the comparison would prove little."""
    rows = found.values()
    then = [deal for h in briefs.handovers for deal in hindsight(briefs, h)]
    assert any(then_status != now for then_status, now in then), "a deal that has closed since"
    assert any(item["known_at"] > item["raised_at"] for item in briefs.objections)
    for column in (
        "colleagues_behaviours",
        "since_behaviours",
        "company_answered_objections",
        "company_objection_answers",
        "current_company_open_deal_owners",
        "previously_recycled_at",
        "previously_recycled_because",
    ):
        assert len({row[column] for row in rows}) > 2, column
    assert len({row["expected_objections"] for row in rows}) > 20
    assert any("expected only: " in (row["expected_objections"] or "") for row in rows)
    assert any("employees decide" in row["how_company_size"] for row in rows)
    assert any(re.match("does not fit: .* of 2 in", row["how_intent"]) for row in rows)
    segments = {row["lead_id"]: row["segment"] for row in company.rows("select lead_id, segment from metrics.leads")}
    assert any(row["segment"] != segments[row["lead_id"]] for row in rows), "a size that was learned later"


def hindsight(briefs, handover) -> list[tuple[str, str]]:
    """The status then and now of each deal that the account had at the handover."""
    account, at = briefs.accounts["lead", handover["lead_id"]], handover["handed_over_at"]
    return [
        (briefs.deal_then(deal, at)["status"], deal["status"])
        for deal in briefs.company.deals.values()
        if deal["account_id"] == account and deal["created_at"] <= at
    ]


def test_each_version_is_held_against_what_was_heard_in_its_own_time(company):
    starts = [(at, version) for at, version in company.versions if at <= company.as_of]
    ends = [at for at, _ in starts[1:]] + [None]
    wanted = {}
    for (start, version), end in zip(starts, ends, strict=True):
        said = [item for item in company.objections() if start <= item["raised_at"]]
        heard = [item["category"] for item in said if end is None or item["raised_at"] < end]
        profile = company.rows(f"select item, value from agreement.ideal_customer_profile where version = {version}")
        expected = {row["value"] for row in profile if row["item"] == "expected_objection"}
        silent = {value for value in expected if words(value) not in {words(category) for category in heard}}
        for category in set(heard) | silent:
            is_expected = None if category == "unmapped" else words(category) in {words(value) for value in expected}
            low, high = wilson(heard.count(category), len(heard))
            wanted[version, category] = (end is None, is_expected, heard.count(category), len(heard), low, high)
    rows = company.rows("select * from metrics.expected_objections")
    assert {(row["agreement_version"], row["category"]) for row in rows} == set(wanted) and len(rows) == len(wanted) > 8
    for row in rows:
        *exact, low, high = wanted[row["agreement_version"], row["category"]]
        assert [row["is_in_force"], row["is_expected"], row["objections"], row["all_objections"]] == exact
        assert (row["share_low"], row["share_high"]) == pytest.approx((low, high))
