"""Random companies of a few accounts, with the coincidences that attribution must not stumble over."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.attribution.contract import LOOKBACK_DAYS, Deal, Touch, World

START = datetime(2025, 4, 1, tzinfo=UTC)
CHANNELS = ["Email", "Paid search", "Webinar", "Website", "unmapped"]
# a few instants, so that they coincide; the two at the far end of the lookback, and a microsecond inside it
STEPS = [timedelta(days=day) for day in (0, 1, 2, 40, 100, LOOKBACK_DAYS, LOOKBACK_DAYS + 1)]
STEPS += [STEPS[1] + timedelta(microseconds=1), STEPS[-1] + timedelta(microseconds=1), STEPS[3] + timedelta(hours=7)]
AMOUNTS = ["0", "0.01", "-0.01", "100.00", "-777.77", "12345.67", "99999999999999.99", "0.07"]

instants = st.sampled_from(STEPS).map(lambda step: START + step)
maybe = st.none() | instants


def deals(number: int) -> st.SearchStrategy[Deal]:
    return st.builds(
        Deal,
        deal_id=st.just(f"d{number}"),
        account_id=st.sampled_from(["a", "b", "c"]),
        status=st.sampled_from(["won", "won", "lost", "open"]),
        lead_created_at=maybe,
        opportunity_at=maybe,
        closed_at=maybe,
        amount=st.none() | st.sampled_from(AMOUNTS).map(Decimal),
    )


def touches(number: int) -> st.SearchStrategy[Touch]:
    return st.builds(
        Touch,
        touch_id=st.sampled_from([f"t{number}", f"T{number}", f"{99 - number}"]),
        at=instants,
        channel=st.sampled_from(CHANNELS),
        account_id=st.sampled_from(["a", "b", "c", "no deal", "nor here"]),
        is_eligible=st.sampled_from([True, True, True, True, False]),
    )


@st.composite
def worlds(draw) -> World:
    count = draw(st.integers(0, 6)), draw(st.integers(0, 25))
    return World([draw(deals(n)) for n in range(count[0])], [draw(touches(n)) for n in range(count[1])])


def large_world(seed: int, accounts: int = 60) -> World:
    """Some hundred paths at once, always the same for a seed; here a touch may be of any second."""
    dice, world = random.Random(seed), World()

    def some_instant() -> datetime:
        if dice.random() < 0.6:
            return START + dice.choice(STEPS)
        return START + timedelta(seconds=dice.randrange(230 * 86_400))

    for n in range(accounts):
        for k in range(dice.choice([0, 1, 1, 2])):
            amount = dice.choice([None, *AMOUNTS, f"{dice.randrange(10**8)}.{dice.randrange(100):02d}"])
            deal = Deal(f"d{n}.{k}", f"a{n}", dice.choice(["won", "won", "lost", "open"]))
            deal.lead_created_at, deal.opportunity_at = (dice.choice([None, some_instant()]) for _ in range(2))
            deal.closed_at = some_instant() if deal.status != "open" else None
            deal.amount = Decimal(amount) if amount else None
            world.deals.append(deal)
        for k in range(dice.choice([0, 1, 2, 3, 5, 9, 17])):
            world.touches.append(
                Touch(f"t{n}.{99 - k}", some_instant(), dice.choice(CHANNELS), f"a{n}", dice.random() < 0.9)
            )
    return world
