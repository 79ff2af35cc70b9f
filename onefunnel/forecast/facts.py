"""What stood at one origin, and what became of it by the end of the window that is forecast from there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from onefunnel.forecast.closings import Bookings, Invoices
from onefunnel.forecast.history import LOST, OPEN, WON, History
from onefunnel.forecast.quarters import Quarters

DAY = 86_400_000_000
# a stage's age doubles from bucket to bucket: under 1, 2, 4, 8, 16, 32 weeks, and longer
AGES = np.array([7, 14, 28, 56, 112, 224]) * DAY
QUARTER = 91 * DAY
SNAPSHOTS = 100
HORIZONS = ("this quarter", "next quarter", "next 90 days")


def added_up(code: np.ndarray, value: np.ndarray, size: int) -> np.ndarray:
    """(size,) float64 sums of the values of each code."""
    return np.bincount(code, value, size).astype(float)


@dataclass
class Outcome:
    """What a window brought, known at its end; paisa as float64 by segment (G) or by cell (C).

    closed: all that closed in the window after the origin; from_pipeline (C): the part of deals open at the origin, in
    the cell in which they stood then; from_new: the rest, from deals created (or re-opened) after the origin.
    """

    closed: np.ndarray
    from_pipeline: np.ndarray
    from_new: np.ndarray


@dataclass
class Facts:
    """One origin: its quarter, the window [start, end) that is forecast, and the state of things then.

    row, amount, cell: rows in History of the deals still to close, their paisa and cells (stage x age x segment).
    created: how many deals were created in the 91 days before. pipeline, squares (C): sums of the amounts and of their
    squares. By segment (G): closed, what had closed in the window; due, the open amount that is due in it x its stage's
    win rate; commit, what sales commits to of that amount; committed, uncategorised, due_deals: how many deals that is,
    of how many due ones nobody knows the category, and how many are due.
    """

    quarter: int
    at: int
    start: int
    end: int
    row: np.ndarray
    amount: np.ndarray
    cell: np.ndarray
    created: int
    pipeline: np.ndarray
    squares: np.ndarray
    closed: np.ndarray
    due: np.ndarray
    commit: np.ndarray
    committed: np.ndarray
    uncategorised: np.ndarray
    due_deals: np.ndarray
    outcome: Outcome | None = None


@dataclass
class Reader:
    """Facts of any origin of one company; the last snapshots that were taken are kept."""

    history: History
    quarters: Quarters
    revenue: Bookings | Invoices
    _known: dict[int, np.ndarray] = field(default_factory=dict)
    _rates: dict[int, np.ndarray] = field(default_factory=dict)

    def known(self, at: int) -> np.ndarray:
        """Each deal's row just before an instant."""
        if at not in self._known:
            while len(self._known) >= SNAPSHOTS:
                del self._known[next(iter(self._known))]
            self._known[at] = self.history.known_before(at)
        return self._known[at]

    def window(self, quarter: int, at: int, horizon: str) -> tuple[int, int]:
        """[start, end) of what is forecast at an instant of a quarter."""
        if horizon == "next 90 days":
            return at, self.quarters.later(at, 90)
        which = quarter + HORIZONS.index(horizon)
        return self.quarters.start(which), self.quarters.start(which + 1)

    def facts(self, quarter: int, at: int, horizon: str, now: int) -> Facts:
        """The facts of an origin, with their outcome when the window is over at `now`."""
        start, end = self.window(quarter, at, horizon)
        history, known = self.history, self.known(at)
        row, amount = self.revenue.to_close(known, at)
        cell = self._cells(row, at)
        size = len(history.stages) * (len(AGES) + 1) * len(history.segments)
        due = row[self._is_due(row, start, end) & (history.status[row] == OPEN)]
        has_words = history.is_commit is not None
        committed = due[history.is_commit[due]] if has_words else due[:0]
        silent = due[~history.is_categorised[due]] if has_words else due
        found = Facts(
            quarter,
            at,
            start,
            end,
            row,
            amount,
            cell,
            created=int(np.diff(np.searchsorted(history.created, [at - QUARTER, at]))[0]),
            pipeline=added_up(cell, amount, size),
            squares=added_up(cell, amount**2, size),
            closed=self.revenue.closed(known, start, at).by_segment(len(history.segments)),
            due=self._sum(due, self.win_rates(at)[history.stage[due]]),
            commit=self._sum(committed),
            committed=self._count(committed),
            uncategorised=self._count(silent),
            due_deals=self._count(due),
        )
        if end <= now:
            found.outcome = self._outcome(found, size)
        return found

    def _sum(self, row: np.ndarray, share: np.ndarray | float = 1.0) -> np.ndarray:
        history = self.history
        return added_up(history.segment[row], history.amount[row] * share, len(history.segments))

    def _count(self, row: np.ndarray) -> np.ndarray:
        return np.bincount(self.history.segment[row], minlength=len(self.history.segments))

    def _is_due(self, row: np.ndarray, start: int, end: int) -> np.ndarray:
        due = self.history.due[row]
        return (due >= self.quarters.day(start)) & (due < self.quarters.day(end))

    def win_rates(self, at: int) -> np.ndarray:
        """By stage: of the deals that came through it and were won or lost just before an instant, the share won."""
        if at not in self._rates:
            history, known = self.history, self.known(at)
            status = np.full(len(history.deals), OPEN)
            status[history.deal[known]] = history.status[known]
            visits = history.first_visits[history.at[history.first_visits] < at]
            stage, now = history.stage[visits], status[history.deal[visits]]
            won, lost = (np.bincount(stage[now == which], minlength=len(history.stages)) for which in (WON, LOST))
            self._rates[at] = won / np.maximum(won + lost, 1)
        return self._rates[at]

    def _cells(self, row: np.ndarray, at: int) -> np.ndarray:
        history = self.history
        age = np.searchsorted(AGES, at - history.stage_since[row], side="right")
        return (history.stage[row] * (len(AGES) + 1) + age) * len(history.segments) + history.segment[row]

    def _outcome(self, facts: Facts, size: int) -> Outcome:
        """The window's closings split by whether the deal was open at the origin."""
        history, known = self.history, self.known(facts.end)
        groups = len(history.segments)
        all_of_it = self.revenue.closed(known, facts.start, facts.end)
        closed = all_of_it.by_segment(groups) - facts.closed
        fresh = self.revenue.closed(known, max(facts.start, facts.at), facts.end)
        cell_of = np.full(len(history.deals) + 1, -1)
        cell_of[history.deal[facts.row]] = facts.cell
        cell = cell_of[fresh.deal]
        was_open = cell >= 0
        from_pipeline = added_up(cell[was_open], fresh.amount[was_open], size)
        by_segment = added_up(fresh.segment[was_open], fresh.amount[was_open], groups)
        return Outcome(closed, from_pipeline, closed - by_segment)
