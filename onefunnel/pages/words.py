"""Numbers, dates and periods as people read them: lakh and crore for INR, local days, a dash for unknown."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

CRORE, LAKH = Decimal(10_000_000), Decimal(100_000)
MINUS = "−"
UNKNOWN = "–"
SYMBOLS = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£"}
PERIODS = {
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "fiscal_quarter": "fiscal quarter",
    "fiscal_year": "fiscal year",
    "weeks_13": "13 weeks",
}


def money(amount: Decimal | None, currency: str) -> str:
    """₹8.22 crore, ₹1.55 lakh, ₹45,300; other currencies in full with thousands; None is a dash."""
    if amount is None:
        return UNKNOWN
    sign, size = (MINUS if amount < 0 else ""), abs(Decimal(amount))
    symbol = SYMBOLS.get(currency, f"{currency} ")
    if currency != "INR":
        return f"{sign}{symbol}{_round(size):,}"
    for unit, name in ((CRORE, "crore"), (LAKH, "lakh")):
        # 99,99,600 is 1.00 crore, not 100.00 lakh
        if _round(size / unit, "0.01") >= 1:
            return f"{sign}{symbol}{indian(_round(size / unit, '0.01'))} {name}"
    return f"{sign}{symbol}{indian(_round(size))}"


def money_in_full(amount: Decimal | None, currency: str) -> str:
    """₹8,22,42,456.10: to the last paisa, where a rounded amount would hide a difference."""
    if amount is None:
        return UNKNOWN
    exact = _round(abs(Decimal(amount)), "0.01")
    grouped = indian(exact) if currency == "INR" else f"{exact:,}"
    return f"{MINUS if amount < 0 else ''}{SYMBOLS.get(currency, f'{currency} ')}{grouped}"


def money_range(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """₹6.20–11.79 crore; ₹47.62 lakh – ₹3.32 crore where the units differ."""
    texts = money(low, currency), money(high, currency)
    (first, *unit), (last, *other) = (text.split(" ") for text in texts)
    symbol = SYMBOLS.get(currency)
    if not unit or unit != other or not symbol or not (first.startswith(symbol) and last.startswith(symbol)):
        return " – ".join(texts)
    return f"{first}–{last.removeprefix(symbol)} {unit[0]}"


def money_axis(highest: Decimal, currency: str) -> tuple[Decimal, str]:
    """(what one unit of a chart's axis is worth, what it is called) for amounts up to highest: (1e7, '₹ crore')."""
    if currency == "INR":
        for unit, name in ((CRORE, "crore"), (LAKH, "lakh")):
            if highest >= unit:
                return unit, f"₹ {name}"
        return Decimal(1), "₹"
    for unit, name in ((Decimal(1_000_000), "million"), (Decimal(1_000), "thousand")):
        if highest >= unit:
            return unit, f"{currency} {name}"
    return Decimal(1), currency


def indian(number: Decimal | int) -> str:
    """12345678.5 as 1,23,45,678.5."""
    sign = MINUS if number < 0 else ""
    whole, _, rest = str(abs(number)).partition(".")
    head, tail = whole[:-3], whole[-3:]
    groups = [tail]
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join(groups) + (f".{rest}" if rest else "")


def count(number: float | None, currency: str = "INR") -> str:
    """A number of things, grouped as the company's country does; None is a dash."""
    if number is None:
        return UNKNOWN
    whole = _round(Decimal(str(number)))
    return indian(whole) if currency == "INR" else f"{MINUS if whole < 0 else ''}{abs(whole):,}"


def percent(rate: float | None, digits: int = 0) -> str:
    """0.8312 as 83 %; a rate that is not 0 or 1 is never shown as such."""
    if rate is None:
        return UNKNOWN
    shown = f"{abs(rate) * 100:.{digits}f}"
    if 0 < abs(rate) < 1 and float(shown) in (0.0, 100.0):
        shown = f"{abs(rate) * 100:.{digits + 1}f}"
        if float(shown) in (0.0, 100.0):
            shown = "under 0.1" if float(shown) == 0 else "over 99.9"
    return f"{MINUS if rate < 0 else ''}{shown} %"


def value(number: float | Decimal | None, unit: str, currency: str) -> str:
    """A number with its unit, for the units of shared_metrics and weekly_review."""
    if number is None:
        return UNKNOWN
    if unit == "amount":
        return money(Decimal(str(number)), currency)
    if unit == "rate":
        return percent(float(number), 1)
    if unit == "count":
        return count(number, currency)
    shown = f"{number:,.1f}".replace("-", MINUS)
    return shown + {"days": " days", "hours": " h", "ratio": " ×"}.get(unit, "")


def day(on: date | None) -> str:
    """1 Apr 2026."""
    return f"{on.day} {on:%b %Y}" if on else UNKNOWN


def days(from_on: date, until_on: date) -> str:
    """23–29 Mar 2026, 30 Mar – 5 Apr 2026, 1 Jan 2026; both days belong to it."""
    if from_on == until_on:
        return day(from_on)
    if (from_on.year, from_on.month) == (until_on.year, until_on.month):
        return f"{from_on.day}–{day(until_on)}"
    start = f"{from_on.day} {from_on:%b}" if from_on.year == until_on.year else day(from_on)
    return f"{start} – {day(until_on)}"


def instant(at: datetime | None, zone: ZoneInfo) -> str:
    """1 Apr 2026, 06:00, in the company's zone."""
    return f"{day(at.astimezone(zone).date())}, {at.astimezone(zone):%H:%M}" if at else UNKNOWN


def local_day(at: datetime | None, zone: ZoneInfo) -> str:
    """1 Apr 2026: the company's local day of the instant."""
    return day(at.astimezone(zone).date()) if at else UNKNOWN


def several(number: int, one: str, many: str | None = None) -> str:
    """1 deal, 3 deals."""
    return f"{indian(number)} {one if number == 1 else many or one + 's'}"


def whole(text: str) -> str:
    """The text with its numbers and their units kept on one line."""
    return re.sub(r"(?<=\d) (?=(?:%|lakh|crore|deals?|leads?)\b|%)", "\N{NO-BREAK SPACE}", text)


def lower_first(text: str) -> str:
    """'Open pipeline' as 'open pipeline', for the middle of a sentence; 'CRM' stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _round(number: Decimal, to: str = "1") -> Decimal:
    return number.quantize(Decimal(to), rounding=ROUND_HALF_UP)
