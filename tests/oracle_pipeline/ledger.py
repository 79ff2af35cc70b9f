"""Movements, weeks and days of the pipeline, from what each deal was at each instant.

The glossary: opening + created + reopened + pulled in + increased + reclassified - decreased - pushed out - won -
lost - scrubbed = closing, per week, source and due fiscal quarter, events in time order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.oracle_pipeline.histories import Company, Deal, History, State

Cell = tuple[str, str]  # source, due fiscal quarter
IN = ("created", "reopened", "pulled_in", "increased", "reclassified")
OUT = ("decreased", "pushed_out", "won", "lost", "scrubbed")


@dataclass(frozen=True)
class Movement:
    """What one deal moved in one cell; amount is signed as it enters the closing."""

    deal_id: str
    at: datetime
    movement: str
    cell: Cell
    amount: Decimal


class Book:
    """One deal's entries. It holds what the deal brings to which cell (held: None while it brings nothing)."""

    def __init__(self, deal_id: str, company: Company):
        self.deal_id, self.company = deal_id, company
        self.entries: list[Movement] = []
        self.held: tuple[Cell, Decimal] | None = None
        self.has_been = False  # created once

    def cell(self, state: State) -> Cell:
        return state.channel, self.company.quarter(state.due_on)

    def enter(self, at: datetime, movement: str, cell: Cell, amount: Decimal) -> None:
        self.entries.append(Movement(self.deal_id, at, movement, cell, amount))

    def goes(self, at: datetime, before: State | None, now: State) -> None:
        """What the step from one state to the next is, in the words of the glossary."""
        if now.amount is not None and not self.has_been:
            # a first amount is the deal's creation, whatever it has become by then
            self.has_been, self.held = True, (self.cell(now), now.amount)
            self.enter(at, "created", *self.held)
        elif before is not None:
            if not self._takes_part(before.status, now.status):
                return
            if before.status != "open" and before.amount is not None:
                self.held = (self.cell(before), before.amount)
                self.enter(at, "reopened", *self.held)
            self._changes(at, before, now)
        if now.status != "open" and self.held is not None:
            cell, amount = self.held
            self.enter(at, now.status, cell, -amount)
            self.held = None

    @staticmethod
    def _takes_part(before: str, now: str) -> bool:
        """Open, or coming back, if only to close in another way; what is deleted after it closed does not come back."""
        return before == "open" or now not in (before, "scrubbed")

    def _changes(self, at: datetime, before: State, now: State) -> None:
        if self.held is None:
            if now.amount is not None:  # its amount is known again
                self.held = (self.cell(now), now.amount)
                self._differs(at, *self.held)
            return
        cell, amount = self.held
        if now.amount is None:
            self._differs(at, cell, -amount)
            self.held = None
            return
        if (before.channel, before.currency) != (now.channel, now.currency):
            self.enter(at, "reclassified", cell, -amount)
            cell = (now.channel, cell[1])
            self.enter(at, "reclassified", cell, now.amount)
        else:
            self._differs(at, cell, now.amount - amount)
        if cell != self.cell(now):
            self.enter(at, "pushed_out", cell, -now.amount)
            self.enter(at, "pulled_in", self.cell(now), now.amount)
        self.held = (self.cell(now), now.amount)

    def _differs(self, at: datetime, cell: Cell, by: Decimal) -> None:
        if by:
            self.enter(at, "increased" if by > 0 else "decreased", cell, by)


def histories(deals: list[Deal], company: Company) -> list[History]:
    return [history for deal in deals if (history := History(deal, company)).is_known]


def movements(told: list[History], company: Company) -> list[Movement]:
    found = []
    for history in told:
        book, before = Book(history.deal.deal_id, company), None
        for at in history.instants():
            now = history.state(at)
            book.goes(at, before, now)
            before = now
        found += book.entries
    return found


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def balance(told: list[History], company: Company, day: date) -> dict[Cell, Decimal]:
    """What was open at the end of the day, added up from the deals themselves: no movement is asked."""
    found: dict[Cell, Decimal] = defaultdict(Decimal)
    for _, state in open_at(told, company, day):
        if state.amount is not None:
            found[state.channel, company.quarter(state.due_on)] += state.amount
    return {cell: amount for cell, amount in found.items() if amount}


def open_at(told: list[History], company: Company, day: date) -> Iterator[tuple[str, State]]:
    """(deal_id, state) of the deals that are open at the end of the day; on AS_OF's own day, at AS_OF."""
    tick = timedelta(microseconds=1)
    at = company.as_of if day == company.last_day() else company.end_of(day) - tick
    for history in told:
        if history.deal.created_at <= at and (state := history.state(at)).status == "open":
            yield history.deal.deal_id, state


def daily(told: list[History], company: Company) -> dict[tuple[date, str], State]:
    """Every day from the first creation to AS_OF."""
    if not told:
        return {}
    first = min(company.day_of(history.deal.created_at) for history in told)
    days = [first + timedelta(days=n) for n in range((company.last_day() - first).days + 1)]
    return {(day, deal_id): state for day in days for deal_id, state in open_at(told, company, day)}


def waterfall(told: list[History], company: Company) -> dict[tuple[date, Cell], dict[str, Decimal]]:
    """Per week and cell what moved, between an opening and a closing that are counted from the deals."""
    moved: dict = defaultdict(lambda: defaultdict(Decimal))
    for entry in movements(told, company):
        sign = -1 if entry.movement in OUT else 1
        moved[monday(company.day_of(entry.at)), entry.cell][entry.movement] += sign * entry.amount
    rows = {}
    if not moved:
        return rows
    week, opening = min(week for week, _ in moved), {}
    while week <= company.last_day():
        closing = balance(told, company, min(week + timedelta(days=6), company.last_day()))
        for cell in {*opening, *closing, *(cell for at, cell in moved if at == week)}:
            parts = {name: moved[week, cell][name] for name in IN + OUT}
            row = {"opening": opening.get(cell, Decimal(0)), **parts, "closing": closing.get(cell, Decimal(0))}
            if any(row.values()):
                rows[week, cell] = row
        week, opening = week + timedelta(days=7), closing
    return rows


def broken(rows: dict[tuple[date, Cell], dict[str, Decimal]]) -> list:
    """The rows whose identity does not hold."""
    return [
        key
        for key, row in rows.items()
        if row["opening"] + sum(row[name] for name in IN) - sum(row[name] for name in OUT) != row["closing"]
    ]
