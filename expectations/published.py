"""What must hold of the tables about to be published, as judged anew from the raw lake."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe

REPORT = "dbt and the gate disagree: nothing was published; compare the two columns in the audit file"
CRITERIA = ["industry_fits", "company_size_fits", "intent_fits", "role_fits", "geography_fits"]
OF_LEADS = [
    *CRITERIA,
    "is_qualified",
    "not_qualified_reasons",
    "agreement_version",
    "routing",
    "handover_status",
    "created_at",
    "mql_at",
    "handed_over_at",
    "first_handed_over_at",
    "times_handed_over",
    "accepted_at",
    "sql_at",
    "opportunity_at",
    "won_at",
    "lost_at",
]
OF_DEALS = ["stage", "status", "deal_type", "deal_amount", "created_at", "opportunity_at", "closed_at"]
OF_COHORTS = ["cohort_size", "reached", "rate", "status"]
OF_HANDOVERS = ["handed_over_at", "definition_met", "failed_criteria", "judged_on", "agreement_version"]


def leads_suite() -> gx.ExpectationSuite:
    """One row per lead, published and re-judged side by side as text; <column> and rejudged_<column>."""
    return gx.ExpectationSuite(
        name="leads",
        expectations=[
            once("times_published", "each_lead_published_once"),
            once("times_rejudged", "each_lead_is_in_the_lake"),
            *[equal(column, f"lead_{column}_as_rejudged") for column in OF_LEADS],
            gxe.ExpectColumnValuesToNotBeInSet(
                column="channel",
                value_set=["unmapped"],
                severity="warning",
                meta={
                    "rule": "every_lead_has_a_channel",
                    "do": "add a rule to agreement/channels.csv for these lead sources",
                },
            ),
        ],
    )


def handovers_suite() -> gx.ExpectationSuite:
    """One row per handover, published and re-judged side by side as text."""
    return gx.ExpectationSuite(
        name="handovers",
        expectations=[
            once("times_published", "each_handover_published_once"),
            once("times_rejudged", "each_handover_is_in_the_lake"),
            *[equal(column, f"handover_{column}_as_rejudged") for column in OF_HANDOVERS],
        ],
    )


def deals_suite() -> gx.ExpectationSuite:
    """One row per deal, published and read again from the lake side by side as text."""
    return gx.ExpectationSuite(
        name="deals",
        expectations=[
            once("times_published", "each_deal_published_once"),
            once("times_rejudged", "each_deal_is_in_the_lake"),
            *[equal(column, f"deal_{column.removeprefix('deal_')}_as_reread") for column in OF_DEALS],
        ],
    )


def cohorts_suite() -> gx.ExpectationSuite:
    """One row per cohort and stage over all channels, published and recounted side by side as text."""
    return gx.ExpectationSuite(
        name="cohorts",
        expectations=[
            once("times_published", "each_cohort_published_once"),
            once("times_rejudged", "each_cohort_has_leads"),
            *[equal(column, f"cohort_{column.removeprefix('cohort_')}_as_recounted") for column in OF_COHORTS],
        ],
    )


def lists_suite() -> gx.ExpectationSuite:
    """One row per lead that is on to_hand_over or return_to_nurture, or by the re-judgement belongs there."""
    return gx.ExpectationSuite(
        name="lists",
        expectations=[
            once("times_listed", "each_lead_listed_once"),
            equal("listed_as", "lists_hold_what_the_agreement_says"),
        ],
    )


def totals_suite() -> gx.ExpectationSuite:
    """One row per total: what the tables say and what the lake or another table says."""
    return gx.ExpectationSuite(
        name="totals",
        expectations=[
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="published",
                column_B="recounted",
                severity="critical",
                meta={"rule": "totals_reconcile", "do": REPORT},
            ),
        ],
    )


def once(column: str, rule: str):
    """The thing stands there exactly once."""
    return gxe.ExpectColumnValuesToBeInSet(
        column=column, value_set=[1], severity="critical", meta={"rule": rule, "do": REPORT}
    )


def equal(column: str, rule: str):
    """Published and re-judged are the same words."""
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=column,
        column_B=f"rejudged_{column}",
        severity="critical",
        meta={"rule": rule, "do": REPORT},
    )
