"""A tiny company whose every metric is computed by hand: the oracle's metrics are pinned to it."""

import math

import pytest

from tests.oracle import costs, history
from tests.oracle.days import Calendar
from tests.oracle.hand import MODELS, SETTINGS, at, money, on, rows
from tests.oracle.metrics import shared_metrics
from tests.oracle.reading import company
from tests.oracle.touches import account_touches

Q1, Q2 = "2025-04-01", "2025-07-01"
LEADS = rows(
    "lead_id account_id duplicate_of_lead_id channel segment region created_at mql_at opportunity_at",
    ("x:L1", "A1", None, "Search", "S", "West", at("2025-04-02"), at("2025-07-03"), at("2025-04-20")),
    ("x:L1b", "A1", "x:L1", "Fair", "T", "East", at("2025-04-06"), at("2025-04-07"), None),
    ("x:L2", "A2", None, "Fair", "S", "West", at("2025-05-05"), None, at("2025-06-04")),  # 30 days to the microsecond
    ("x:L3", "A9", None, "Search", None, "East", at("2025-06-30 23:59:59"), None, at("2025-06-01")),  # before the lead
    ("x:L4", "A8", None, "Search", None, "East", at("2025-07-01"), None, None),
)
DEALS = rows(
    "deal_id account_id lead_id status deal_type deal_amount created_at opportunity_at closed_at channel segment "
    "region owner_id",
    ("D1", "A1", "x:L1", "won", "New", money("1000"), at("2025-04-20"), at("2025-04-20"), at("2025-05-20"), "Search",
     "S", "West", "x:U1"),
    ("D2", "A2", "x:L2", "lost", "new", money("500"), at("2025-06-04"), at("2025-06-04"), at("2025-06-14"), "Fair",
     "S", "West", "x:U2"),
    ("D3", "A1", None, "won", "repeat", money("200"), at("2025-06-01"), at("2025-06-01"), at("2025-06-11"), None, "S",
     None, "x:U3"),
    ("D4", "A3", None, "open", "new", money("800"), at("2025-06-20"), at("2025-06-20"), None, "Search", "S", "West",
     "x:U1"),
    ("D5", "A4", None, "won", "service", money("9999"), at("2025-06-01"), at("2025-06-01"), at("2025-06-15"), "Fair",
     "S", "West", "x:U1"),  # out of scope
    ("D6", "A2", "x:L2", "won", None, money("300"), at("2025-06-25"), None, at("2025-06-20"), "Fair", "S", "West",
     "gone"),  # closed before it was created
)  # fmt: skip
CHANGES = rows(
    "deal_id changed_at field old new source_row ids_of",
    ("D4", at("2025-07-02"), "amount", "7,00", "750", 2, "x"),
    ("D4", at("2025-07-02"), "amount", "750", "800", 10, "x"),
    ("D4", at("2025-07-05"), "expected_close_on", "2025-06-30", "2025-08-15", 1, "x"),
)
FACTS = {
    "core_leads": rows("lead_id owner_id", ("x:L1", "x:U3"), ("x:L2", "x:U2"), ("x:L3", None), ("x:L4", "x:U4")),
    "core_lead_changes": rows("lead_id changed_at field old new source_row ids_of",
                              ("x:L1", at("2025-04-03"), "owner", "U3", "U1", 1, "x")),
    "core_deals": rows("deal_id currency amount expected_close_on referred_by", ("D1", "INR", None, None, "x:C9"),
                       ("D4", "INR", money("800"), on("2025-08-15"), None)),
    "core_deal_changes": CHANGES,
    "core_users": rows("user_id name team manager_id", ("x:U1", "Amol", "sales", "x:U2"), ("x:U4", "Zubin", None, None),
                       ("x:U2", "Rajesh", "sales", None), ("x:U3", "Farah", "marketing", "x:U2")),
    "core_activities": rows(
        "happened_at is_automated lead_id deal_id", (at("2025-04-02"), True, "x:L1", None),
        (at("2025-04-04"), None, None, "D1"), (at("2025-04-05"), False, "x:L1b", None),
        (at("2025-05-01"), False, "x:L2", None), (at("2025-05-09"), False, "x:L2", None),
    ),
    "core_touches": rows("touch_id happened_at kind lead_id campaign_id",
                         ("T1", at("2025-04-01"), "click", "x:L1", "P1"),
                         ("T2", at("2025-06-04"), "fair", "x:L2", "P2")),
    "core_campaigns": rows("campaign_id type starts_on ends_on actual_cost currency",
                           ("P1", "Search Ads", on("2025-04-01"), None, money("77777"), "INR"),
                           ("P2", "Fair", on("2025-05-01"), on("2025-05-03"), money("100"), "INR"),
                           ("P3", "Fair", None, None, money("5"), "INR")),
    "core_ad_spend": rows("platform campaign_id spent_on amount currency",
                          ("g", "P1", on("2025-04-10"), money("100"), "INR"),
                          ("g", "P1", on("2025-06-10"), money("50"), "inr "),
                          ("g", "P1", on("2025-07-10"), money("7"), "INR")),  # after AS_OF
    "core_expenses": rows("month kind amount currency", (on("2025-06-01"), "salaries", money("300"), "INR"),
                          (on("2025-06-01"), "Media", money("900"), "INR")),
    "core_invoices": rows("invoice_id company_id deal_id issued_on amount currency status",
                          ("I1", "C5", None, on("2025-06-01"), money("50"), "USD", "paid"),
                          ("I2", "C5", None, on("2025-06-02"), money("60"), "INR", " Cancelled"),
                          ("I3", "C1", "D1", on("2025-05-25"), money("1000"), "INR", None),
                          ("I4", "C1", "D5", on("2025-06-16"), money("9999"), "INR", None),  # out of scope
                          ("I5", "C5", None, on("2025-06-04"), money("60"), "USD", None)),  # the rate is 3 days old
    "core_fx_rates": rows("rate_on currency rate", (on("2025-06-01"), "USD", money("80"))),
    "identity__accounts": rows("entity record_id account_id", ("lead", "x:L1", "A1"), ("lead", "x:L2", "A2"),
                               ("company", "C5", "A5"), ("company", "C1", "A1")),
    "identity__people": rows("entity record_id person_id", ("lead", "x:L1", "x:L1"), ("lead", "x:L2", "x:L2")),
    "agreement__channels": rows("rule_order lead_source campaign_type channel is_marketing",
                                (1, None, "search ads", "Search", True), (2, None, "fair", "Fair", True),
                                (3, "cold call", None, "Outbound", False)),
    "agreement__stages": rows("entity source_word status", ("deal", "offer", "open"), ("deal", "won!", "won")),
    "agreement__attribution_models": MODELS,
    "agreement__attribution_touch_kinds": rows("kind only_with_utm", ("click", False), ("fair", False)),
    "agreement__revenue_targets": rows("fiscal_quarter target_amount", ("FY26-Q1", money("2000")),
                                       ("FY26-Q2", money("1000"))),
    "agreement__versions": rows("version in_force_at is_signed", (1, at("2025-04-10"), True), (2, None, False),
                                (3, at("2025-07-20"), True)),
    "run__delivered_columns": rows("source_name entity column_name", ("x", "deals", "referred_by")),
    "metrics__leads": LEADS,
    "metrics__deals": DEALS,
}  # fmt: skip


