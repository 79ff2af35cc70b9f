"""mql_at: the first instant at which everything held, never revoked."""

from datetime import UTC, datetime

import pandas as pd

CREATED = pd.Timestamp("2025-06-01T10:00:00Z")


def mql_at(company, **kwargs):
    return company.verdict(**kwargs)["mql_at"]


def test_it_is_the_creation_when_the_touch_came_before(company):
    company.lead().touch("2025-05-30T00:00:00Z")
    assert mql_at(company) == CREATED


def test_it_is_the_touch_that_reaches_the_minimum(company):
    company.agreement["intent_behaviours"] = [company.behaviour("form_fill", 2, 10)]
    company.lead().touch("2025-06-02T00:00:00Z", "2025-06-20T00:00:00Z", "2025-06-25T00:00:00Z")
    assert mql_at(company) == pd.Timestamp("2025-06-25T00:00:00Z")


def test_it_is_the_change_that_completes_the_picture_while_intent_lasts(company):
    company.lead(industry="Retail").touch("2025-06-20T00:00:00Z")
    company.change("industry", ("2025-07-19T23:59:59Z", "Retail", "Mfg"))
    assert mql_at(company) == pd.Timestamp("2025-07-19T23:59:59Z")


def test_intent_that_expired_before_the_change_does_not_count(company):
    company.lead(industry="Retail").touch("2025-06-20T00:00:00Z")
    company.change("industry", ("2025-07-20T00:00:00Z", "Retail", "Mfg"))
    assert mql_at(company) is pd.NaT
    company.touch("2025-09-01T00:00:00Z")
    assert mql_at(company) == pd.Timestamp("2025-09-01T00:00:00Z")


def test_it_is_never_revoked(company):
    company.lead().touch("2025-06-20T00:00:00Z")
    company.change("industry", ("2025-06-25T00:00:00Z", "Mfg", "Retail"))
    found = company.verdict()
    assert found["mql_at"] == pd.Timestamp("2025-06-20T00:00:00Z")
    assert found["is_qualified"] is False


def test_it_can_be_the_start_of_a_version(company):
    company.agreement["signatures"][0] = company.signature | {"effective_from": "2025-06-15"}
    company.lead().touch("2025-06-10T00:00:00Z")
    assert mql_at(company) == pd.Timestamp("2025-06-14T18:30:00Z")


def test_a_touch_under_a_version_that_does_not_fit_waits_for_the_next(company):
    company.agreement["signatures"].append(company.signature | {"version": "2", "effective_from": "2025-06-15"})
    second = [row | {"version": "2"} for row in company.agreement["qualification"]]
    company.agreement["qualification"][1]["minimum"] = "200"
    company.agreement["qualification"] += second
    company.agreement["intent_behaviours"].append(company.behaviour("form_fill", 1, 30, "2"))
    company.lead().touch("2025-06-10T00:00:00Z")
    assert mql_at(company) == pd.Timestamp("2025-06-14T18:30:00Z")


def test_nothing_after_as_of_counts(company):
    company.lead().touch("2025-06-20T00:00:00Z")
    before = datetime(2025, 6, 19, 23, 59, 59, tzinfo=UTC)
    assert mql_at(company, as_of=before) is pd.NaT
    assert mql_at(company, as_of=datetime(2025, 6, 20, tzinfo=UTC)) == pd.Timestamp("2025-06-20T00:00:00Z")


def test_a_handover_does_not_stop_it(company):
    company.lead(handed_over_at="2025-06-05T00:00:00Z").touch("2025-06-20T00:00:00Z")
    found = company.verdict()
    assert found["not_qualified_reasons"] == "not intent"
    assert found["mql_at"] == pd.Timestamp("2025-06-20T00:00:00Z")


def test_a_source_without_touches_has_none(company):
    company.lead()
    assert mql_at(company) is pd.NaT
