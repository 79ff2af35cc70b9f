"""Days and periods: a day is an ordinal (date.toordinal()), an instant an integer of microseconds since 1970 UTC."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000
KINDS = ("week", "month", "fiscal_quarter", "fiscal_year")


def instant(moment: datetime) -> int:
    """Microseconds since 1970; a moment without a zone is UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def plus_months(day: int, months: int) -> int:
    """The same day of the month that many months on, or that month's last day."""
    at = date.fromordinal(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return date(year, month + 1, min(at.day, monthrange(year, month + 1)[1])).toordinal()


@dataclass(frozen=True)
class Period:
    kind: str
    start: int
    end: int  # the first day after it


@dataclass(frozen=True)
class Calendar:
    """Glossary, India: fiscal year April-March (its first month is a setting); days in the company's zone."""

    timezone: str
    fiscal_month: int = 4

    def day(self, at: int) -> int:
        return (EPOCH + at * MICROSECOND).astimezone(ZoneInfo(self.timezone)).date().toordinal()

    def start_of(self, day: int) -> int:
        """The instant at which the local day begins."""
        at = date.fromordinal(day)
        return instant(datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(self.timezone)))

    def period(self, kind: str, day: int) -> Period:
        """The period of the kind that holds the day."""
        at = date.fromordinal(day)
        if kind == "week":
            start = day - at.weekday()
            return Period(kind, start, start + 7)
        months = {"month": 1, "fiscal_quarter": 3, "fiscal_year": 12}[kind]
        into = (at.month - self.fiscal_month) % 12 % months
        start = plus_months(at.replace(day=1).toordinal(), -into)
        return Period(kind, start, plus_months(start, months))

    def periods(self, kind: str, first: int, last: int) -> list[Period]:
        """From the period that holds the first day to the one that holds the last."""
        found = [self.period(kind, first)]
        while found[-1].end <= last:
            found.append(self.period(kind, found[-1].end))
        return found

    def quarter_name(self, day: int) -> str:
        """FY26 ends March 2026; its Q1 is Apr-Jun 2025."""
        year = self.period("fiscal_year", day)
        number = (date.fromordinal(day).month - self.fiscal_month) % 12 // 3 + 1
        return f"FY{date.fromordinal(year.end - 1).year % 100:02d}-Q{number}"
