"""Instants as whole UTC seconds in int64 arrays, and the spellings the exports use for them."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import numpy as np

IST = 19_800
DAY = 86_400
NEVER = 2**61


def ist(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """The instant of an Indian wall-clock time."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) - IST


START = ist(2023, 4, 1)
AS_OF = ist(2026, 4, 1)
EXPORTED = ist(2026, 4, 5, 10)  # the files were pulled a few days after AS_OF: late rows
QUARTERS = tuple(ist(2023 + (3 + 3 * q) // 12, (3 + 3 * q) % 12 + 1, 1) for q in range(13))


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A random stream of its own for each purpose, so that one step never shifts another."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def evenly(roll: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """The rolls in their order, spread evenly over 0 to 1 within each kind: a share of it is met exactly."""
    spread = roll.copy()
    for one in np.unique(kind):
        mine = kind == one
        spread[mine] = (np.argsort(np.argsort(roll[mine])) + roll[mine]) / mine.sum()
    return spread


def quarter_of(at: np.ndarray) -> np.ndarray:
    """The number of the fiscal quarter (0 is Apr-Jun 2023) each instant falls in."""
    return np.searchsorted(np.asarray(QUARTERS), at, side="right") - 1


def _iso(at: np.ndarray, shift: int, ending: str) -> np.ndarray:
    at = np.asarray(at, dtype=np.int64)
    blank = at >= NEVER
    text = np.datetime_as_string(np.where(blank, 0, at + shift).astype("datetime64[s]"), unit="s")
    if ending:
        text = np.strings.add(text, ending)
    return np.where(blank, "", text)


def zoned(at: np.ndarray) -> list[str]:
    """`2025-04-01T10:00:00+05:30`; empty for NEVER."""
    return _iso(at, IST, "+05:30").tolist()


def utc(at: np.ndarray) -> list[str]:
    """`2025-04-01T04:30:00Z`; empty for NEVER."""
    return _iso(at, 0, "Z").tolist()


def local(at: np.ndarray) -> list[str]:
    """`2025-04-01 10:00:00`, Indian time without a zone; empty for NEVER."""
    return [text.replace("T", " ") for text in _iso(at, IST, "").tolist()]


def on(at: np.ndarray) -> list[str]:
    """The Indian calendar date, ISO; empty for NEVER."""
    return [text[:10] for text in _iso(at, IST, "").tolist()]


def day_first(at: np.ndarray) -> list[str]:
    """`01-04-2025 10:00`, as the export desk writes it; empty for NEVER."""
    return [f"{t[8:10]}-{t[5:7]}-{t[:4]} {t[11:16]}" if t else "" for t in _iso(at, IST, "").tolist()]


def midnight(at: np.ndarray) -> np.ndarray:
    """The start of the Indian day each instant falls in."""
    return (at + IST) // DAY * DAY - IST


OPENS, CLOSES = 34_200, 66_600  # seconds after Indian midnight


def in_office(at: np.ndarray) -> np.ndarray:
    """Whether each instant lies in office hours (9:30-18:30, not Sunday)."""
    day = midnight(at)
    return (_weekday(day) != 6) & (at - day >= OPENS) & (at - day < CLOSES)


def office_seconds_later(at: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """The instant in office hours when so many seconds of them have passed since `at`."""
    monday, day = np.divmod((midnight(at) + IST) // DAY + 3, 7)
    today = np.where(day == 6, 0, np.clip(at - midnight(at), OPENS, CLOSES) - OPENS)
    days, rest = np.divmod((monday * 6 + day) * (CLOSES - OPENS) + today + seconds, CLOSES - OPENS)
    return (days // 6 * 7 + days % 6 - 3) * DAY - IST + OPENS + rest


def _weekday(midnights: np.ndarray) -> np.ndarray:
    """0 is Monday."""
    return ((midnights + IST) // DAY + 3) % 7


def into_office(rng: np.random.Generator, at: np.ndarray) -> np.ndarray:
    """The instant itself in office hours (9:30-18:30, not Sunday), else soon after they begin."""
    day = midnight(at)
    clock = at - day
    late = clock > CLOSES
    day = day + np.where(late, DAY, 0)
    sunday = _weekday(day) == 6
    day = day + np.where(sunday, DAY, 0)
    closed = late | sunday | (clock < OPENS)
    return np.where(closed, day + OPENS + rng.integers(0, 9_000, len(at)), at)


def web_clock(rng: np.random.Generator, n: int) -> np.ndarray:
    """Seconds after Indian midnight when people enquire: office hours, evenings, some nights."""
    hours = np.array([2, 1, 0.7, 0.4, 0.5, 1.2, 1.5, 2, 3, 5, 8, 9, 8.5, 6, 6.5, 8, 8, 7, 5, 4, 4.5, 5, 5, 3.5])
    return rng.choice(24, n, p=hours / hours.sum()) * 3_600 + rng.integers(0, 3_600, n)
