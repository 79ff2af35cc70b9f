"""Sums, medians and percentiles over windows of days, for every period and every value of one dimension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.oracle.days import KINDS, Calendar, Period, plus_months
from tests.oracle.facts import where


@dataclass
class Grid:
    """The periods, and the values of each dimension. Arrays of the measures are [period, value]."""

    calendar: Calendar
    as_of: int
    first_on: int
    last_on: int
    values: dict[str, list[str]]

    def __post_init__(self):
        self.periods: list[Period] = [
            period for kind in KINDS for period in self.calendar.periods(kind, self.first_on, self.last_on)
        ]
        self.start = np.array([period.start for period in self.periods])
        self.end = np.array([period.end for period in self.periods])
        self.end_eff = np.minimum(self.end, self.last_on + 1)
        self.year_back = np.array([plus_months(int(day), -12) for day in self.end_eff])
        self.running = np.array([self.is_running(period) for period in self.periods])

    def short(self, since: int) -> np.ndarray:
        """Glossary: "the first 12 months of data are `short history`"."""
        return np.array([period.start < plus_months(since, 12) for period in self.periods])

    def is_running(self, period: Period) -> bool:
        return self.calendar.start_of(period.end) > self.as_of


def usable(frame: pd.DataFrame, day: str, grid: Grid, dimension: str) -> pd.DataFrame:
    """Rows with a day until last_on and a value that the dimension has."""
    dated = where(frame, (at is not None and at <= grid.last_on for at in frame[day]))
    known = set(grid.values[dimension])
    return where(dated, (value in known for value in dated[dimension]))


class Sums:
    """What the rows weigh (1 each without a weight), over any window of days."""

    def __init__(self, grid: Grid, dimension: str, frame: pd.DataFrame, day: str = "day", weight: str | None = None):
        rows = usable(frame, day, grid, dimension)
        place = {value: number for number, value in enumerate(grid.values[dimension])}
        self.base = min(rows[day], default=grid.last_on)
        self.total = np.zeros((len(place), grid.last_on - self.base + 2), dtype=np.int64)
        where = [place[value] for value in rows[dimension]], [at - self.base + 1 for at in rows[day]]
        np.add.at(self.total, where, rows[weight].astype(np.int64).to_numpy() if weight else 1)
        self.total = self.total.cumsum(axis=1)  # [value, days before base + n]

    def before(self, days: np.ndarray) -> np.ndarray:
        return self.total[:, np.clip(days - self.base, 0, self.total.shape[1] - 1)].T

    def between(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """From start until the day before end."""
        return self.before(end) - self.before(start)


def spread_of(
    grid: Grid, dimension: str, frame: pd.DataFrame, start: np.ndarray, end: np.ndarray, *functions: Callable
) -> tuple[np.ndarray, ...]:
    """The number of rows with start <= day < end, then each function of their days (null without rows)."""
    rows = usable(frame, "day", grid, dimension).sort_values("day", kind="stable")
    shape = (len(grid.periods), len(grid.values[dimension]))
    count, found = np.zeros(shape), [np.full(shape, np.nan) for _ in functions]
    for column, value in enumerate(grid.values[dimension]):
        of_value = rows[rows[dimension] == value]
        days, lengths = of_value.day.to_numpy(dtype=np.int64), of_value.days.to_numpy(dtype=float)
        for row, (low, high) in enumerate(zip(np.searchsorted(days, start), np.searchsorted(days, end))):
            if high > low:
                count[row, column] = high - low
                for function, result in zip(functions, found):
                    result[row, column] = function(lengths[low:high])
    return count, *found


def median(lengths: np.ndarray) -> float:
    return float(np.median(lengths))


def ninetieth(lengths: np.ndarray) -> float:
    return float(np.percentile(lengths, 90))


def divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Glossary: "a zero denominator gives null"."""
    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=(below != 0) & ~np.isnan(below))
