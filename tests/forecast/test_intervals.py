"""Whoever reads the past forecasts finds the published intervals; where errors are no share of it there is none."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from onefunnel.forecast import History, Quarters, forecast, instant
from onefunnel.forecast.facts import HORIZONS
from onefunnel.forecast.publish import past_errors
from tests.forecast.companies import START, company

AS_OF = "2024-02-20T09:00:00+05:30"


def quantile(errors: list[float], share: float) -> float:
    """Between the errors next to the place (n + 1/3) x share + 1/3, counted from one."""
    errors = sorted(errors)
    place = min(max((len(errors) + 1 / 3) * share + 1 / 3, 1), len(errors))
    below = math.floor(place)
    return errors[below - 1] + (place - below) * (errors[min(below, len(errors) - 1)] - errors[below - 1])


@pytest.fixture(scope="module", params=[(11, "few large deals"), (5, "steady")], ids=lambda param: param[1])
def told(request) -> tuple[pd.DataFrame, pd.DataFrame]:
    seed, shape = request.param
    known = History(company(seed, shape, deals=60), instant(START)), Quarters(), instant(AS_OF)
    return forecast(*known)[0], past_errors(*known)


def test_every_interval_follows_from_the_past_forecasts_that_are_told(told):
    rows, past = told
    past = past.assign(is_all=past["segment"] == "all")
    of = {key: some for key, some in past.groupby(["horizon", "method", "is_all"])}
    bounded = rows[rows["low_amount"].notna()]
    assert {"all"} < set(bounded["segment"]) and set(bounded["horizon"]) == set(HORIZONS)
    for row in bounded.to_dict("records"):
        some = of[row["horizon"], row["method"], row["segment"] == "all"]
        some = some[some["expected_amount"] > 0]
        errors = [a / e - 1 for a, e in zip(some["actual_amount"], some["expected_amount"])]
        assert some["relative_error"].tolist() == pytest.approx(errors, abs=1e-12)
        expected, closed = int(row["expected_amount"]), int(row["closed_amount"])
        low, high = (expected * (1 + quantile(errors, share)) for share in (0.1, 0.9))
        assert row["low_amount"] == pytest.approx(min(max(low, min(closed, expected)), expected), abs=1)
        assert row["high_amount"] == pytest.approx(max(high, expected), abs=1)
        assert len(past[(past["horizon"] == row["horizon"]) & (past["method"] == row["method"])
                        & (past["segment"] == row["segment"])]) == row["origins"] >= 6  # fmt: skip


def test_a_forecast_without_an_interval_says_why(told):
    rows, _ = told
    rows = rows[rows["expected_amount"].notna()]
    assert ((rows["interval_status"] == "ok") == rows["low_amount"].notna()).all()
    short = rows[rows["origins"] < 6]
    assert set(short["interval_status"]) <= {"not enough history"}


def test_a_method_that_expected_a_fraction_of_what_came_has_no_interval_and_the_blend_keeps_its_own():
    """Nothing that closes next quarter is due in it yet: its deals are not there."""
    states = company(11, "few large deals", deals=60)
    opened = states.groupby("deal_id")["at"].transform("min").dt.tz_convert("Asia/Kolkata").dt.tz_localize(None)
    soon = states["expected_close_on"].where(states["deal_id"].str[-1] == "7", opened.dt.normalize())
    rows, past = (
        found(History(states.assign(expected_close_on=soon), instant(START)), Quarters(), instant(AS_OF))
        for found in (lambda *known: forecast(*known)[0], past_errors)
    )
    sums = past[(past["segment"] == "all") & (past["horizon"] == HORIZONS[1])].groupby("method")[
        ["expected_amount", "actual_amount"]
    ].sum()  # fmt: skip
    assert sums.loc["stage_weighted", "expected_amount"] * 2 < sums.loc["stage_weighted", "actual_amount"]
    next_quarter = rows[(rows["horizon"] == HORIZONS[1]) & (rows["segment"] == "all")].set_index("method")
    assert next_quarter.loc["stage_weighted", "interval_status"] == "expected too little of what came"
    assert pd.isna(next_quarter.loc["stage_weighted", "low_amount"])
    assert next_quarter.loc["stage_weighted", "status"] == next_quarter.loc["blend", "interval_status"] == "ok"
