"""The forecasts against the same sums made deal by deal in plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from onefunnel.forecast import History, Quarters, backtest, instant
from tests.forecast import oracle
from tests.forecast.streams import stream

FIRST, LAST = 26, 34


@dataclass
class Both:
    """One company told by the oracle, and by the package: a row per quarter of each method's total."""

    windows: list[oracle.Window]
    rows: dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=[(1, 0), (2, 4), (3, 8), (4, 12)], ids=lambda param: f"week {param[1]}")
def both(request) -> Both:
    seed, week = request.param
    states = stream(seed, deals=150, start="2021-10-01", days=850)
    slow = oracle.Oracle(states)
    windows = [slow.window(number, timedelta(weeks=week)) for number in range(FIRST, LAST + 1)]
    since, end = instant(oracle.quarter(FIRST)), instant(oracle.quarter(LAST + 1)) - 1
    rows = backtest(History(states, since), Quarters(), end, weeks=[week], horizons=["this quarter"])
    # the day after the last window is the next one's first
    rows = rows[(rows["segment"] == "all") & (rows["quarter"] <= rows["quarter"].min() + LAST - FIRST)]
    return Both(windows, dict(list(rows.groupby("method"))))


def test_what_came_is_what_plain_sums_say(both):
    for rows in both.rows.values():
        assert rows["actual_amount"].tolist() == [window.closed + window.still for window in both.windows]


def test_the_blend_is_what_plain_sums_say(both):
    checked = 0
    for now, row in enumerate(both.rows["blend"].to_dict("records")):
        if row["status"] == "ok":
            expected, weight = oracle.blend(both.windows, now)
            assert row["expected_amount"] == pytest.approx(expected, abs=3)
            assert row["blend_weight"] == pytest.approx(weight)
            checked += 1
    assert checked == LAST - FIRST - 6, "six past errors are needed, the first forecast has one window behind it"


def test_the_interval_is_that_of_the_blends_own_past_errors(both):
    expected = [oracle.blend(both.windows, now)[0] for now in range(1, len(both.windows))]
    errors = [(window.closed + window.still) / told - 1 for window, told in zip(both.windows[1:], expected)]
    for now, row in enumerate(both.rows["blend"].to_dict("records")):
        if row["status"] == "ok":
            told, closed = expected[now - 1], both.windows[now].closed
            low, high = np.quantile(errors[: now - 1], [0.1, 0.9], method="median_unbiased") + 1
            assert row["low_amount"] == pytest.approx(min(max(told * low, closed), told), abs=9)
            assert row["high_amount"] == pytest.approx(max(told * high, told), abs=9), "errors are of whole paisa"


def test_the_other_methods_are_what_plain_sums_say(both):
    for now in range(len(both.windows)):
        for method, expected in oracle.others(both.windows, now).items():
            row = both.rows[method].iloc[now]
            if expected is None:
                assert row["status"] == "not enough history", method
            else:
                assert row["expected_amount"] == pytest.approx(expected, abs=1), method
