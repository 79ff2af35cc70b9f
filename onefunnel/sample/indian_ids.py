"""PAN, GSTIN and phone numbers that have the right form and belong to nobody we know of."""

from __future__ import annotations

import numpy as np

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODES = np.array(list(ALPHABET))
_VALUE = np.zeros(128, dtype=np.int64)
_VALUE[[ord(c) for c in ALPHABET]] = range(36)


def check_characters(stems: np.ndarray) -> np.ndarray:
    """The check character of each 14-character GSTIN stem: weights 1,2,1,2..., modulus 36."""
    letters = stems.astype("U14").view("U1").reshape(len(stems), 14)
    products = _VALUE[letters.view(np.uint32).reshape(letters.shape)] * np.array([1, 2] * 7)
    digits = products // 36 + products % 36
    return _CODES[(36 - digits.sum(axis=1) % 36) % 36]


def pans(rng: np.random.Generator, n: int) -> np.ndarray:
    """PANs: three letters, the holder's kind, one letter, four digits, one letter."""
    letters = rng.integers(10, 36, (n, 5))
    kinds = rng.choice(np.array(list("CFPA")), n, p=[0.6, 0.2, 0.15, 0.05])
    numbers = rng.integers(1000, 9999, n)
    text = _CODES[letters]
    return np.array([f"{a[0]}{a[1]}{a[2]}{k}{a[3]}{m}{a[4]}" for a, k, m in zip(text, kinds, numbers)])


def gstins(state_digits: np.ndarray, pan: np.ndarray) -> np.ndarray:
    """Valid GSTINs of these PANs in these states, first registration in the state."""
    stems = np.strings.add(np.strings.add(state_digits.astype("U2"), pan.astype("U10")), "1Z")
    return np.strings.add(stems, check_characters(stems))


def phones(numbers: np.ndarray, style: np.ndarray) -> list[str]:
    """One Indian mobile number per person (+91 90000 xxxxx), in the spelling of its style 0-4."""
    spell = (
        "+91 90000 {0:05d}",
        "+9190000{0:05d}",
        "090000{0:05d}",
        "90000 {0:05d}",
        "+91-90000-{0:05d}",
    )
    return [spell[s].format(n) for n, s in zip((numbers % 100_000).tolist(), style.tolist())]
