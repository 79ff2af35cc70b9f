"""The judge's own reading of words, numbers and money."""

import re
from decimal import Decimal

CURRENCIES = {"$": "USD", "₹": "INR", "€": "EUR", "£": "GBP", "rs": "INR", "rs.": "INR", "inr": "INR", "usd": "USD"}
SUFFIXES = {
    "k": 10**3, "m": 10**6, "b": 10**9,
    "l": 10**5, "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5,
    "cr": 10**7, "crore": 10**7, "crores": 10**7,
}  # fmt: skip

_DIGITS = r"\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}"
_WHOLE = re.compile(rf"({_DIGITS})(?:\.0+)?", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<minus>-?)\s*(?P<currency>rs\.?|inr|usd|[$₹€£])?\s*(?P<minus2>-?)\s*"
    rf"(?P<digits>(?:{_DIGITS})(?:\.\d+)?|\.\d+)\s*(?P<suffix>crores?|cr|lakhs?|lacs?|[klmb])?"
    r"\s*(?P<code>inr|usd)?",
    re.ASCII | re.IGNORECASE,
)


def normal(text: str | None) -> str | None:
    """The words as they are compared: trimmed, single spaces, lower case; None when empty."""
    return " ".join(text.split()).lower() or None if text else None


def title_words(text: str | None) -> str:
    """A title's letters and digits, lower case, every other character a single space."""
    letters = "".join(c if c.isalnum() else " " for c in (text or "").lower())
    return " ".join(letters.split())


def truth(text: str | None) -> bool | None:
    """True or False where the cell says so, else None."""
    return {"true": True, "false": False}.get(normal(text) or "")


def whole_number(text: str | None) -> int | None:
    """An integer written plainly or with thousands commas, else None."""
    text = (text or "").strip()
    found = _WHOLE.fullmatch(text)
    return int(found[1].replace(",", "")) if found else None


def money(text: str | None) -> tuple[Decimal | None, str | None]:
    """The amount and the currency its symbol names, None for what cannot be read."""
    text = (text or "").strip()
    bracketed = text.startswith("(") and text.endswith(")")
    found = _AMOUNT.fullmatch(text[1:-1].strip() if bracketed else text)
    if not found or bool(found["minus"]) + bool(found["minus2"]) + bracketed > 1:
        return None, None
    amount = Decimal(found["digits"].replace(",", ""))
    amount *= SUFFIXES.get((found["suffix"] or "").lower(), 1)
    negative = bracketed or found["minus"] or found["minus2"]
    return -amount if negative else amount, CURRENCIES.get((found["currency"] or found["code"] or "").lower())


def number(text: str | None) -> Decimal | None:
    """The number in the cell whatever currency stands before it, else None."""
    return money(text)[0]
