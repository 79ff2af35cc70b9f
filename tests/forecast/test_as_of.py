"""What was known at an instant, and where quarters begin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from onefunnel.forecast import History, Quarters, instant
from onefunnel.forecast.history import STATUSES
from tests.forecast.streams import stream


@pytest.mark.parametrize("seed", range(5))
def test_what_was_known_is_the_last_row_before_the_instant(seed):
    states = stream(seed)
    history = History(states)
    instants = [*states["at"].sample(20, random_state=seed), pd.Timestamp("2020-01-01", tz="UTC")]
    for at in instants:
        known = history.known_before(instant(at))
        slow = states[states["at"] < at].sort_values("at").groupby("deal_id").last()
        fast = pd.DataFrame(
            {
                "deal_id": history.deals[history.deal[known]],
                "status": history.status[known],
                "amount": history.amount[known],
            }
        ).set_index("deal_id")
        assert sorted(fast.index) == sorted(slow.index)
        assert (fast["amount"].reindex(slow.index) == slow["amount"]).all()
        assert (fast["status"].reindex(slow.index) == slow["status"].map(STATUSES)).all()


def test_the_age_of_a_stage_is_that_of_its_unbroken_run():
    states = pd.DataFrame(
        {
            "deal_id": "D",
            "at": pd.to_datetime(["2024-04-01", "2024-04-05", "2024-04-09", "2024-05-01", "2024-05-09"], utc=True),
            "status": ["open", "open", "lost", "open", "won"],
            "stage_order": 2,
            "amount": 100,
            "expected_close_on": None,
            "segment": None,
        }
    )
    history = History(states)
    assert [str(pd.Timestamp(at, unit="us").date()) for at in history.stage_since] == [
        "2024-04-01", "2024-04-01", "2024-04-09", "2024-05-01", "2024-05-09",
    ]  # fmt: skip
    assert history.segments.tolist() == ["(none)"]


@pytest.mark.parametrize(
    "month, zone, at, name, start",
    [
        (4, "Asia/Kolkata", "2026-03-31T18:29:59Z", "FY26-Q4", "2025-12-31T18:30:00Z"),
        (4, "Asia/Kolkata", "2026-03-31T18:30:00Z", "FY27-Q1", "2026-03-31T18:30:00Z"),
        (1, "Europe/Berlin", "2026-04-01T00:00:00Z", "FY26-Q2", "2026-03-31T22:00:00Z"),
        (2, "America/New_York", "2026-01-31T12:00:00Z", "FY26-Q4", "2025-11-01T04:00:00Z"),
    ],
)
def test_a_fiscal_quarter_is_cut_in_the_companys_zone(month, zone, at, name, start):
    quarters = Quarters(month, zone)
    number = quarters.holding(instant(at))
    assert quarters.name(number) == name
    assert quarters.start(number) == instant(start)
    assert quarters.start(number) <= instant(at) < quarters.start(number + 1)


def test_the_same_point_of_a_quarter_is_the_same_time_on_the_clock():
    quarters = Quarters(1, "Europe/Berlin")
    at = instant("2026-06-10T07:30:00Z")
    offset, number = quarters.since_start(at), quarters.holding(at)
    assert quarters.same_point(number, offset) == at
    assert quarters.same_point(number - 1, offset) == instant("2026-03-12T08:30:00Z"), "it is winter then"
    assert quarters.same_point(number, pd.Timedelta(days=100)) == quarters.start(number + 1)


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda s: s.drop(columns="segment"), "no column segment"),
        (lambda s: s.iloc[:0], "no row"),
        (lambda s: s.assign(status="vanished"), "not vanished"),
        (lambda s: s.assign(amount=s["amount"] / 100), "whole number of paisa"),
        (lambda s: s.assign(amount=s["amount"].astype("Int64").where(s.index > 0)), "needed in every row"),
        (lambda s: pd.concat([s, s.head(1)]), "two rows of one instant"),
    ],
)
def test_a_frame_that_breaks_the_contract_is_refused_by_name(change, said):
    with pytest.raises(ValueError, match=said):
        History(change(stream(1)))


def test_a_nullable_amount_without_nulls_is_fine():
    states = stream(2)
    plain, nullable = History(states), History(states.assign(amount=states["amount"].astype("Int64")))
    assert np.array_equal(plain.amount, nullable.amount)
