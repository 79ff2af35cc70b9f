"""How cells are read: date-times, numbers and money."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from onefunnel.judge.instants import instant, micros
from onefunnel.judge.words import money, normal, title_words, whole_number

TEN = micros(datetime(2025, 4, 3, 10, 0, tzinfo=UTC))  # 15:30 in Asia/Kolkata
DAWN = micros(datetime(2025, 4, 2, 18, 30, tzinfo=UTC))


def read(text, day_first=True):
    return instant(text, "Asia/Kolkata", day_first)


@pytest.mark.parametrize("text", [
    "2025-04-03T15:30:00+05:30", "2025-04-03T10:00:00Z", "2025-04-03T10:00Z",
    "2025-04-03 15:30:00.000", "2025-04-03 15:30", "2025-04-03T15:30:00", "03 Apr 2025 15:30",
    "03 APR 2025 15:30:00", "03 Apr, 2025 15:30:00", "03 Apr, 2025 15:30", "03-Apr-2025 15:30", "03-04-2025 15:30",
    "03/04/2025 15:30:00", " 2025-04-03 15:30 ", "2025-04-03T15:30:00+0530",
])  # fmt: skip
def test_an_instant_is_read_in_every_agreed_form(text):
    assert read(text) == TEN


@pytest.mark.parametrize("text", [
    "2025-04-03", "03 Apr 2025", "03 Apr, 2025", "03-Apr-2025", "03/04/2025", "03-04-2025",
])  # fmt: skip
def test_a_day_is_its_local_midnight(text):
    assert read(text) == DAWN


@pytest.mark.parametrize("text", ["03/04/2025", "03-04-2025", "03-04-2025 15:30"])
def test_a_numeric_day_is_no_guess_when_the_order_is_not_declared(text):
    assert read(text, day_first=False) is None


@pytest.mark.parametrize("text", [
    None, "", "soon", "2025-02-30", "2025-04-03 25:00", "04/31/2025", "03-04/2025", "20250403",
    "2025/04/03", "45750", "3 April 2025", "03 Foo 2025", "2025-04-03T10:00:00+99:00",
    "2025-W14-4",
])  # fmt: skip
def test_anything_else_is_unknown(text):
    assert read(text) is None


def test_a_fraction_of_a_second_is_kept():
    assert read("2025-04-03T10:00:00.000001Z") == TEN + 1


@pytest.mark.parametrize(("text", "amount", "currency"), [
    ("1200", "1200", None), ("12,34,567.50", "1234567.50", None), ("1,234,567", "1234567", None),
    ("₹ 5 Cr", "50000000", "INR"), ("Rs. 2.5 lakh", "250000", "INR"), ("INR 3 lac", "300000", "INR"),
    ("rs 4L", "400000", "INR"), ("$141.56K", "141560", "USD"), ("USD 2M", "2000000", "USD"),
    ("€1B", "1000000000", "EUR"), ("£7", "7", "GBP"), ("($22,700.00)", "-22700.00", "USD"),
    ("-5", "-5", None), ("-$5", "-5", "USD"), ("$-5", "-5", "USD"), ("1 Crore", "10000000", None),
])  # fmt: skip
def test_money_is_read_with_suffixes_and_both_groupings(text, amount, currency):
    assert money(text) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", [
    None, "", "plenty", "12,34", "1,2345", "5 Cr - 10 Cr", "1e7", "5 X", "(-5)", "--5", "$", "1.2.3",
])  # fmt: skip
def test_what_is_not_an_amount_is_unknown(text):
    assert money(text) == (None, None)


def test_whole_numbers_and_words():
    assert [whole_number(t) for t in ("12,000", "1,20,000", "51-200", "5.0", "5.5", None)] == [
        12000, 120000, None, 5, None, None,
    ]  # fmt: skip
    assert normal("  Back\u00a0to \n Marketing") == "back to marketing"
    assert title_words("V.P. (Ops) & Head–Sourcing") == "v p ops head sourcing"
