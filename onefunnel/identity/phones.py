"""Mobile numbers that can be one person's, in E.164."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from onefunnel.identity.cells import each, known
from onefunnel.identity.places import HOME

TAIL = 7  # two spellings of one number share at least these last digits


def mobiles(phone: np.ndarray, region: np.ndarray) -> np.ndarray:
    """The E.164 mobile number of each record that shares its last digits with another; else None.

    Numbers of a plan that does not tell mobiles from landlines (such as +1) are nobody's. A country that is not known
    is India.
    """
    tails = each(phone, _tail)
    counts = pd.Series(tails, dtype=object).value_counts()
    again = set(counts.index[counts > 1])
    worth = np.fromiter((t in again for t in tails), bool, len(tails)) if again else np.zeros(len(tails), bool)
    spelled = np.full(len(phone), None, dtype=object)
    rows = np.flatnonzero(worth)
    spelled[rows] = [f"{r or HOME} {p}" for r, p in zip(region[rows], phone[rows])]
    found = each(spelled, _mobile)
    found[~known(found)] = None
    return found


def _tail(typed: str) -> str | None:
    digits = _digits(typed)
    return digits[-TAIL:] if 7 <= len(digits) <= 20 else None


def _digits(typed: str) -> str:
    """The digits of any script as 0-9."""
    return re.sub(r"[^0-9]", "", typed) if typed.isascii() else "".join(str(int(c)) for c in typed if c.isdecimal())


def _mobile(region_and_phone: str) -> str | None:
    """The number when it is a valid mobile's and not a made-up one, without an extension."""
    import phonenumbers

    region, typed = region_and_phone[:2], region_and_phone[3:]
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    digits = str(number.national_number)
    made_up = len(set(digits)) <= 2 or digits in "01234567890123456789" or digits in "98765432109876543210"
    kind = phonenumbers.number_type(number)
    if number.extension or made_up or kind != phonenumbers.PhoneNumberType.MOBILE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
