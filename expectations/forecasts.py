"""What must hold of the forecast, of its record and of the targets."""

from __future__ import annotations

import great_expectations as gx

from expectations.published import equal, once
from expectations.shared_numbers import _all_hold, _suite
from onefunnel.gate.forecasts import OF_ACCURACY


def forecasts_suite() -> gx.ExpectationSuite:
    """One row per origin, horizon and method."""
    return _suite(
        "forecasts",
        _all_hold("forecasts", "forecasts_are_the_sum_of_their_parts"),
        _all_hold("totals", "forecasts_are_the_sum_of_their_segments"),
    )


def intervals_suite() -> gx.ExpectationSuite:
    """One row per horizon and method of this run."""
    return _suite("intervals", _all_hold("intervals", "intervals_follow_from_the_past_forecasts"))


def accuracy_suite() -> gx.ExpectationSuite:
    """One row per method, horizon and week."""
    return _suite(
        "accuracy",
        once("times_published", "each_method_has_one_record"),
        *[equal(name, f"forecast_{name}_as_recounted") for name in OF_ACCURACY],
    )


def targets_suite() -> gx.ExpectationSuite:
    """One row per fiscal quarter with a target."""
    return _suite("targets", equal("revenue_amount", "revenue_beside_its_target_as_recounted"))
