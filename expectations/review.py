"""What must hold of the weekly review."""

from __future__ import annotations

import great_expectations as gx

from expectations.published import equal, once
from expectations.shared_numbers import _all_hold, _suite


def review_suite() -> gx.ExpectationSuite:
    """One row per figure of the review that is a number; rejudged_ is what the tables say that it is of."""
    return _suite(
        "review",
        once("times_published", "the_review_tells_every_figure_once"),
        once("times_rejudged", "the_review_tells_no_other_figure"),
        equal("said", "review_figures_are_those_of_their_tables"),
        equal("before", "review_figures_stand_beside_the_period_before"),
        equal("target", "review_figures_stand_beside_what_was_promised"),
        equal("dates", "review_figures_bear_the_days_of_their_period"),
    )


def actions_suite() -> gx.ExpectationSuite:
    """One row per week and figure of the actions."""
    return _suite("actions", _all_hold("sides", "actions_are_shown_of_both_sides_and_hold_no_address"))
