"""Revenue that is invoiced: with or without a deal, in parts, credited; won deals wait in the pipeline for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.forecast import History, Quarters, forecast, instant
from onefunnel.forecast.closings import Invoices
from onefunnel.forecast.facts import HORIZONS, Reader
from onefunnel.forecast.rolling import PARTS
from tests.forecast.streams import SEGMENTS, stream

QUARTERS = Quarters()


def _invoices(seed: int, states: pd.DataFrame) -> pd.DataFrame:
    """Invoices of won deals in parts, some without a deal, some credit notes."""
    rng = np.random.default_rng(seed)
    won = states[states["status"] == "won"].sample(frac=0.9, random_state=seed)
    some = pd.concat([won, won.sample(frac=0.3, random_state=seed), states.sample(30, random_state=seed)])
    return pd.DataFrame(
        {
            "deal_id": some["deal_id"].where(rng.random(len(some)) < 0.7),
            "at": some["at"] + pd.to_timedelta(rng.integers(0, 60, len(some)), unit="D"),
            "amount": rng.integers(-(10**8), 10**9, len(some)),
            "segment": SEGMENTS[rng.integers(0, 3, len(some))],
        }
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(300, 1300))
def test_invoiced_revenue_adds_up_and_knows_nothing_later(seed, day):
    states = stream(seed, deals=80)
    invoices = _invoices(seed, states)
    at = pd.Timestamp("2021-01-01", tz="UTC") + pd.Timedelta(days=day)
    history = History(states)
    rows, deals = forecast(history, QUARTERS, instant(at), invoices)
    early = invoices[invoices["at"] <= at].sample(frac=1, random_state=1)
    again, its_deals = forecast(history, QUARTERS, instant(at), early)
    pd.testing.assert_frame_equal(rows, again)
    pd.testing.assert_frame_equal(deals, its_deals)
    told = rows[rows["expected_amount"].notna()]
    assert (told[[f"{part}_amount" for part in PARTS]].sum(axis=1) == told["expected_amount"]).all()
    start = QUARTERS.start(QUARTERS.holding(instant(at)))
    since = pd.Timestamp(start, unit="us", tz="UTC")
    closed = told[(told["horizon"] == HORIZONS[0]) & (told["segment"] == "all")]["closed_amount"]
    assert set(closed) <= {early[early["at"] >= since]["amount"].sum()}


def test_a_won_deal_waits_in_the_pipeline_for_what_is_not_invoiced():
    days = pd.to_datetime(["2024-04-10", "2024-05-10", "2024-06-10"], utc=True)
    states = pd.DataFrame(
        {
            "deal_id": "D",
            "at": days[:2],
            "status": ["open", "won"],
            "stage_order": [1, 6],
            "amount": [700, 1000],
            "expected_close_on": pd.Timestamp("2024-06-30"),
            "segment": "micro",
            "category": "commit",
        }
    )
    invoices = pd.DataFrame({"deal_id": ["D", None], "at": days[2], "amount": [400, 50], "segment": "micro"})
    history = History(states)
    reader = Reader(history, QUARTERS, Invoices(history, invoices))
    number, now = QUARTERS.holding(instant("2024-05-01")), instant("2025-01-01")
    stood = {}
    for on in ("2024-05-01", "2024-06-01", "2024-06-20"):
        facts = reader.facts(number, instant(on), HORIZONS[0], now)
        stood[on] = (facts.amount.tolist(), facts.closed.sum(), facts.outcome.from_pipeline.sum(), facts.commit.sum())
    assert stood == {
        "2024-05-01": ([700], 0, 400, 700),
        "2024-06-01": ([1000], 0, 400, 0),
        "2024-06-20": ([600], 450, 0, 0),
    }


def test_invoices_that_break_the_contract_are_refused_by_name():
    states = stream(1)
    invoices = _invoices(1, states)
    with pytest.raises(ValueError, match="no column segment"):
        Invoices(History(states), invoices.drop(columns="segment"))
    with pytest.raises(ValueError, match="no deal is in segment huge"):
        Invoices(History(states), invoices.assign(segment="huge"))
