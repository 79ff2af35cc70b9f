"""What must hold of the two-sided SLA, by a clock and a count that are not dbt's."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.published import REPORT, equal, once

# what the lake says comes first, then what the agreement makes of it
OF_RESPONSES = [
    "recycled_at",
    "first_contact_at",
    "first_conversation_at",
    "advanced_at",
    "disposed_at",
    "disposition",
    "sales_verdict",
    "is_disposition_explained",
    "system_delay_hours",
    "is_marketing",
    "is_received_in_office_hours",
    "contact_due_at",
    "response_business_hours",
    "contact_status",
    "disposition_due_at",
    "disposition_status",
]
INSTANTS = [name for name in OF_RESPONSES if name.endswith("_at")]
HOURS = ["system_delay_hours", "response_business_hours"]
OF_WEEKS = ["met", "due", "pending", "unavailable"]


def responses_suite() -> gx.ExpectationSuite:
    """One row per handover, published and counted again side by side as text."""
    rules = {
        "first_contact_at": "handovers_have_the_contacts_of_the_lake",
        "first_conversation_at": "handovers_have_the_conversations_of_the_lake",
        "advanced_at": "handovers_have_the_advances_of_the_lake",
        "disposed_at": "handovers_have_the_disposals_of_the_lake",
    }
    return _suite(
        "responses", *[equal(column, rules.get(column, f"handover_{column}_as_rejudged")) for column in OF_RESPONSES]
    )


def answers_suite() -> gx.ExpectationSuite:
    """One row per version of the agreement, with its handovers."""
    return _suite(
        "answers",
        _pair("handovers", "handovers_that_hold", "no_response_is_negative"),
        _pair("handovers", "handovers_told", "every_handover_is_advanced_given_late_missing_or_pending"),
    )


def weeks_suite() -> gx.ExpectationSuite:
    """One row per measure and week, over a whole side."""
    return _suite(
        "sla_weeks",
        once("times_published", "each_week_of_a_promise_published_once"),
        once("times_rejudged", "each_week_of_a_promise_has_handovers"),
        *[equal(column, f"sla_{column}_as_recounted") for column in OF_WEEKS],
    )


def promises_suite() -> gx.ExpectationSuite:
    """One row per side and measure."""
    return _suite("promises", _pair("rows", "rows_that_hold", "promises_kept_are_within_those_due"))


def levels_suite() -> gx.ExpectationSuite:
    """One row per measure of sales."""
    return _suite("sla_levels", _pair("weeks", "weeks_that_hold", "owners_add_up_to_their_team_and_side"))


def _suite(name: str, *expectations) -> gx.ExpectationSuite:
    return gx.ExpectationSuite(name=name, expectations=list(expectations))


def _pair(one: str, other: str, rule: str):
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=one, column_B=other, severity="critical", meta={"rule": rule, "do": REPORT}
    )
