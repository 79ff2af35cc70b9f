"""What counts as revenue: deals by their last winning, or what was invoiced, as the agreement's revenue basis says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from onefunnel.forecast.history import OPEN, WON, History, codes, microseconds

COLUMNS = ("deal_id", "at", "amount", "segment")


@dataclass
class Closings:
    """Revenue of some time: deal (a code of History, -1 for none), segment and paisa, three arrays of one length."""

    deal: np.ndarray
    segment: np.ndarray
    amount: np.ndarray

    def by_segment(self, segments: int) -> np.ndarray:
        """(segments,) float64 paisa."""
        return np.bincount(self.segment, self.amount, segments).astype(float)


class Bookings:
    """Won deals at their amount, in the time in which they were last won; one that is re-opened leaves it again."""

    def __init__(self, history: History):
        """Read from the states themselves."""
        self.history = history

    def closed(self, row: np.ndarray, start: int, at: int) -> Closings:
        """What had been won since `start` just before `at`; `row` holds each deal's row of History then."""
        history = self.history
        won = row[(history.status[row] == WON) & (history.won_since[row] >= start)]
        return Closings(history.deal[won], history.segment[won], history.amount[won])

    def to_close(self, row: np.ndarray, at: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows, paisa) of the open deals."""
        left = row[self.history.status[row] == OPEN]
        return left, self.history.amount[left].astype(float)


class Invoices:
    """What was invoiced, on the day of the invoice, with or without a deal; a credit note is an amount below zero."""

    def __init__(self, history: History, invoices: pd.DataFrame):
        """Read the frame `invoices`: deal_id (may be null), at, amount (paisa), segment, one of those of the states.

        That segment is of invoices whose deal is not known; the others are of the segment that their deal is in then.
        """
        missing = [name for name in COLUMNS if name not in invoices]
        if missing:
            raise ValueError(f"invoices: no column {', '.join(missing)}")
        order = invoices.sort_values("at", kind="stable")
        segment = order["segment"].fillna("(none)")
        strange = set(segment) - set(history.segments)
        if strange:
            raise ValueError(f"invoices: no deal is in segment {', '.join(sorted(strange))}")
        self.history, self.at = history, microseconds(order["at"])
        deal = pd.Index(history.deals).get_indexer(order["deal_id"].astype(str))
        self.all = Closings(deal, codes(segment, history.segments), order["amount"].to_numpy("int64"))

    def closed(self, row: np.ndarray, start: int, at: int) -> Closings:
        """What was invoiced from `start` to just before `at`."""
        some = slice(*np.searchsorted(self.at, [start, at], side="left"))
        deal, segment = self.all.deal[some], np.full(len(self.history.deals) + 1, -1)
        segment[self.history.deal[row]] = self.history.segment[row]
        known = segment[deal]
        return Closings(deal, np.where(known >= 0, known, self.all.segment[some]), self.all.amount[some])

    def to_close(self, row: np.ndarray, at: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows, paisa) of open deals, and of won ones what has not been invoiced yet."""
        history, before = self.history, self.closed(row, int(self.at[0]) if len(self.at) else at, at)
        named = before.deal >= 0
        invoiced = np.bincount(before.deal[named], before.amount[named], len(history.deals))
        left = history.amount[row] - invoiced[history.deal[row]]
        waits = (history.status[row] == OPEN) | ((history.status[row] == WON) & (left > 0))
        return row[waits], np.maximum(left[waits], 0.0)
