"""The tiny company at the edges of its windows."""

import pandas as pd

from tests.oracle.hand import at, money, on, rows
from tests.oracle.test_oracle_metrics import CHANGES, DEALS, FACTS, Q1, Q2, build, measured

TOTAL = ("total", "all")


def deals(more=(), **changed):
    """The company's deals, with other cells for some."""
    return [row | changed.get(row["deal_id"], {}) for row in DEALS] + list(more)


def test_a_cohort_is_final_at_the_very_end_of_its_time():
    key = ("lead_to_opportunity_rate", "fiscal_quarter", Q1, *TOTAL)
    assert measured(build({"as_of_at": at("2025-07-31") - 1}))[key][3] == "maturing"
    assert measured(build({"as_of_at": at("2025-07-31")}))[key][:4] == (1 / 3, 1, 3, "final")


def test_of_two_first_orders_on_a_day_the_deal_is_the_first():
    same_day = rows("invoice_id company_id deal_id issued_on amount currency status",
                    ("A", "C1", None, on("2025-05-20"), money("7"), "INR", None))  # fmt: skip
    found = measured(build(core_invoices=FACTS["core_invoices"] + same_day))
    assert found["new_customers", "month", "2025-05-01", "channel", "Search"][0] == 1
    assert found["new_customers", "month", "2025-05-01", *TOTAL][0] == 1
    assert found["clv", "month", "2025-05-01", *TOTAL][2] == 1


def test_what_is_won_already_leaves_less_target():
    won = {"status": "won", "closed_at": at("2025-07-05")}
    found = measured(build(metrics__deals=deals(D4=won)))
    assert found["pipeline_coverage", "fiscal_quarter", Q2, *TOTAL][:3] == (0, 0, 200)
    more = rows("fiscal_quarter target_amount", ("FY26-Q3", money("500")), ("FY26-Q4", money("500")))
    whole = measured(build(metrics__deals=deals(D4=won), agreement__revenue_targets=[
        *FACTS["agreement__revenue_targets"], *more]))  # fmt: skip
    assert whole["pipeline_coverage", "fiscal_year", Q1, *TOTAL][2] == 4000 - 1500 - 800
    assert whole["pipeline_coverage", "fiscal_quarter", "2025-10-01", *TOTAL][:4] == (0, 0, 500, "maturing")


def test_a_quarter_that_ends_at_as_of_is_seen_at_its_start_as_ever_after():
    key = ("pipeline_coverage", "fiscal_quarter", Q1, *TOTAL)
    at_its_end, later = (measured(build({"as_of_at": at(day)}))[key] for day in ("2025-07-01", "2025-07-10"))
    assert at_its_end == later


def test_a_change_at_as_of_is_known():
    last = rows("deal_id changed_at field old new source_row ids_of",
                ("D4", at("2025-07-10"), "amount", "800", "900", 11, "x"))  # fmt: skip
    found = measured(build(core_deal_changes=CHANGES + last))
    assert found["pipeline_coverage", "fiscal_quarter", Q2, *TOTAL][1] == 900


def test_history_is_short_for_twelve_months():
    found = measured(build({"as_of_at": at("2026-05-01")}))
    weeks = ("2026-03-30", "2026-04-06")
    assert [found["sales_velocity", "week", start, *TOTAL][3] for start in weeks] == ["short history", "final"]
    assert found["new_customers", "week", weeks[1], *TOTAL][3] == "short history"  # the first order came later
    assert found["customers", "week", weeks[0], *TOTAL][3] == "final"


def test_half_a_day_shifts_the_cost_by_a_whole_one():
    found = measured(build(metrics__deals=deals(D1={"closed_at": at("2025-05-21")})))  # (31 + 10) / 2 days: 21
    assert found["cac_shifted", "fiscal_quarter", Q1, *TOTAL][1] == 100 + 100 + 90  # until 9 June


def test_an_opportunity_of_the_next_day_is_not_open_yet():
    later = DEALS[3] | {"deal_id": "D7", "opportunity_at": at("2025-07-01"), "created_at": at("2025-07-01")}
    found = measured(build(metrics__deals=deals([later])))
    assert found["sales_velocity", "fiscal_quarter", Q1, *TOTAL][1] == 375
    assert found["sales_velocity", "fiscal_quarter", Q2, *TOTAL][1] == 2 * 0.75 * 500


def test_the_agreement_in_force_at_the_end_or_now():
    found = measured(build())
    assert found["revenue", "fiscal_quarter", Q2, *TOTAL][4] == 1  # the third is in force ten days after AS_OF
    assert pd.isna(found["revenue", "week", "2025-03-31", *TOTAL][4])
    assert found["revenue", "week", "2025-04-07", *TOTAL][4] == 1


def test_a_negative_amount_and_none_at_all():
    found = measured(build(metrics__deals=deals(D3={"deal_amount": money("-200.50")}, D6={"deal_amount": None})))
    assert found["revenue", "fiscal_quarter", Q1, *TOTAL][0] == 799.5
    # 3 won, of which 2 have an amount; 1 open x 3/4 x 399.75
    assert found["sales_velocity", "fiscal_quarter", Q1, *TOTAL][1] == 0.75 * 399.75
    assert found["customers", "fiscal_quarter", Q1, *TOTAL][0] == 3
