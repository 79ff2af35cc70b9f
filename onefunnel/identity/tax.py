"""The PAN, which is one legal entity in India, out of what was typed as a GSTIN."""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# https://incometaxindia.gov.in: the fourth letter is the kind of holder
PAN = r"[A-Z]{3}[ABCEFGHJKLPT][A-Z][0-9]{4}[A-Z]"
GSTIN = re.compile(rf"([0-9]{{2}})({PAN})[1-9A-Z]Z[0-9A-Z]", re.ASCII)
STATES = {f"{n:02d}" for n in range(1, 39)} | {"97", "99"}


def pan_of(typed: str) -> str | None:
    """The PAN of a valid GSTIN, or of a PAN given alone; None for anything else."""
    letters = re.sub(r"[\s\-./]", "", typed).upper()
    if re.fullmatch(PAN, letters):
        return letters
    found = GSTIN.fullmatch(letters)
    if not found or found[1] not in STATES or letters[14] != check_character(letters[:14]):
        return None
    return found[2]


def check_character(stem: str) -> str:
    """The fifteenth character of a GSTIN: weights 1, 2, 1, 2 ..., modulus 36 (the GST portal's algorithm)."""
    total = 0
    for place, letter in enumerate(stem):
        product = ALPHABET.index(letter) * (1 + place % 2)
        total += product // 36 + product % 36
    return ALPHABET[(36 - total % 36) % 36]
