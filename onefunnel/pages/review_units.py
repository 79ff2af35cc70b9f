"""Columns of money in one unit, names in lines that fit, and lists that end in 'and n more' without losing a rupee."""

from __future__ import annotations

import textwrap
from decimal import Decimal

from onefunnel.pages import words

LINE = 24  # characters of a name in one line of a chart or a narrow column
_INR = [(Decimal(10_000_000), "₹ crore", 100_000_000), (Decimal(100_000), "₹ lakh", 100_000)]
_OTHER = [(Decimal(1_000_000), "million", 10_000_000), (Decimal(1_000), "thousand", 10_000)]
# why a number is what it is, where the tables' own word is too short for a reader
REASONS = {
    "partly kept": "Of some of these deals no history is kept: they count as they are now.",
    "not kept": "No history of these deals is kept: they count as they are now.",
    "maturing": "some are still within their time",
    "pending": "all are still within their time",
}


def column_unit(amounts: list[Decimal | None], currency: str) -> tuple[Decimal, str]:
    """(what one is worth, what it is called) for a column that holds the amounts: lakh up to ten crore, then crore."""
    highest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
    names = _INR if currency == "INR" else [(unit, f"{currency} {name}", least) for unit, name, least in _OTHER]
    for unit, name, least in names:
        if highest >= least:
            return unit, name
    return Decimal(1), "₹" if currency == "INR" else currency


def in_unit(amount: Decimal | None, unit: Decimal, currency: str) -> str:
    """The amount in the column's unit: 33.82; one that would look like nothing is said to be under 0.01."""
    if amount is None:
        return words.UNKNOWN
    if unit == 1 or not amount:
        return words.count(amount, currency)
    size = (abs(amount) / unit).quantize(Decimal("0.01"))
    if not size:
        return f"{words.MINUS if amount < 0 else ''}under 0.01"
    grouped = words.indian(size) if currency == "INR" else f"{size:,}"
    return f"{words.MINUS if amount < 0 else ''}{grouped}"


def lines(name: str, width: int = LINE) -> list[str]:
    """The name in lines that are no wider; a word that is longer is broken."""
    return textwrap.wrap(name, width, break_long_words=True) or [words.UNKNOWN]


def cut(names: list[str], most_lines: int) -> int:
    """How many of the names stand in so many lines; when not all do, one line is left for 'and n more'."""
    if sum(len(lines(name)) for name in names) <= most_lines:
        return len(names)
    used = [len(lines(name)) for name in names]
    fits = [place for place in range(1, len(names)) if sum(used[:place]) <= most_lines - 1]
    return max(fits, default=1)


def reason(status: str | None) -> str:
    """Why a number is missing or to be read with care, in words; nothing where all is well."""
    if status in (None, "ok", "final", "published", "backtest", "kept"):
        return ""
    return REASONS.get(status, status)
