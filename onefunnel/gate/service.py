"""What both sides promise each other, and the gate's own clock of the hours that they work.

Which days are worked is the agreement's calendar, the same that dbt reads; how the hours are counted on them is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from onefunnel.agreement import Agreement
from onefunnel.agreement.expand import DDL, tables
from onefunnel.agreement.service import calendar
from onefunnel.judge.instants import micros


@dataclass(frozen=True)
class Office:
    """One version's days of work in time order, in microseconds; it is open from opens[i] until closes[i]."""

    opens: list[int]
    closes: list[int]

    def is_open(self, at: int) -> bool:
        """At the stroke of opening it is, at that of closing no longer."""
        day = bisect_right(self.opens, at) - 1
        return day >= 0 and at < self.closes[day]

    def worked(self, since: int, until: int) -> int:
        """Microseconds of work between the instants; none when the second is not the later one."""
        return sum(min(until, closed) - opened for opened, closed in self._from(since) if opened < until)

    def over(self, since: int, within: int) -> int | None:
        """The last instant by which no more than that much work was done; None beyond the calendar."""
        for opened, closed in self._from(since):
            if within < closed - opened:
                return opened + within
            within -= closed - opened
        return None

    def _from(self, since: int) -> Iterator[tuple[int, int]]:
        """What is left of each day of work."""
        first = max(bisect_right(self.opens, since) - 1, 0)
        for opened, closed in zip(self.opens[first:], self.closes[first:]):
            if closed > since:
                yield max(opened, since), closed


@dataclass(frozen=True)
class Service:
    """What both sides promise per version, and whose ids come with activities.

    levels: version -> its row of agreement.service_levels; namespaces: whose activities the lake has;
    is_showing_told: whether anything in the lake tells what was shown to marketing.
    """

    offices: dict[int, Office]
    levels: dict[int, dict[str, int]]
    namespaces: frozenset[str]
    is_showing_told: bool


def read_service(agreement: Agreement, delivered: dict[str, set[str]], as_of: datetime) -> Service:
    """The agreement's hours and levels; delivered: id namespace -> our entities."""
    offices: dict[int, Office] = {}
    for version, _, is_working, opens, closes, _ in calendar(agreement, as_of):
        office = offices.setdefault(version, Office([], []))
        if is_working:
            office.opens.append(micros(opens))
            office.closes.append(micros(closes))
    names = [column.split()[0] for column in DDL["service_levels"].split(",")]
    levels = {row[0]: dict(zip(names, row)) for row in tables(agreement, as_of)["service_levels"]}
    namespaces = frozenset(space for space, has in delivered.items() if "activities" in has)
    return Service(offices, levels, namespaces, any("digests" in has for has in delivered.values()))
