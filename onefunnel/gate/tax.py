"""The PAN, one legal entity of India, in a cell of GSTINs: the gate's own reading."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPE = "99AAAAA9999A*Z*"  # 9 a digit, A a letter, * either
STATES = {*range(1, 39), 97, 99}
HOLDERS = "ABCEFGHJKLPT"  # the fourth letter of a PAN: a person, a company, a firm ...


def pan(cell: str | None) -> str | None:
    """The PAN of a GSTIN whose check character is right; None for all else."""
    text = "".join(sign for sign in (cell or "").upper() if sign not in " \t-./")
    if len(text) != len(SHAPE) or not all(map(_fits, text, SHAPE)):
        return None
    if int(text[:2]) not in STATES or text[5] not in HOLDERS or text[12] == "0":
        return None
    digits = [SIGNS.index(sign) * (1 + place % 2) for place, sign in enumerate(text[:14])]
    checked = -sum(digit // 36 + digit % 36 for digit in digits) % 36
    return text[2:12] if SIGNS[checked] == text[14] else None


def _fits(sign: str, wanted: str) -> bool:
    if wanted in "9A*":
        return sign in {"9": SIGNS[:10], "A": SIGNS[10:], "*": SIGNS}[wanted]
    return sign == wanted
