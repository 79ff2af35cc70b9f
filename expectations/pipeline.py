"""What must hold of the pipeline as it was, as told anew from the raw lake, deal by deal."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.published import REPORT, equal, once

OF_DEALS = ["moves", "cells", "amounts", "days", "amount_days"]
NEGATIVE = "correct the amounts below zero in the CRM: data_faults lists them as `amount: negative`"


def deals_suite() -> gx.ExpectationSuite:
    """One row per deal that moves or is open on a day, published and told again side by side as text."""
    rules = {
        "moves": "deals_moved_when_and_how_the_lake_says",
        "cells": "deals_moved_in_the_cells_that_the_lake_says",
        "amounts": "deals_moved_the_amounts_that_the_lake_says",
        "days": "deals_are_open_on_each_day_between_and_on_no_other",
        "amount_days": "deals_stand_at_their_amount_on_each_day",
    }
    return _suite("pipeline_deals", *[equal(column, rules[column]) for column in OF_DEALS])


def weeks_suite() -> gx.ExpectationSuite:
    """One row per week, source and due quarter."""
    return _suite(
        "pipeline_weeks",
        _pair("closing", "comes_to", "each_week_adds_up_to_its_closing"),
        _pair("opening", "closed_before", "each_week_opens_with_the_last_closing"),
        _pair("moved", "moved_by_movements", "each_movement_counts_in_its_week_once"),
        equal("moved", "weeks_moved_what_the_lake_says"),
        _pair("closing", "on_last_day", "each_week_closes_with_what_its_last_day_holds"),
        once("times_needed", "each_week_of_a_cell_has_come_and_holds_something"),
        _never("of no such deal", "critical", "no_outflow_is_negative", REPORT),
        _never("of a deal whose own amount is negative", "warning", "no_outflow_is_of_a_negative_amount", NEGATIVE),
    )


def balance_suite() -> gx.ExpectationSuite:
    """One row per source and due quarter, at AS_OF."""
    rule = "the_last_closing_is_what_open_deals_come_to"
    return _suite("pipeline_balance", _pair("last_closing", "open_deals_come_to", rule))


def _suite(name: str, *expectations) -> gx.ExpectationSuite:
    return gx.ExpectationSuite(name=name, expectations=list(expectations))


def _pair(one: str, other: str, rule: str):
    return gxe.ExpectColumnPairValuesToBeEqual(
        column_A=one, column_B=other, severity="critical", meta={"rule": rule, "do": REPORT}
    )


def _never(word: str, severity: str, rule: str, do: str):
    return gxe.ExpectColumnValuesToNotBeInSet(
        column="negative_outflows", value_set=[word], severity=severity, meta={"rule": rule, "do": do}
    )
