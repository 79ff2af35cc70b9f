"""Which version of the agreement judges, to the instant."""

from datetime import UTC, datetime

import pandas as pd
import pytest

SECOND = {
    "version": "2",
    "effective_from": "2025-07-01",
    "signed_for_sales_on": "2025-07-03",
    "signed_for_marketing_on": "2025-07-02",
}


def add_second(company, **cells):
    company.agreement["signatures"].append(company.signature | SECOND | cells)
    company.agreement["qualification"] += [row | {"version": "2"} for row in company.agreement["qualification"]]
    company.agreement["intent_behaviours"].append(company.behaviour("form_fill", 1, 30, "2"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2025, 7, 2, 18, 29, 59, 999999, tzinfo=UTC), 1),
        (datetime(2025, 7, 2, 18, 30, tzinfo=UTC), 2),  # midnight of 3 July in Asia/Kolkata
    ],
)
def test_a_version_begins_at_local_midnight_of_its_latest_date(company, at, expected):
    add_second(company)
    company.lead()
    assert company.verdict(as_of=at)["agreement_version"] == expected


def test_a_draft_is_ignored(company):
    blank = dict.fromkeys(
        ("signed_for_sales_by", "signed_for_sales_on", "signed_for_marketing_by",
         "signed_for_marketing_on"), "")  # fmt: skip
    add_second(company, **blank)
    company.lead()
    assert company.verdict()["agreement_version"] == 1


def test_a_version_signed_by_one_side_is_refused(company):
    add_second(company, signed_for_sales_on="")
    company.lead()
    with pytest.raises(ValueError, match="signed in part"):
        company.judge()


def test_before_the_first_version_nothing_is_judged(company):
    company.lead(created_at="2024-06-01", handed_over_at="2024-07-01").touch("2024-06-20")
    found = company.judge()
    lead, handover = found.leads.iloc[0], found.handovers.iloc[0]
    fits = [name for name in found.leads.columns if name.endswith("_fits")]
    assert [lead[name] for name in fits] == [None] * 5
    assert lead.is_qualified is False
    assert lead.not_qualified_reasons == handover.failed_criteria == "no agreement in force"
    assert lead.agreement_version is pd.NA
    assert lead.routing == "unqualified_handed"
    assert handover.definition_met is None


def test_lists_hold_from_their_version_on(company):
    add_second(company)
    company.agreement["industries"].append({"from_version": "2", "source_word": "mfg", "industry": "Retail"})
    company.agreement["roles"].append(company.role(5, "plant head", "false", "2"))
    company.lead().touch("2025-06-20T00:00:00Z")
    before = company.verdict(as_of=datetime(2025, 7, 1, tzinfo=UTC))
    after = company.verdict(as_of=datetime(2025, 7, 10, tzinfo=UTC))
    assert before["is_qualified"] is True
    assert after["not_qualified_reasons"] == "not industry; not role"
