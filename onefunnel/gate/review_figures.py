"""A figure of the weekly review as words that can be compared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

WEEK = timedelta(days=7)
PAISA = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """What one row of weekly_review says; number and the like: Decimal for money, else a number, None for unknown."""

    week: date
    section: str
    figure: str
    of: str
    kind: str
    number: object
    before: object = None
    target: object = None
    dates: tuple = ()

    def row(self) -> tuple:
        """record_id and OF_FIGURES."""
        record = f"{self.week} {self.section}: {self.figure} of {self.of}, {self.kind}"
        return record, said(self.number), said(self.before), said(self.target), " to ".join(map(str, self.dates))


def said(number) -> str:
    """Money to the paisa, anything else to nine digits."""
    if number is None or number != number:
        return "unknown"
    if isinstance(number, Decimal):
        return f"{number.quantize(PAISA, ROUND_HALF_UP) + 0:.2f}"
    return f"{float(number) + 0:.9g}"


def sunday(week: date) -> date:
    return week + timedelta(days=6)


def by_week(con, sql: str) -> dict[date, dict]:
    """Week -> what -> the rest of the row, for a query that gives them in this order."""
    found: dict = defaultdict(dict)
    for week, what, *rest in con.execute(sql).fetchall():
        found[week][what] = rest
    return found