def build(settings=None, **more):
    return company(**(FACTS | {"run__context": [SETTINGS | (settings or {})]} | more))


def measured(built):
    found = shared_metrics(built, account_touches(built))
    keys = ["metric", "period_kind", "period_start_on", "dimension", "dimension_value"]
    assert not found.duplicated(keys).any()
    by_key = {}
    for row in found.itertuples(index=False):
        numbers = tuple(None if math.isnan(n) else n for n in (row.value, row.numerator, row.denominator))
        by_key[row.metric, row.period_kind, str(row.period_start_on), row.dimension, row.dimension_value] = (
            *numbers, row.status, row.agreement_version)  # fmt: skip
    return by_key


@pytest.fixture(scope="module")
def tiny():
    return measured(build())


def near(expected):
    return None if expected is None else pytest.approx(expected, rel=1e-12)


SHORT = "short history"
# A1: 1 order after the first in 42 days, the last 20 days ago; A2: the first 11 days ago; A5 (segment unknown): 30 days
A1_YEARS, A2_YEARS = 42 / 365.25, 11 / 365.25
RATE = 1 / (A1_YEARS + A2_YEARS)
CLV = round((1 + RATE) / (A1_YEARS + 1) * 600 * 0.5, 2) + round(RATE / (A2_YEARS + 1) * 300 * 0.5 ** (11 / 20), 2)

