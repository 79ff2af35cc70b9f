"""The forecast: its parts add up, nothing of it comes from later, and short history says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.forecast import History, Quarters, backtest, forecast, instant
from onefunnel.forecast.closings import Bookings
from onefunnel.forecast.exact import shares
from onefunnel.forecast.facts import HORIZONS, Reader
from onefunnel.forecast.rolling import METHODS, PARTS
from tests.forecast.companies import START, company
from tests.forecast.streams import stream

QUARTERS = Quarters()
PART_COLUMNS = [f"{part}_amount" for part in PARTS]
# the window of an origin ends so many quarters after its own; the last quarter whose end has come in the backtest
WINDOW_ENDS = dict(zip(HORIZONS, (0, 1, 1)))
LAST_QUARTER = QUARTERS.holding(instant("2025-03-31"))
ORIGINS = ["2023-10-01T00:00:00+05:30", "2024-02-20T09:00:00+05:30", "2024-12-31T23:59:59+05:30"]


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return company(11, "few large deals")


def told(states: pd.DataFrame, as_of: str, quarters: Quarters = QUARTERS):
    return forecast(History(states, instant(START)), quarters, instant(as_of))


def after(states: pd.DataFrame, as_of: str) -> pd.Series:
    return states["at"] > pd.Timestamp(as_of)


@pytest.mark.parametrize("as_of", ORIGINS)
def test_nothing_after_the_origin_matters(states, as_of):
    later = after(states, as_of)
    rng = np.random.default_rng(1)
    moved = states.assign(
        at=states["at"].where(~later, states["at"] + pd.to_timedelta(rng.integers(1, 10**7, len(states)), unit="s")),
        amount=states["amount"].where(~later, rng.permutation(states["amount"].to_numpy())),
        status=states["status"].where(~later, rng.permutation(states["status"].to_numpy())),
        stage_order=states["stage_order"].where(~later, rng.integers(1, 9, len(states))),
        segment=states["segment"].where(~later, "unheard of"),
    ).drop_duplicates(["deal_id", "at"])
    (whole, deals), (deleted, its_deals), (shuffled, others) = (
        told(some, as_of) for some in (states, states[~later], moved)
    )
    pd.testing.assert_frame_equal(whole, deleted)
    pd.testing.assert_frame_equal(deals, its_deals)
    known = shuffled[shuffled["segment"] != "unheard of"].reset_index(drop=True)
    pd.testing.assert_frame_equal(whole, known)
    pd.testing.assert_frame_equal(deals, others)


def test_a_backtest_says_what_was_forecast_then(states):
    history = History(states, instant(START))
    rows = backtest(history, QUARTERS, instant("2025-03-31T18:29:59.999999Z"), weeks=[5])
    number = QUARTERS.holding(instant("2023-08-01"))
    at = QUARTERS.same_point(number, pd.Timedelta(days=35))
    then, _ = told(states, str(pd.Timestamp(at - 1, unit="us", tz="UTC")))
    assert (rows["actual_amount"].isna() == (rows["quarter"] + rows["horizon"].map(WINDOW_ENDS) > LAST_QUARTER)).all()
    rows = rows[rows["quarter"] == number].drop(columns="actual_amount").reset_index(drop=True)
    then = then[(then["segment"] == "all") | then["expected_amount"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, then)


def test_the_backtest_does_not_repeat_what_is_published_and_says_once_why_nothing_is_said(states):
    as_of = QUARTERS.start(QUARTERS.holding(instant("2024-07-01")))
    rows = backtest(History(states, instant(START)), QUARTERS, as_of, weeks=[0])
    assert rows["as_of_on"].max() < pd.Timestamp("2024-07-01").date()
    assert rows[rows["expected_amount"].isna()]["segment"].eq("all").all()
    silent = rows[rows["method"].eq("blend") & rows["status"].eq("not enough history")]
    assert len(silent) and silent["actual_amount"].notna().all()


@pytest.mark.parametrize("as_of", ORIGINS)
def test_parts_segments_and_deals_add_up_to_the_paisa(states, as_of):
    rows, deals = told(states, as_of)
    rows = rows[rows["expected_amount"].notna()]
    assert set(rows["method"]) == set(METHODS)
    assert (rows[PART_COLUMNS].sum(axis=1) == rows["expected_amount"]).all()
    keys = ["horizon", "method"]
    total = rows[rows["segment"] == "all"].set_index(keys)
    segments = rows[rows["segment"] != "all"].groupby(keys)
    for column in ["expected_amount", *PART_COLUMNS]:
        assert segments[column].sum().to_dict() == total[column].to_dict()
    blend = rows[rows["method"] == "blend"].set_index(["horizon", "segment"])["weighted_pipeline_amount"]
    by_segment = deals.groupby(["horizon", "segment"])["expected_amount"].sum()
    assert (by_segment == blend.reindex(by_segment.index)).all()
    near = deals["open_amount"] * deals["conversion_rate"] * deals["blend_weight"]
    assert (deals["expected_amount"] - near).abs().max() < 1
    bounded = rows[rows["low_amount"].notna()]
    assert (bounded["low_amount"] <= bounded["expected_amount"]).all()
    assert (bounded["expected_amount"] <= bounded["high_amount"]).all()
    assert (bounded["low_amount"] >= bounded[["closed_amount", "expected_amount"]].min(axis=1)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 1500))
def test_any_stream_of_events_adds_up(seed, day):
    states = stream(seed)
    at = pd.Timestamp("2021-01-01", tz="UTC") + pd.Timedelta(days=day)
    rows, deals = forecast(History(states), QUARTERS, instant(at))
    rows = rows[rows["expected_amount"].notna()]
    assert (rows[PART_COLUMNS].sum(axis=1) == rows["expected_amount"]).all()
    latest = states[states["at"] <= at].sort_values("at").groupby("deal_id").tail(1)
    opened = latest[latest["status"] == "open"]
    if len(deals):
        listed = deals[deals["horizon"] == HORIZONS[0]].set_index("deal_id")["open_amount"]
        assert listed.sort_index().to_dict() == opened.set_index("deal_id")["amount"].sort_index().to_dict()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(HORIZONS), st.integers(0, 12))
def test_what_closed_is_what_came_from_open_deals_and_from_others(seed, horizon, week):
    states = stream(seed)
    reader = _reader(states)
    number = QUARTERS.holding(instant("2022-05-01"))
    at = QUARTERS.same_point(number, pd.Timedelta(days=7 * week))
    facts = reader.facts(number, at, horizon, now=instant("2030-01-01"))
    outcome = facts.outcome
    segment = np.arange(len(outcome.from_pipeline)) % len(reader.history.segments)
    from_pipeline = np.bincount(segment, outcome.from_pipeline, len(outcome.closed))
    assert np.array_equal(from_pipeline + outcome.from_new, outcome.closed)
    assert np.array_equal(facts.closed + outcome.closed, _won_between(states, facts.start, facts.end, reader.history))


def _reader(states: pd.DataFrame) -> Reader:
    history = History(states)
    return Reader(history, QUARTERS, Bookings(history))


def _won_between(states: pd.DataFrame, start: int, end: int, history: History) -> np.ndarray:
    """Paisa by segment of deals won at `end` whose unbroken run of won rows began in [start, end), by a slow loop."""
    sums = dict.fromkeys(history.segments, 0)
    for _, rows in states.sort_values("at").groupby("deal_id"):
        rows = [row for row in rows.to_dict("records") if instant(row["at"]) < end]
        if not rows or rows[-1]["status"] != "won":
            continue
        run = len(rows) - 1
        while run and rows[run - 1]["status"] == "won":
            run -= 1
        if instant(rows[run]["at"]) >= start:
            sums[rows[-1]["segment"]] += rows[-1]["amount"]
    return np.array([float(sums[segment]) for segment in history.segments])


def test_short_history_says_so_and_the_naive_methods_stand_alone(states):
    rows, deals = told(states, "2020-08-20T00:00:00+05:30")
    status = rows[(rows["segment"] == "all") & (rows["horizon"] == HORIZONS[0])].set_index("method")["status"]
    assert status["blend"] == "not enough history"
    assert status["last_quarter"] == status["average_four"] == status["same_quarter_last_year"] == "ok"
    assert rows[rows["method"] == "blend"]["expected_amount"].isna().all()
    assert deals.empty


def test_without_a_forecast_category_sales_commit_is_unavailable_by_name(states):
    rows, _ = told(states.drop(columns="category"), ORIGINS[1])
    commit = rows[rows["method"] == "sales_commit"]
    assert set(commit["status"]) == {"unavailable: no forecast category"}
    assert commit["expected_amount"].isna().all()


def test_a_deal_won_on_the_first_instant_of_a_quarter_belongs_to_it():
    start = pd.Timestamp("2024-07-01", tz="Asia/Kolkata")
    states = pd.DataFrame(
        {
            "deal_id": "D",
            "at": [start - pd.Timedelta(days=30), start],
            "status": ["open", "won"],
            "stage_order": [1, 6],
            "amount": [100, 900],
            "expected_close_on": None,
            "segment": "micro",
        }
    )
    reader, now = _reader(states), instant("2025-01-01")
    first = QUARTERS.holding(instant(start)) - 1
    closed = [reader.facts(q, QUARTERS.start(q), HORIZONS[0], now).outcome.closed.sum() for q in (first, first + 1)]
    assert closed == [0, 900]


@given(st.lists(st.floats(0, 1e12), max_size=40))
def test_shares_are_whole_next_to_their_parts_and_add_up(parts):
    parts = np.array(parts)
    whole = shares(parts)
    assert whole.sum() == int(np.floor(parts.sum() + 0.5))
    assert (np.abs(whole - parts) <= 1).all()


def test_before_the_first_deal_and_without_stages_there_are_words_instead_of_amounts(states):
    rows, deals = told(states, "2010-01-01T00:00:00Z")
    assert deals.empty
    assert set(rows["status"]) <= {"not enough history", "ok", "nothing committed yet"}
    assert set(rows["expected_amount"].dropna()) <= {0}
    blind, _ = told(states.assign(stage_order=None), ORIGINS[1])
    assert (blind[blind["method"] == "blend"]["status"] == "ok").all(), "age and segment are left"


@pytest.mark.parametrize("since, first", [("2021-07-01T00:00:00+05:30", "FY22-Q2"), ("2021-07-02", "FY22-Q3")])
def test_a_quarter_that_the_stream_does_not_tell_whole_is_not_learnt_from(states, since, first):
    rows = backtest(History(states, instant(since)), QUARTERS, instant(ORIGINS[1]), weeks=[0], horizons=HORIZONS[:1])
    assert rows["fiscal_quarter"].iloc[0] == first
