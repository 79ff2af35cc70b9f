"""Each criterion is true, false or null, and an unknown one is named."""

import pytest

OK = "2025-06-10T09:00:00Z"


def fits(company, name, **cells):
    company.lead(**cells).touch(OK)
    return company.verdict()[f"{name}_fits"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Mfg", True), ("  mFG ", True), ("Retail", False), ("Space", None), (None, None),
     ("Manufacturing", None)],
)  # fmt: skip
def test_industry_is_read_through_the_agreed_words(company, word, expected):
    assert fits(company, "industry", industry=word) is expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [("50", True), ("500", True), ("49", False), ("501", False), ("1,200", False), (None, None),
     ("51-200", None), ("many", None), ("120.5", None)],
)  # fmt: skip
def test_employee_bounds_are_inclusive_and_a_range_is_unknown(company, count, expected):
    assert fits(company, "company_size", employee_count=count) is expected


def both_bands(company, precedence):
    company.agreement["qualification"] += [
        company.item("company_size", "annual_revenue", "", "10,00,00,000", ""),
        company.item("company_size", "precedence", precedence),
    ]


@pytest.mark.parametrize(
    ("precedence", "count", "revenue", "expected"),
    [
        ("employee_count", "120", "₹5 Cr", True),
        ("annual_revenue", "120", "₹5 Cr", False),
        ("annual_revenue", "12", "₹50 Cr", True),
        ("employee_count", "120", "₹50 Cr", True),
        ("employee_count", None, "₹50 Cr", True),
        ("employee_count", None, "₹5 Cr", False),
        ("annual_revenue", "120", "plenty", True),
        ("annual_revenue", None, None, None),
    ],
)
def test_precedence_decides_only_a_disagreement(company, precedence, count, revenue, expected):
    both_bands(company, precedence)
    size = fits(company, "company_size", employee_count=count, annual_revenue=revenue)
    assert size is expected


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [
        ("2025-06-01T18:29:59Z", None),  # 1 June in India: the rate of the 2nd is not yet there
        ("2025-06-01T18:30:00Z", True),
        ("2025-06-09T18:29:59Z", True),  # seven days old
        ("2025-06-09T18:30:00Z", None),  # eight days old
    ],
)
def test_turnover_in_another_currency_takes_the_rate_of_the_leads_day(company, created_at, expected):
    both_bands(company, "annual_revenue")
    company.add("fx_rates", {"rate_on": "2025-06-02", "currency": "usd", "rate": "85.5"})
    cells = {"annual_revenue": "$1.2M", "annual_revenue_currency": "USD", "employee_count": None}
    assert fits(company, "company_size", created_at=created_at, **cells) is expected


def test_an_amount_without_any_currency_is_unknown(company):
    both_bands(company, "annual_revenue")
    cells = {"annual_revenue": "500000000", "employee_count": None, "_currency": None}
    assert fits(company, "company_size", **cells) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Plant Head", True), ("HEAD-Purchase", True), ("Assistant to the Head", False),
     ("Head, assistant tooling", True), ("Sales Executive", False), ("Headhunter", None),
     ("Welder", None), (None, None), ("***", None)],
)  # fmt: skip
def test_role_is_the_first_rule_whose_whole_words_stand_in_the_title(company, title, expected):
    assert fits(company, "role", job_title=title) is expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"country": "india", "state": "Gujarat"}, True),
        ({"country": "India", "state": "Kerala"}, False),
        ({"country": "Nepal"}, False),
        ({"country": "India"}, None),
        ({"state": "Goa"}, None),
        ({}, None),
    ],
)
def test_geography_is_or_within_a_field_and_and_between_fields(company, place, expected):
    company.agreement["qualification"] += [
        company.item("geography", "country", "India"),
        company.item("geography", "state", "Gujarat"),
        company.item("geography", "state", "Goa"),
    ]
    assert fits(company, "geography", **place) is expected


def test_geography_is_true_where_the_version_does_not_list_it(company):
    assert fits(company, "geography", country=None) is True


def test_reasons_name_each_criterion_in_order(company):
    company.lead(industry="Space", employee_count="3", job_title="Sales executive")
    company.agreement["qualification"].append(company.item("geography", "country", "India"))
    found = company.verdict()
    reasons = "unknown: industry; not company size; unknown: intent; not role; unknown: geography"
    assert found["not_qualified_reasons"] == reasons
    assert found["is_qualified"] is False


def test_a_qualified_lead_has_no_reasons(company):
    company.lead(handed_over_at=None).touch("2026-03-31T09:00:00Z")
    found = company.verdict()
    assert found["is_qualified"] is True
    assert found["not_qualified_reasons"] is None
    assert found["routing"] == "qualified_waiting"