QUARTER = [  # of Q1 in total: value, numerator, denominator, status
    ("lead_to_opportunity_rate", None, 1, 3, "maturing"),
    ("lead_to_opportunity_period_rate", 4 / 3, 4, 3, "final"),  # D1, D2, D3 and D4
    ("opportunity_to_close_rate", 0.75, 3, 4, "final"),
    ("opportunity_to_close_rate_value", 0.75, 1500, 2000, "final"),
    ("sales_cycle_days_median", 20, 20, 2, "final"),
    ("sales_cycle_days_p90", 28, 28, 2, "final"),
    ("sales_velocity", 18.75, 375, 20, SHORT),  # 1 open x 3/4 x 500
    ("speed_to_lead", 3, 3, 2, "final"),  # 2 days by the deal, 4 days
    ("cpa_lead", 250 / 3, 250, 3, "final"),
    ("cpa_mql", 250, 250, 1, "final"),
    ("cpa_opportunity", 62.5, 250, 4, "final"),
    ("cpa_customer", 250 / 3, 250, 3, SHORT),
    ("cac", 550 / 3, 550, 3, SHORT),
    ("cac_shifted", 350 / 3, 350, 3, SHORT),  # by 20 days: 12 March to 10 June
    ("customers", 3, 3, None, "final"),
    ("new_customers", 3, 3, None, SHORT),
    ("repeat_purchase_rate", 1 / 3, 1, 3, SHORT),
    ("referral_rate", 1 / 3, 1, 3, SHORT),
    ("revenue", 1500, 1500, None, "final"),
    ("revenue_bookings", 1500, 1500, None, "final"),
    ("revenue_invoices", 5000, 5000, None, "final"),
    ("revenue_invoiced_without_deal", 4000, 4000, None, "final"),
    ("marketing_sourced_revenue", 1200, 1200, None, "final"),
    ("marketing_sourced_share", 0.8, 1200, 1500, "final"),
    ("marketing_sourced_gap_first_touch", 0, 0, None, "final"),
    ("marketing_sourced_gap_any_touch", 0, 0, None, "final"),
    ("marketing_sourced_gap_lead_source", 100, 100, None, "final"),
    ("marketing_influenced_revenue", 1200, 1200, None, "final"),
    ("marketing_influenced_share", 0.8, 1200, 1500, "final"),
    ("marketing_influenced_lost_share", 1, 500, 500, "final"),
    ("clv", CLV / 3, CLV, 3, SHORT),
    ("pipeline_coverage", 0, 0, 2000, "final"),
    ("pipeline_coverage_needed", 2000 / 1500, 2000, 1500, SHORT),
]
FIELDS = ("metric", "value", "numerator", "denominator", "status")


@pytest.mark.parametrize(FIELDS, QUARTER, ids=[row[0] for row in QUARTER])
def test_a_quarter_by_hand(tiny, metric, value, numerator, denominator, status):
    expected = (near(value), near(numerator), near(denominator), status, 1)
    assert tiny[metric, "fiscal_quarter", Q1, "total", "all"] == expected


