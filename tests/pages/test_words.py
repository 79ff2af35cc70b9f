"""Numbers, dates and periods as people read them: properties that hold for every number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from onefunnel.pages import review_units, words

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
WORTH = {"crore": 10_000_000, "lakh": 100_000, "": 1}


def read(text: str) -> tuple[Decimal, str]:
    """The amount that a text says, and its unit, read back by hand."""
    found = re.fullmatch(r"(−?)₹([\d,]+(?:\.\d+)?)(?: (lakh|crore))?", text)
    sign, digits, unit = found.groups()
    return Decimal(digits.replace(",", "")) * (-1 if sign else 1), unit or ""


@given(AMOUNTS)
def test_an_amount_in_rupees_is_read_back_within_half_of_its_last_digit(amount):
    number, unit = read(words.money(amount, "INR"))
    step = Decimal("0.01") if unit else Decimal(1)
    assert abs(number * WORTH[unit] - amount) <= step * WORTH[unit] / 2
    # rounding carries over: never 100.00 lakh, never 1,00,000 without a word
    assert abs(number) < {"crore": 10**6, "lakh": 100, "": 10**5}[unit]
    assert number == 0 or abs(number) >= 1 or not unit


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_indian_grouping_is_undone_by_taking_the_commas_out(number):
    text = words.indian(number)
    assert int(text.replace(",", "").replace("−", "-")) == number
    assert re.fullmatch(r"−?\d{1,3}|−?\d{1,2}(,\d{2})*,\d{3}", text)


@given(AMOUNTS)
def test_an_amount_in_full_loses_no_paisa(amount):
    text = words.money_in_full(amount, "INR")
    assert Decimal(text.replace("₹", "").replace(",", "").replace("−", "-")) == amount


@given(AMOUNTS, AMOUNTS)
def test_a_range_says_both_its_ends(first, second):
    low, high = sorted((first, second))
    text = words.money_range(low, high, "INR")
    start, end = words.money(low, "INR"), words.money(high, "INR")
    # a unit that both have is said once
    shared = start.split(" ")[-1] if " " in start and start.split(" ")[-1] == end.split(" ")[-1] else ""
    assert text.startswith(start.removesuffix(f" {shared}") if shared and "–₹" not in text else start.split(" ")[0])
    assert text.endswith(end.removeprefix("₹") if shared and low >= 0 else end)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_a_period_says_its_first_and_its_last_day(first, length):
    last = first + timedelta(days=length)
    text = words.days(first, last)
    assert text.endswith(f"{last.day} {last:%b} {last.year}") and text.startswith(str(first.day))
    assert (f"{first:%b}" in text) and (str(first.year) in text)


@given(AMOUNTS, st.sampled_from(["INR", "USD"]))
def test_a_column_in_one_unit_never_shows_something_as_nothing(amount, currency):
    unit, _ = review_units.column_unit([amount, Decimal(10**9)], currency)
    text = review_units.in_unit(amount, unit, currency)
    assert (text == "0") == (amount == 0)
    assert text.startswith("−") == (amount < 0)


@given(st.lists(st.text(alphabet="abcdef -", min_size=1, max_size=90), min_size=1, max_size=60), st.integers(3, 12))
def test_a_list_is_cut_to_its_lines_and_never_to_nothing(names, most):
    kept = review_units.cut(names, most)
    used = [len(review_units.lines(name)) for name in names]
    assert 1 <= kept <= len(names)
    assert kept == 1 or sum(used[:kept]) + (kept < len(names)) <= most
    if kept < len(names):
        assert sum(used) > most and sum(used[: kept + 1]) > most - 1
    assert all(len(line) <= review_units.LINE for name in names for line in review_units.lines(name))
