"""What a backtest says of itself, on figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from onefunnel.forecast import History, Quarters, accuracy, backtest, instant
from onefunnel.forecast.interval import interval, relative_errors
from tests import forecast_trial
from tests.forecast.companies import START, company


def _rows(method: str, expected: list, actual: list, low: list, high: list, status: str = "ok") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "method": method,
            "horizon": "this quarter",
            "week": 4,
            "quarter": range(len(expected)),
            "segment": "all",
            "expected_amount": expected,
            "low_amount": low,
            "high_amount": high,
            "actual_amount": actual,
            "status": status,
        }
    )


def test_scores_are_those_of_the_glossary():
    blend = _rows("blend", [90, 130, 100, None], [100, 100, 200, 999], [80, 110, 90, None], [110, 150, 210, None])
    blend.loc[3, "status"] = "not enough history"
    naive = _rows("last_quarter", [100, 100, 100, 7], [100, 100, 200, 999], [50, None, 50, 1], [99, None, 250, 9])
    scores = accuracy(pd.concat([blend, naive])).set_index("method")
    assert scores.loc["blend", ["origins", "wape", "bias"]].tolist() == [3, 140 / 400, -80 / 400]
    assert scores.loc["blend", ["coverage_80", "width"]].tolist() == [2 / 3, 190 / 400]
    assert scores.loc["last_quarter", ["origins", "wape", "bias"]].tolist() == [3, 100 / 400, -100 / 400]
    assert scores.loc["last_quarter", ["coverage_80", "width"]].tolist() == [1 / 2, 249 / 300]


def test_the_interval_is_that_of_past_errors_and_holds_the_forecast():
    errors = relative_errors(np.array([100.0, 100, 100, 100, 100, 100, 0]), np.array([50.0, 80, 100, 110, 130, 200, 5]))
    low, high = interval(np.array([1000.0]), np.array([0.0]), errors, origins=7)
    assert (low[0], high[0]) == (pytest.approx(500), pytest.approx(2000)), "with six errors these are the outer ones"
    assert interval(np.array([1000.0]), np.array([700.0]), errors, origins=7)[0][0] == 700, "so much has closed"
    low, high = interval(np.array([1000.0]), np.array([0.0]), np.full(9, 0.5), origins=9)
    assert (low[0], high[0]) == (1000, 1500)
    assert np.isnan(interval(np.array([1000.0]), np.array([0.0]), errors, origins=5)).all()


def test_ten_thousand_deals_are_backtested_in_every_week_of_every_quarter():
    states, quarters, since = company(1, "steady", deals=330), Quarters(), instant(START)
    assert states["deal_id"].nunique() > 9500
    rows = backtest(History(states, since), quarters, quarters.start(quarters.holding(since) + 24) - 2)
    assert rows["week"].nunique() == 13 and rows["quarter"].nunique() == 24


def test_the_trial_pools_companies_alike_and_names_what_misses_the_aim():
    rows = pd.concat([forecast_trial.judged(3, "steady"), forecast_trial.judged(4, "few large deals")])
    told = forecast_trial.table(rows)
    assert (told["origins"] > 0).all() and len(told) == 12
    mean = rows[rows["method"] == "blend"].groupby("seed")["actual_amount"].mean()
    assert (mean / mean.mean()).between(0.8, 1.25).all()
    told.loc[:, ["ratio", "coverage", "bias"]] = [0.9, 0.8, 0.01]
    assert forecast_trial.missed(told) == []
    told.loc[told["week"] == 4, ["ratio", "coverage", "bias"]] = [0.99, 0.9, -0.06]
    missed = [what.split(":")[1].split()[0] for what in forecast_trial.missed(told)]
    assert missed == ["ratio", "coverage", "bias"] * 3, "week 4 of each of the three horizons"