OTHERS = [  # metric, period, dimension value: value, numerator, denominator, status
    ("lead_to_opportunity_rate", "month", "2025-04-01", "total", "all", 1, 1, 1, "final"),
    ("lead_to_opportunity_rate", "month", "2025-05-01", "total", "all", 0, 0, 1, "final"),
    ("lead_to_opportunity_rate", "month", "2025-06-01", "total", "all", None, 0, 1, "maturing"),
    ("lead_to_opportunity_period_rate", "month", "2025-07-01", "total", "all", 0, 0, 1, "maturing"),
    ("cpa_lead", "fiscal_quarter", Q1, "channel", "Search", 75, 150, 2, "final"),
    ("cpa_lead", "month", "2025-05-01", "channel", "Fair", 100, 100, 1, "final"),
    ("cpa_lead", "month", "2025-05-01", "channel", "unknown", None, None, 0,
     "unavailable: no cost recorded for this channel"),
    ("cpa_lead", "fiscal_quarter", Q1, "segment", "S", None, None, 2, "unavailable: cost is not known by segment"),
    ("cac", "month", "2025-06-01", "region", "West", None, None, 1, "unavailable: expenses are not known by region"),
    ("customers", "fiscal_quarter", Q2, "segment", "S", 2, 2, None, "maturing"),
    ("new_customers", "week", "2025-06-16", "segment", "S", 1, 1, None, SHORT),
    ("marketing_influenced_share", "fiscal_quarter", Q1, "channel", "Search", 0.8, 1200, 1500, "final"),
    ("marketing_influenced_share", "fiscal_quarter", Q1, "channel", "unknown", 0, 0, 1500, "final"),
    ("marketing_influenced_share", "fiscal_quarter", Q1, "segment", "S", 0.8, 1200, 1500, "final"),
    ("revenue", "fiscal_year", Q1, "owner_team", "sales: Rajesh", 1000, 1000, None, "maturing"),
    ("revenue", "fiscal_year", Q1, "owner_team", "marketing", 200, 200, None, "maturing"),
    ("revenue", "fiscal_year", Q1, "owner_team", "unknown", 300, 300, None, "maturing"),
    ("cpa_lead", "fiscal_quarter", Q1, "owner_team", "sales: Rajesh", None, None, 2,
     "unavailable: cost is not known by owner_team"),
    ("pipeline_coverage", "fiscal_quarter", Q2, "total", "all", 0.8, 800, 1000, "maturing"),
    ("pipeline_coverage", "fiscal_quarter", "2025-10-01", "total", "all", None, None, None, "unavailable: no target"),
    ("pipeline_coverage", "fiscal_year", "2026-04-01", "channel", "Fair", None, None, None,
     "unavailable: no target by channel"),
    ("pipeline_coverage", "week", "2025-06-16", "total", "all", None, None, None, "unavailable: no target for a week"),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "kind", "start", "dimension", "said", *FIELDS[1:]), OTHERS)
def test_other_periods_and_dimensions(
    tiny, metric, kind, start, dimension, said, value, numerator, denominator, status
):
    found = tiny[metric, kind, start, dimension, said]
    assert found[:4] == (near(value), near(numerator), near(denominator), status)


def test_the_grid_is_complete(tiny):
    metrics = {row[0] for row in QUARTER}
    periods = {key[1:3] for key in tiny if key[0] == "revenue"}
    values = {key[3:] for key in tiny}
    assert len(periods) == 15 + 4 + 2 + 1 and min(start for _, start in periods) == "2025-03-31"
    assert {said for name, said in values if name == "channel"} == {"Search", "Fair", "unknown"}
    assert len(tiny) == (len(metrics) * len(periods) + 2) * len(values)


def test_without_spend_expenses_activities_or_referrals():
    empty = {name: [] for name in ("core_ad_spend", "core_campaigns", "core_expenses", "core_activities")}
    found = measured(build(**empty, run__delivered_columns=[]))
    of = {metric: found[metric, "fiscal_quarter", Q1, "total", "all"][:4] for metric in
          ("cpa_lead", "cac", "speed_to_lead", "referral_rate")}  # fmt: skip
    assert of == {
        "cpa_lead": (None, None, 3, "unavailable: no spend"),
        "cac": (0, 0, 3, "media CAC"),
        "speed_to_lead": (None, None, 0, "unavailable: no activities"),
        "referral_rate": (None, None, 3, "unavailable: no referrals recorded"),
    }


