"""Intent: which touches count, whose they are, and the exact edges of their time."""

from datetime import UTC, datetime

import pytest

AT = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)


def intent(company, lead_id="crm:L1", at=AT):
    return company.verdict(lead_id, at)["intent_fits"]


@pytest.mark.parametrize(
    ("happened_at", "expected"),
    [
        ("2025-06-01T12:00:00Z", False),  # t - 30 x 24 h is out
        ("2025-06-01T12:00:00.000001Z", True),
        ("2025-07-01T12:00:00Z", True),  # t is in
        ("2025-07-01T12:00:00.000001Z", False),
    ],
)
def test_the_window_excludes_its_start_and_includes_its_end(company, happened_at, expected):
    company.lead().touch(happened_at)
    assert intent(company) is expected


def test_a_page_view_alone_never_is_intent(company):
    company.agreement["intent_behaviours"] += [company.behaviour("page_view", 1, 90)]
    company.lead().touch("2025-06-30T12:00:00Z", kind="page_view")
    assert intent(company) is False


def test_the_minimum_counts_one_kind_not_their_sum(company):
    company.agreement["intent_behaviours"] = [
        company.behaviour("form_fill", 2, 30),
        company.behaviour("webinar", 2, 30),
    ]
    company.lead().touch("2025-06-20T12:00:00Z").touch("2025-06-21T12:00:00Z", kind="webinar")
    assert intent(company) is False
    company.touch("2025-06-22T12:00:00Z", kind="Webinar ")
    assert intent(company) is True


def test_touches_before_the_leads_creation_count(company):
    company.lead(created_at="2025-06-20T00:00:00Z").touch("2025-06-15T00:00:00Z")
    assert intent(company) is True


def test_zero_touches_are_false_where_the_source_delivers_touches(company):
    company.lead().touch("2025-06-20T12:00:00Z", lead_id="somebody")
    assert intent(company) is False


def test_an_empty_file_of_touches_is_a_delivery(company):
    company.lead().add("touches")
    assert intent(company) is False


def test_a_touches_file_with_only_a_header_is_a_delivery(company):
    company.lead().add("extractions", {"entity": "touches"}, {"entity": "leads"})
    assert intent(company) is False
    assert list(company.judge().counts.entity) == ["leads"]


def test_intent_is_unknown_where_no_source_of_these_ids_delivers_touches(company):
    company.lead().lead("L2", source="other").touch("2025-06-20T12:00:00Z")
    assert intent(company, "other:L2") is None
    assert intent(company, "crm:L1") is True


def test_another_source_with_the_same_ids_delivers_the_touches(company):
    rows = {"lead_id": "L1", "kind": "form_fill", "happened_at": "2025-06-20T12:00:00Z"}
    company.lead().add("touches", rows, source="web", _ids_of="crm")
    assert intent(company) is True


def test_an_email_counts_only_while_one_lead_has_it(company):
    company.lead(email="Asha@Example.in").touch("2025-06-20T12:00:00Z", email=" asha@example.IN")
    assert intent(company) is True
    company.lead("L2", email="asha@example.in", created_at="2025-06-20T12:00:00Z")
    assert intent(company) is False


def test_a_later_duplicate_takes_nothing_from_an_earlier_verdict(company):
    company.lead(email="Asha@Example.in").touch("2025-06-20T12:00:00Z", email=" asha@example.IN")
    company.lead("L2", email="asha@example.in", created_at="2025-06-20T12:00:01Z")
    assert intent(company) is True


def test_an_email_never_mends_a_lead_id(company):
    company.lead(email="a@b.in")
    company.touch("2025-06-20T12:00:00Z", email="a@b.in", lead_id="gone")
    assert intent(company) is False


def test_a_lead_that_does_not_exist_yet_does_not_make_an_email_ambiguous(company):
    company.lead(email="a@b.in").lead("L2", email="a@b.in", created_at="2025-08-01T00:00:00Z")
    company.touch("2025-06-20T12:00:00Z", email="a@b.in")
    assert intent(company) is True


def test_versions_have_their_own_behaviours(company):
    company.agreement["signatures"].append(company.signature | {"version": "2", "effective_from": "2025-07-01"})
    company.agreement["qualification"] += [row | {"version": "2"} for row in company.agreement["qualification"]]
    company.agreement["intent_behaviours"].append(company.behaviour("webinar", 1, 30, "2"))
    company.lead().touch("2025-06-20T12:00:00Z")
    assert intent(company) is False
    assert intent(company, at=datetime(2025, 6, 30, 12, 0, tzinfo=UTC)) is True
