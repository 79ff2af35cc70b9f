"""What all metrics stand on: the facts, the grid of periods and values, and the rows of one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tests.oracle import costs, facts
from tests.oracle.facts import DIMENSIONS, NOBODY, where
from tests.oracle.history import Deals
from tests.oracle.reading import Company
from tests.oracle.windows import Grid, Sums, divide, median, spread_of

COLUMNS = ["metric", "period_kind", "period_start_on", "dimension", "dimension_value", "value", "numerator",
           "denominator", "unit", "status"]  # fmt: skip
SHORT_HISTORY = {"cac", "cac_shifted", "cpa_customer", "new_customers", "referral_rate", "sales_velocity", "clv",
                 "repeat_purchase_rate", "pipeline_coverage_needed"}  # fmt: skip

OF_A_YEAR = {"sales_velocity", "pipeline_coverage_needed"}


@dataclass
class Facts:
    company: Company
    leads: pd.DataFrame
    contacts: pd.DataFrame
    deals: pd.DataFrame
    invoices: pd.DataFrame
    placed: pd.DataFrame
    costs: pd.DataFrame
    total_costs: pd.DataFrame
    expenses: pd.DataFrame
    history: Deals

    def closed(self, status: str) -> pd.DataFrame:
        """Deals in scope won or lost by their last closing."""
        deals = self.deals
        return where(deals, (inside and said == status for inside, said in zip(deals.in_scope, deals.status)))

    def revenue(self, basis: str) -> pd.DataFrame:
        """Glossary, revenue: "bookings (won deals) or invoices ... over the deal types in scope"."""
        return self.closed("won") if basis == "bookings" else where(self.invoices, self.invoices.in_scope)


def gather(company: Company, touches: pd.DataFrame) -> Facts:
    people = facts.leads(company)
    deals = facts.deals(company, touches)
    invoices = facts.invoices(company, deals)
    placed = facts.orders(company, deals, invoices)
    media, all_costs = (f(company).assign(total="all") for f in (costs.campaign_costs, costs.total_costs))
    return Facts(company, people, facts.contacts(company, people), deals, invoices, placed, media, all_costs,
                 costs.expense_costs(company), Deals(company))  # fmt: skip


def grid_of(known: Facts) -> Grid | None:
    """From the earliest lead, deal, counted invoice or counted cost to AS_OF."""
    company = known.company
    days = [*known.leads.day, *known.deals.created_on, *known.invoices.day, *known.costs.day, *known.expenses.day]
    days = [day for day in days if day is not None and day <= company.last_on]
    if not days:
        return None
    values = {name: set(known.leads[name]) | set(known.deals[name]) | {NOBODY[name]} for name in DIMENSIONS}
    values = values | {"total": {"all"}, "channel": values["channel"] | set(known.costs.channel)}
    ordered = {name: sorted(found) for name, found in values.items()}
    return Grid(company.calendar, company.context.as_of_at, min(days), company.last_on, ordered)


class Book:
    """The metrics of one dimension; arrays are [period, value]."""

    def __init__(self, known: Facts, grid: Grid, dimension: str):
        self.known, self.grid, self.dimension, self.said = known, grid, dimension, known.company.context
        self.shape = (len(grid.periods), len(grid.values[dimension]))
        self.null, self.found = np.full(self.shape, np.nan), []

    def sums(self, frame: pd.DataFrame, day: str = "day", weight: str | None = None) -> Sums:
        return Sums(self.grid, self.dimension, frame, day, weight)

    def inside(self, frame: pd.DataFrame, day: str = "day", weight: str | None = None) -> np.ndarray:
        """The sum of each period; money in rupees."""
        found = self.sums(frame, day, weight).between(self.grid.start, self.grid.end_eff)
        return found / 100 if weight == "paisa" else found

    def trailing(self, frame: pd.DataFrame, weight: str | None = None) -> np.ndarray:
        """The sum of the 12 months before each period's end."""
        found = self.sums(frame, "day", weight).between(self.grid.year_back, self.grid.end_eff)
        return found / 100 if weight == "paisa" else found

    def first_of(self, metric: str) -> int:
        """The first day of the data that the metric stands on: of customers their first order."""
        ordered = [day for day in self.known.placed.day if day is not None]
        return self.grid.first_on if metric in OF_A_YEAR else min(ordered, default=self.grid.last_on)

    def add(self, metric, unit, value, numerator, denominator=None, status=None, flag=None) -> None:
        """status: one for all or an array, None where nothing is unavailable; flag: what stands instead of final."""
        usual = np.where(self.grid.running, "maturing", "final").astype(object)
        if metric in SHORT_HISTORY:
            usual[~self.grid.running & self.grid.short(self.first_of(metric))] = "short history"
        if flag is not None:
            usual = flag
        of_row = np.broadcast_to(np.asarray(usual, dtype=object).reshape(-1, 1), self.shape)
        given = np.broadcast_to(np.asarray(status, dtype=object), self.shape)
        frame = pd.DataFrame(
            {
                "metric": metric,
                "period_kind": np.repeat([period.kind for period in self.grid.periods], self.shape[1]),
                "period_start_on": np.repeat([date.fromordinal(p.start) for p in self.grid.periods], self.shape[1]),
                "dimension": self.dimension,
                "dimension_value": np.tile(self.grid.values[self.dimension], self.shape[0]),
                "value": self.flat(value),
                "numerator": self.flat(numerator),
                "denominator": self.flat(self.null if denominator is None else denominator),
                "unit": unit,
                "status": np.where([said is None for said in given.ravel()], of_row.ravel(), given.ravel()),
            }
        )
        self.found.append(frame)

    def flat(self, numbers) -> np.ndarray:
        return np.broadcast_to(np.asarray(numbers, dtype=float), self.shape).ravel()

    def count(self, metric: str, found: np.ndarray, unit: str = "amount") -> None:
        self.add(metric, unit, found, found)

    def rate(self, metric: str, above, below, unit: str = "rate", **more) -> None:
        self.add(metric, unit, divide(above, below), above, below, **more)

    def opportunities(self) -> np.ndarray:
        """Deals in scope that became an opportunity in each period."""
        return self.inside(where(self.known.deals, self.known.deals.in_scope), "opportunity_on")

    def cycles(self) -> pd.DataFrame:
        """Glossary: "the deal's created_at to won, days ...; negative ones are data faults, listed, not averaged"."""
        won = self.known.closed("won")
        days = [None if None in (a, b) else (b - a) / 8.64e10 for a, b in zip(won.created_at, won.closed_at)]
        return where(won.assign(days=days), (length is not None and length >= 0 for length in days))

    def trailing_cycle(self) -> np.ndarray:
        return spread_of(self.grid, self.dimension, self.cycles(), self.grid.year_back, self.grid.end_eff, median)[1]