def test_revenue_by_invoices_and_another_locked_rule():
    found = measured(build({"revenue_basis": "invoices", "marketing_sourced_rule": "lead_source"}))
    value = {key[0]: row[0] for key, row in found.items() if key[1:] == ("fiscal_quarter", Q1, "total", "all")}
    assert value["revenue"] == 5000 and value["revenue_bookings"] == 1500
    assert value["marketing_sourced_revenue"] == 1000 and value["marketing_sourced_share"] == 0.2
    assert value["marketing_sourced_gap_lead_source"] == value["marketing_sourced_gap_first_touch"] == 0
    assert value["marketing_influenced_revenue"] == 1200  # always of won deals


def test_an_empty_company_has_no_rows():
    assert shared_metrics(company(run__context=[SETTINGS], agreement__attribution_models=MODELS),
                          account_touches(company())).empty  # fmt: skip


def test_local_days_and_fiscal_periods():
    india = Calendar("Asia/Kolkata")
    assert [india.day(at(text)) for text in ("2025-03-31 18:29:59", "2025-03-31 18:30")] == [
        on("2025-03-31"), on("2025-04-01")]  # fmt: skip
    assert india.start_of(on("2025-04-01")) == at("2025-03-31 18:30")
    assert [india.quarter_name(on(day)) for day in ("2025-04-01", "2026-03-31")] == ["FY26-Q1", "FY26-Q4"]
    assert india.period("week", on("2025-04-02")).start == on("2025-03-31")


def test_a_deal_before_its_changes():
    built = build(agreement__stages=FACTS["agreement__stages"], core_deal_changes=[
        *CHANGES, *rows("deal_id changed_at field old new source_row ids_of",
                        ("D1", at("2025-05-20"), "stage", "Offer", "WON!", 3, "x"),
                        ("D1", at("2025-06-01"), "stage", "won!", "whatever", 4, "x"))])  # fmt: skip
    deals = history.Deals(built)
    rows_of = {row.deal_id: row for row in built.rows("metrics.deals")}
    assert deals.amount(rows_of["D4"], at("2025-07-02")) == 70000  # just before both changes
    assert deals.amount(rows_of["D4"], at("2025-07-02") + 1) == 80000
    assert deals.due(rows_of["D4"], at("2025-07-05")) == on("2025-06-30")
    moments = ("2025-05-20", "2025-05-21", "2025-06-01", "2025-06-02")
    assert [deals.is_open(rows_of["D1"], at(moment)) for moment in moments] == [True, False, False, True]
    assert [deals.is_open(rows_of["D2"], at(moment)) for moment in ("2025-06-14", "2025-06-15")] == [True, False]


def test_costs_are_spread_and_converted():
    assert costs.spread(money("100"), 3) == [money("33.33"), money("33.33"), money("33.34")]
    assert costs.spread(money("-0.01"), 2) == [money("-0.01"), money("0")]
    rates = costs.Rates(build().rows("core_fx_rates"), "INR", 2)
    assert [rates.on("usd", on(f"2025-06-0{day}")) for day in (1, 3, 4)] == [80, 80, None]
    assert rates.on("USD", on("2025-05-31")) is None and rates.paisa(money("-0.0000625"), "USD", on("2025-06-01")) == -1
    kinds = costs.campaign_costs(build()).source_kind
    assert list(kinds) == ["ad_spend"] * 2 + ["campaign"] * 3  # P1's actual_cost is not used, P3 has no start
    events = build(core_expenses=rows("month kind amount currency", (on("2025-06-01"), "Events", money("30"), "INR")))
    assert sum(costs.total_costs(events).paisa) == 15000 + 3000
