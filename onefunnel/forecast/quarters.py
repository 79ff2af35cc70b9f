"""Fiscal quarters of a company: where each begins, what it is called, and the same day in another one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

# every instant in this package is a whole number of microseconds since 1970 in UTC
MICROSECONDS = "datetime64[us]"


def instant(when) -> int:
    """Anything pandas reads as an instant, as microseconds; without a timezone it is UTC."""
    stamp = pd.Timestamp(when)
    return int((stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")).value // 1000)


@dataclass(frozen=True)
class Quarters:
    """Quarters numbered without a gap: the number 4 * y is the one in which fiscal year y begins."""

    fiscal_year_start_month: int = 4
    timezone: str = "Asia/Kolkata"

    @cached_property
    def _starts(self) -> tuple[int, np.ndarray]:
        """(number of the first, instants of the starts) for the years 1980 to 2099."""
        months = pd.date_range("1980-01-01", "2099-12-01", freq="MS")
        local = months[(months.month - self.fiscal_year_start_month) % 3 == 0]
        return self._number(local[0]), self._instants(local)

    def _number(self, local: pd.Timestamp) -> int:
        return (local.year * 12 + local.month - self.fiscal_year_start_month) // 3

    def _instants(self, local) -> np.ndarray:
        zoned = pd.DatetimeIndex(local).tz_localize(self.timezone, ambiguous=True, nonexistent="shift_forward")
        return zoned.tz_convert("UTC").tz_localize(None).to_numpy().astype(MICROSECONDS).astype("int64")

    def start(self, quarter: int) -> int:
        """The first instant of a quarter."""
        first, starts = self._starts
        return int(starts[quarter - first])

    def holding(self, at: int) -> int:
        """The number of the quarter in which an instant lies."""
        first, starts = self._starts
        return first + int(np.searchsorted(starts, at, side="right")) - 1

    def local(self, at: int) -> pd.Timestamp:
        """The wall clock of the company at an instant, without a timezone."""
        return pd.Timestamp(at, unit="us", tz="UTC").tz_convert(self.timezone).tz_localize(None)

    def day(self, at: int) -> int:
        """The company's date at an instant, as days since 1970."""
        return (self.local(at) - pd.Timestamp(0)).days

    def since_start(self, at: int) -> pd.Timedelta:
        """How far into its quarter an instant is on the company's wall clock."""
        return self.local(at) - self.local(self.start(self.holding(at)))

    def same_point(self, quarter: int, offset: pd.Timedelta) -> int:
        """The instant so far into a quarter; a quarter that is over by then answers with its end."""
        local = self.local(self.start(quarter)) + offset
        return min(int(self._instants([local])[0]), self.start(quarter + 1))

    def later(self, at: int, days: int) -> int:
        """The instant so many days on, at the same wall clock."""
        return int(self._instants([self.local(at) + pd.Timedelta(days=days)])[0])

    def name(self, quarter: int) -> str:
        """As the agreement writes it: FY26-Q4 is Jan-Mar 2026; a fiscal year is called by the year in which it ends."""
        year = quarter // 4 + (self.fiscal_year_start_month > 1)
        return f"FY{year % 100:02d}-Q{quarter % 4 + 1}"
