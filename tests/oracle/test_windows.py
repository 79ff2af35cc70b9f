"""The day-level sums, medians and lifetimes against the same written as loops over rows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.days import Calendar, plus_months
from tests.oracle.facts import frame
from tests.oracle.hand import SETTINGS, at, on
from tests.oracle.lifetime import Lifetime
from tests.oracle.reading import company
from tests.oracle.windows import Grid, Sums, divide, median, ninetieth, spread_of

FIRST, LAST = on("2024-02-20"), on("2025-06-04")
GRID = Grid(Calendar("UTC"), at("2025-06-05"), FIRST, LAST, {"total": ["all"], "segment": ["S", "T", "unknown"]})
days = st.none() | st.integers(FIRST - 40, LAST + 20)
rows = st.lists(st.tuples(days, st.sampled_from(["S", "T", "elsewhere"]), st.integers(-900, 900)), max_size=25)


def as_frame(drawn):
    found = [{"day": day, "segment": said, "paisa": paisa, "days": paisa / 7} for day, said, paisa in drawn]
    return frame(found, "day", "paisa", "days")


def inside(drawn, said, start, end):
    return [paisa for day, value, paisa in drawn if day is not None and start <= day < end and value == said]


@settings(deadline=None, max_examples=40)
@given(rows)
def test_sums_and_medians_of_every_window(drawn):
    table = as_frame(drawn)
    counts, sums = Sums(GRID, "segment", table), Sums(GRID, "segment", table, weight="paisa")
    for start, end in (
        (GRID.start, GRID.end_eff),
        (GRID.year_back, GRID.end_eff),
        (GRID.start - 33, GRID.end_eff - 33),
    ):
        many, half, most = spread_of(GRID, "segment", table, start, end, median, ninetieth)
        count, paisa = counts.between(start, end), sums.between(start, end)
        for row in range(0, len(start), 3):
            for column, said in enumerate(GRID.values["segment"]):
                here = inside(drawn, said, start[row], min(end[row], LAST + 1))
                assert count[row, column] == many[row, column] == len(here) and paisa[row, column] == sum(here)
                if here:
                    assert half[row, column] == pytest.approx(by_hand(here, 0.5) / 7, rel=1e-12, abs=1e-12)
                    assert most[row, column] == pytest.approx(by_hand(here, 0.9) / 7, rel=1e-12, abs=1e-12)
                else:
                    assert math.isnan(half[row, column])


def by_hand(numbers, share):
    """Interpolated linearly between the two nearest."""
    ordered, place = sorted(numbers), share * (len(numbers) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def test_the_grid_reaches_from_the_first_to_the_last_day():
    of = {
        kind: [p for p in GRID.periods if p.kind == kind] for kind in ("week", "month", "fiscal_quarter", "fiscal_year")
    }
    assert [len(found) for found in of.values()] == [68, 17, 6, 3]
    assert of["fiscal_year"][0].start == on("2023-04-01") and of["fiscal_quarter"][-1].end == on("2025-07-01")
    assert GRID.end_eff.max() == on("2025-06-05") and GRID.running.sum() == 4
    back = {"2024-02-29": "2023-02-28", "2025-02-28": "2024-02-28", "2024-01-15": "2023-01-15"}
    assert {day: plus_months(on(day), -12) for day in back} == {day: on(before) for day, before in back.items()}
    assert np.isnan(divide(np.array([1.0]), np.array([0]))[0])


orders = st.lists(
    st.tuples(st.integers(FIRST, LAST), st.sampled_from("abcd"), st.integers(0, 10**9), st.booleans()), max_size=15
)


@settings(deadline=None, max_examples=40)
@given(orders)
def test_lifetime_value_as_a_loop(drawn):
    said = company(run__context=[SETTINGS | {"clv_discount_percent": 10, "clv_prior_years": 2}]).context
    drawn, seen, found = sorted(drawn), {}, []
    for day, account, paisa, has in drawn:
        seen[account] = seen.get(account, -1) + 1
        found.append({"account_id": account, "day": day, "paisa": paisa if has else 0, "has_amount": has,
                      "place": seen[account], "segment": "ST"[account in "cd"], "total": "all"})  # fmt: skip
    worth = Lifetime(said, frame(found, "account_id", "day", "paisa", "has_amount", "place")).sums(GRID, "segment")
    for row in (0, 40, 75, len(GRID.periods) - 1):
        end = int(GRID.end_eff[row])
        assert list(worth[row]) == [lifetime(drawn, accounts, end) for accounts in ("ab", "cd", "")]


def lifetime(drawn, accounts, end):
    """The paisa of one segment's customers."""
    of = {a: [(d, p, has) for d, account, p, has in drawn if account == a and d < end] for a in accounts}
    of = {account: had for account, had in of.items() if had}
    years = {account: (end - min(day for day, _, _ in had)) / 365.25 for account, had in of.items()}
    rate = sum(len(had) - 1 for had in of.values()) / sum(years.values()) if of else 0
    total = 0
    for account, had in of.items():
        amounts = [paisa / 100 for _, paisa, has in had if has]
        mean = sum(amounts) / len(amounts) if amounts else 0
        active = 0.5 ** ((end - max(day for day, _, _ in had)) / 20)
        expected = (len(had) - 1 + 2 * rate) / (years[account] + 2)
        total += math.floor(expected * mean * 0.5 * active * (1 / 1.1 + 1 / 1.21) * 100 + 0.5)
    return total
