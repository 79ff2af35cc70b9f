"""Pipeline coverage: what was open and due in a fiscal quarter or year, against the target that remained."""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.oracle import history
from tests.oracle.days import Period
from tests.oracle.reading import Company, words
from tests.oracle.windows import Grid

NULL = float("nan")


def targets(company: Company) -> dict[str, int]:
    rows = company.rows("agreement.revenue_targets")
    return {words(row.fiscal_quarter): int(row.target_amount * 100) for row in rows if row.target_amount is not None}


class Coverage:
    """Glossary: "open pipeline due in the period / remaining target"."""

    def __init__(self, company: Company, grid: Grid, deals: pd.DataFrame, revenue: pd.DataFrame):
        self.company, self.grid, self.deals = company, grid, history.Deals(company)
        self.in_scope = [row for row, inside in zip(deals.row, deals.in_scope) if inside]
        self.revenue, self.targets = revenue, targets(company)

    def periods(self) -> list[Period]:
        """The grid's, and the next fiscal quarter and year."""
        kinds = ("fiscal_quarter", "fiscal_year")
        calendar = self.company.calendar
        return self.grid.periods + [
            calendar.period(kind, calendar.period(kind, self.grid.last_on).end) for kind in kinds
        ]

    def target(self, period: Period) -> int | None:
        """All the quarters' targets are needed."""
        quarters = self.company.calendar.periods("fiscal_quarter", period.start, period.end - 1)
        found = [self.targets.get(words(self.company.calendar.quarter_name(quarter.start))) for quarter in quarters]
        return None if None in found else sum(found)

    def due(self, period: Period) -> int:
        """Paisa open and due in the period: as at AS_OF for the one that runs and the next, else as at its begin."""
        as_of = self.company.context.as_of_at
        at = as_of + 1 if self.grid.is_running(period) else self.company.calendar.start_of(period.start)
        open_amounts = [
            self.deals.amount(deal, at)
            for deal in self.in_scope
            if (deal.created_at is None or deal.created_at < at)
            and self.deals.is_open(deal, at)
            and period.start <= (self.deals.due(deal, at) or 0) < period.end
        ]
        return sum(amount for amount in open_amounts if amount is not None)

    def numbers(self, period: Period, dimension: str) -> tuple[float, float, str]:
        """(numerator, denominator, status)."""
        if period.kind in ("week", "month"):
            return NULL, NULL, f"unavailable: no target for a {period.kind}"
        if dimension != "total":
            return NULL, NULL, f"unavailable: no target by {dimension}"
        target = self.target(period)
        if target is None:
            return NULL, NULL, "unavailable: no target"
        holds = self.grid.is_running(period) and period.start <= self.grid.last_on
        had = [
            paisa
            for day, paisa in zip(self.revenue.day, self.revenue.paisa)
            if holds and day is not None and period.start <= day <= self.grid.last_on
        ]
        status = "maturing" if self.grid.is_running(period) else "final"
        return self.due(period) / 100, max(0, target - sum(had)) / 100, status

    def rows(self) -> list[tuple]:
        found = []
        for period in self.periods():
            start = date.fromordinal(period.start)
            for dimension, values in self.grid.values.items():
                above, below, status = self.numbers(period, dimension)
                value = above / below if below and below == below else NULL
                key = ("pipeline_coverage", period.kind, start, dimension)
                found += [(*key, said, value, above, below, "ratio", status) for said in values]
        return found
