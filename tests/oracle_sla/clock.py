"""The office's clock: what was agreed as hours and days, and how many of them lie between two instants.

Everything is read from the agreement's own files. Instants and lengths are microseconds, days ordinals.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

from tests.oracle.days import EPOCH, MICROSECOND, instant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SECOND, HOUR = 1_000_000, 3_600_000_000
AFTER_AS_OF = 400  # the table's last day is so many after the one of AS_OF


def lines(agreement: Path, name: str) -> list[dict[str, str]]:
    """The rows of one file of the agreement as text."""
    with (agreement / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def agreed(agreement: Path) -> dict[int, dict[str, str]]:
    """Version -> level -> value."""
    found: dict[int, dict[str, str]] = {}
    for row in lines(agreement, "service_levels"):
        found.setdefault(int(row["version"]), {})[row["level"]] = row["value"]
    return found


def special_days(agreement: Path) -> dict[int, bool]:
    """Day -> is it worked, whatever its weekday or the list of holidays says."""
    rows = lines(agreement, "special_days")
    return {date.fromisoformat(row["day"]).toordinal(): row["is_working"].lower() == "true" for row in rows}


@dataclass
class Office:
    """Opening times of one version from the first day to the last."""

    levels: dict[str, str]
    timezone: str
    first_on: int
    last_on: int
    special: dict[int, bool]

    @cached_property
    def public_holidays(self):
        years = range(date.fromordinal(self.first_on).year, date.fromordinal(self.last_on).year + 1)
        subdivision = self.levels.get("holiday_subdivision") or None
        return holidays.country_holidays(self.levels["holiday_country"], subdiv=subdivision, years=years)

    @cached_property
    def weekdays(self) -> set[int]:
        return {WEEKDAYS.index(word.strip().lower()[:3]) for word in self.levels["working_days"].split(";")}

    def is_worked(self, day: int) -> bool:
        if day in self.special:
            return self.special[day]
        at = date.fromordinal(day)
        return at.weekday() in self.weekdays and at not in self.public_holidays

    def hours(self, day: int) -> tuple[int, int]:
        """The instants at which the office opens and closes on the day."""
        zone, at = ZoneInfo(self.timezone), date.fromordinal(day)
        opens, closes = (time.fromisoformat(self.levels[name]) for name in ("opens_at", "closes_at"))
        return tuple(instant(datetime.combine(at, moment, zone)) for moment in (opens, closes))

    @cached_property
    def open_times(self) -> list[tuple[int, int]]:
        days = range(self.first_on, self.last_on + 1)
        return [self.hours(day) for day in days if self.is_worked(day)]

    @cached_property
    def openings(self) -> list[int]:
        return [opens for opens, _ in self.open_times]

    def is_open(self, at: int) -> bool:
        """The moment of opening is open, that of closing is not."""
        place = bisect_right(self.openings, at) - 1
        return place >= 0 and at < self.open_times[place][1]

    def worked(self, start: int, end: int) -> int:
        """Business microseconds from start to end; 0 where end is not later."""
        total = 0
        for opens, closes in self.open_times[max(0, bisect_right(self.openings, start) - 1) :]:
            if opens >= end:
                break
            total += max(0, min(end, closes) - max(start, opens))
        return total

    def due(self, start: int, within: int) -> int | None:
        """The latest instant until which no more than `within` has been worked; None beyond the last day.

        Work that fills a day to its last moment leaves time until the next opening.
        """
        left = within
        for opens, closes in self.open_times[max(0, bisect_right(self.openings, start) - 1) :]:
            here = max(0, closes - max(start, opens))
            if left < here:
                return max(start, opens) + left
            left -= here
        return None


@dataclass
class Terms:
    """What one version promises; targets are rates."""

    version: int
    office: Office
    contact_within: int
    disposition_within: int
    logged_within: int
    shown_within: int
    conversation_seconds: int
    targets: dict[str, float]


def hours_long(text: str) -> int:
    """'1.5' hours in microseconds."""
    whole, _, part = text.partition(".")
    return int(whole) * HOUR + (int(part) * HOUR // 10 ** len(part) if part else 0)


def local_day(timezone: str, at: int) -> int:
    return (EPOCH + at * MICROSECOND).astimezone(ZoneInfo(timezone)).date().toordinal()


def terms(agreement: Path, timezone: str, in_force: dict[int, int], as_of: int) -> dict[int, Terms]:
    """Signed version -> its terms; in_force: signed version -> the instant from which it holds."""
    special, levels = special_days(agreement), agreed(agreement)
    last_on = local_day(timezone, as_of) + AFTER_AS_OF
    return {
        version: _terms(
            version, levels[version], Office(levels[version], timezone, local_day(timezone, at) - 1, last_on, special)
        )
        for version, at in in_force.items()
    }


def _terms(version: int, levels: dict[str, str], office: Office) -> Terms:
    names = ("contact", "disposition", "definition_met", "objection_logged", "objection_shown")
    return Terms(
        version,
        office,
        contact_within=hours_long(levels["contact_within_hours"]),
        disposition_within=24 * HOUR * int(levels["disposition_within_days"]),
        logged_within=hours_long(levels["objection_logged_within_hours"]),
        shown_within=hours_long(levels["objection_shown_within_hours"]),
        conversation_seconds=int(levels["conversation_min_seconds"]),
        targets={name: int(levels[f"{name}_target"]) / 100 for name in names},
    )
