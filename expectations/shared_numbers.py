"""What must hold of identities, credit, spend and the shared metrics, as counted anew from the raw lake."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.published import REPORT, equal, once

MISSING_RULE = "add a rule to agreement/channels.csv for these words"
STATUS = r"^(?:final|maturing|short history|media CAC|unavailable: \S.*)$"
# what can be said against a touch that is credited, and the rule that it breaks
AGAINST = {
    "not in the lake": "credited_touches_are_in_the_lake",
    "after the milestone": "no_touch_is_credited_after_its_milestone",
    "older than the lookback": "no_touch_is_credited_beyond_the_lookback",
    "of no agreed kind": "credited_touches_are_of_agreed_kinds",
    "consent withdrawn": "no_touch_is_credited_after_consent_was_withdrawn",
    "of another account": "credited_touches_are_of_the_deals_account",
}


def records_suite() -> gx.ExpectationSuite:
    """One row per lead, contact, company and deal; rejudged_ is what leads and deals say of themselves."""
    return _suite(
        "records",
        once("times_published", "each_record_has_one_account"),
        once("times_rejudged", "each_placed_record_is_in_the_lake"),
        equal("account_id", "records_and_tables_name_the_same_account"),
        equal("person_id", "records_and_tables_name_the_same_person"),
    )


def persons_suite() -> gx.ExpectationSuite:
    """One row per record that was taken for an earlier one."""
    return _suite(
        "persons",
        once("firsts", "each_duplicate_is_of_one_record"),
        once("firsts_that_are_none", "no_duplicate_is_of_a_duplicate"),
    )


def accounts_suite() -> gx.ExpectationSuite:
    """One row per account with a valid GSTIN."""
    return _suite("accounts", once("pans", "no_account_holds_two_legal_entities"))


def credits_suite() -> gx.ExpectationSuite:
    """One row per deal, milestone and model, with the sums over its touches."""
    return _suite(
        "credits",
        once("times_published", "each_milestone_is_credited_by_every_model"),
        once("times_rejudged", "each_credited_milestone_was_reached"),
        equal("milestone_at", "credit_milestone_at_as_reread"),
        equal("deal_amount", "credit_deal_amount_as_reread"),
        equal("credit_amount", "credits_add_up_to_the_deal"),
        equal("credit_share", "shares_add_up_to_one"),
        equal("touches", "first_last_and_linear_credit_the_touches_they_mean"),
        equal("named_touch", "first_and_last_credit_the_ends_of_the_path"),
    )


def paths_suite() -> gx.ExpectationSuite:
    """One row per deal, milestone and touch that is credited, or that led there and ought to be."""
    return _suite(
        "paths",
        once("times_published", "no_touch_is_left_out_of_a_path"),
        *[_never("against_it", word, rule) for word, rule in AGAINST.items()],
        equal("touched_at", "credited_touch_touched_at_as_reread"),
        equal("channel", "credited_touch_channel_as_rejudged"),
        equal("campaign_id", "credited_touch_campaign_as_reread"),
    )


def performance_suite() -> gx.ExpectationSuite:
    """One row per model, milestone and fiscal year over all channels."""
    columns = ("credited_amount", "credited_deals", "spend_amount", "leads", "mqls", "opportunities", "customers")
    return _suite(
        "performance",
        once("times_published", "each_fiscal_year_has_its_channel_totals"),
        once("times_rejudged", "no_channel_total_of_a_year_without_anything"),
        *[equal(column, f"channels_{column}_as_recounted") for column in columns],
    )


def campaigns_suite() -> gx.ExpectationSuite:
    """One row per model, milestone, channel and kind of period."""
    return _suite("campaigns", _all_hold("periods", "campaigns_add_up_to_their_channel"))


def metrics_suite() -> gx.ExpectationSuite:
    """One row per metric that can be recounted, and month or fiscal quarter, in total."""
    return _suite(
        "metrics",
        once("times_published", "each_period_has_every_metric"),
        once("times_rejudged", "each_metric_once_a_period"),
        *[equal(name, f"metric_{name}_as_recounted") for name in ("numerator", "denominator", "value", "status")],
    )


def shape_suite() -> gx.ExpectationSuite:
    """One row per metric, dimension, kind of period and status."""
    return _suite(
        "metric_rows",
        _all_hold("rows", "a_metric_is_what_its_sides_make_it"),
        gxe.ExpectColumnValuesToMatchRegex(
            column="status", regex=STATUS, severity="critical",
            meta={"rule": "every_metric_status_is_an_agreed_word", "do": REPORT},
        ),
    )  # fmt: skip


def breakdown_suite() -> gx.ExpectationSuite:
    """One row per additive metric, dimension and kind of period."""
    return _suite("breakdowns", _all_hold("periods", "breakdowns_add_up_to_the_total"))


def trail_suite() -> gx.ExpectationSuite:
    """One row per metric, side and fiscal quarter, in total."""
    return _suite("trail", _pair("records_come_to", "published", "metric_records_come_to_the_metric"))


def touch_words_suite() -> gx.ExpectationSuite:
    """One row per combination of words that touches bear."""
    return _suite("touch_words", _unmapped("every_touch_has_a_channel"))


def spend_words_suite() -> gx.ExpectationSuite:
    """One row per platform and type of campaign, with its share of all spend."""
    return _suite("spend_words", _unmapped("all_spend_has_a_channel"))


def _suite(name: str, *expectations) -> gx.ExpectationSuite:
    return gx.ExpectationSuite(name=name, expectations=list(expectations))


def _pair(one: str, other: str, rule: str):
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=one, column_B=other, severity="critical", meta={"rule": rule, "do": REPORT}
    )


def _all_hold(column: str, rule: str):
    """As many as there are; the audit file names one that does not."""
    return _pair(column, f"{column}_that_hold", rule)


def _never(column: str, word: str, rule: str):
    return gxe.ExpectColumnValuesToNotBeInSet(
        column=column, value_set=[word], severity="critical", meta={"rule": rule, "do": REPORT}
    )


def _unmapped(rule: str):
    return gxe.ExpectColumnValuesToNotBeInSet(
        column="channel", value_set=["unmapped"], severity="warning", meta={"rule": rule, "do": MISSING_RULE}
    )
