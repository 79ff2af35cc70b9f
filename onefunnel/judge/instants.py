"""The judge's own reading of date-times: every instant is an integer, microseconds since 1970 UTC."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = 86_400_000_000
MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

_CLOCK = r"(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?"
_YEAR_FIRST = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_NAMED_MONTH = re.compile(r"(\d{1,2})([ -])([A-Za-z]{3})\2(\d{4})" + _CLOCK, re.ASCII)
_NAMED_MONTH_COMMA = re.compile(r"(\d{1,2}) ([A-Za-z]{3}), (\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})" + _CLOCK, re.ASCII)

zone = cache(ZoneInfo)


def micros(moment: datetime) -> int:
    """The instant of an aware date-time."""
    return (moment - EPOCH) // MICROSECOND


def midnight(day: date, zone_name: str) -> int:
    """The instant at which the day begins in that zone."""
    return micros(datetime(day.year, day.month, day.day, tzinfo=zone(zone_name)))


def local_date(instant: int, zone_name: str) -> date:
    """The calendar day of the instant in that zone."""
    return (EPOCH + instant * MICROSECOND).astimezone(zone(zone_name)).date()


def _parts(text: str, day_first: bool) -> tuple | None:
    """(year, month, day, hour, minute, second) as written day before month, or None."""
    if found := _NAMED_MONTH.fullmatch(text):
        day, _, month, year, *clock = found.groups()
        return year, MONTHS.get(month.lower(), 0), day, *clock
    if found := _NAMED_MONTH_COMMA.fullmatch(text):
        day, month, year, *clock = found.groups()
        return year, MONTHS.get(month.lower(), 0), day, *clock
    if day_first and (found := _DAY_FIRST.fullmatch(text)):
        day, _, month, year, *clock = found.groups()
        return year, month, day, *clock
    return None


def instant(text: str | None, zone_name: str, day_first: bool) -> int | None:
    """The instant a cell names, or None when it is empty, impossible or would be a guess."""
    text = (text or "").strip()
    try:
        if _YEAR_FIRST.fullmatch(text):
            moment = datetime.fromisoformat(text)
        elif parts := _parts(text, day_first):
            moment = datetime(*(int(part or 0) for part in parts))
        else:
            return None
        return micros(moment if moment.tzinfo else moment.replace(tzinfo=zone(zone_name)))
    except (ValueError, OverflowError):
        return None
