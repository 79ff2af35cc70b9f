"""What was known of every deal at any instant, from the stream of its states."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from onefunnel.forecast.quarters import MICROSECONDS

OPEN, WON, LOST, SCRUBBED = range(4)
STATUSES = {"open": OPEN, "won": WON, "lost": LOST, "scrubbed": SCRUBBED}
COLUMNS = ("deal_id", "at", "status", "stage_order", "amount", "expected_close_on", "segment")
NO_DAY = np.iinfo(np.int32).max


class History:
    """Columns of the stream, sorted by deal and instant; one row holds from its `at` until the deal's next row.

    at, stage_since, won_since: microseconds; amount: paisa; due: days since 1970 (NO_DAY without one); status, stage,
    segment: codes into STATUSES, stages and segments. stage_since is the start of the unbroken run in the row's stage,
    won_since that of the run in which it was won. since: the instant from which the stream is complete; commit_since:
    that from which its categories are.
    """

    def __init__(
        self,
        states: pd.DataFrame,
        since: int | None = None,
        commit_since: int | None = None,
        segments: Iterable[str] = (),
    ):
        """Read the frame `states`; ValueError names what is wrong with it.

        commit_since: the instant from which the categories are those of then, else always. segments: those that revenue
        may have besides the deals'.
        """
        _check(states)
        order = states.assign(deal_id=states["deal_id"].astype(str))
        order = order.sort_values(["deal_id", "at"], kind="stable").reset_index(drop=True)
        self.at = microseconds(order["at"])
        self.deals = np.unique(order["deal_id"].to_numpy())
        self.deal = codes(order["deal_id"], self.deals)
        if ((self.deal[1:] == self.deal[:-1]) & (self.at[1:] == self.at[:-1])).any():
            raise ValueError("states: a deal has two rows of one instant")
        self.status = order["status"].map(STATUSES).to_numpy("int64")
        stage, segment = order["stage_order"].fillna(0).astype("int64"), order["segment"].fillna("(none)").astype(str)
        self.stages, self.segments = np.unique(stage.to_numpy()), np.unique([*segment, *segments])
        self.stage, self.segment = codes(stage, self.stages), codes(segment, self.segments)
        self.amount = order["amount"].to_numpy("int64")
        self.due = _days(order["expected_close_on"])
        self.is_commit = (order["category"] == "commit").to_numpy(bool) if "category" in order else None
        self.is_categorised = order["category"].notna().to_numpy(bool) if "category" in order else None
        self.stage_since = self._run_start(self.status * (len(self.stages) + 1) + self.stage)
        self.won_since = self._run_start(self.status)
        self.since = int(self.at.min()) if since is None else since
        self.commit_since = np.iinfo("int64").min if commit_since is None else commit_since

    def _run_start(self, code: np.ndarray) -> np.ndarray:
        fresh = np.ones(len(code), bool)
        fresh[1:] = (self.deal[1:] != self.deal[:-1]) | (code[1:] != code[:-1])
        return self.at[np.maximum.accumulate(np.where(fresh, np.arange(len(code)), 0))]

    @cached_property
    def _by_rank(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(all instants in order, deal and rank of each row as one sortable key, first row of each deal)."""
        instants = np.sort(self.at)
        rank = np.searchsorted(instants, self.at, side="left")
        key = self.deal * (len(instants) + 1) + rank
        return instants, key, np.searchsorted(self.deal, np.arange(len(self.deals)), side="left")

    def known_before(self, at: int) -> np.ndarray:
        """Each known deal's last row strictly before an instant: a row of that very instant belongs to what follows.

        One binary search a deal, so a snapshot costs milliseconds however long the stream is.
        """
        instants, key, first = self._by_rank
        seen = int(np.searchsorted(instants, at, side="left"))
        deal = np.arange(len(self.deals))
        row = np.searchsorted(key, deal * (len(instants) + 1) + seen, side="left") - 1
        return row[row >= first]

    @cached_property
    def created(self) -> np.ndarray:
        """The instants at which deals were created, in order: those of their first rows."""
        return np.sort(self.at[self._by_rank[2]])

    @cached_property
    def first_visits(self) -> np.ndarray:
        """The row of each deal's first time open in each stage that it was ever open in."""
        is_open = np.flatnonzero(self.status == OPEN)
        pair = self.deal[is_open] * len(self.stages) + self.stage[is_open]
        return is_open[np.unique(pair, return_index=True)[1]]


def _check(states: pd.DataFrame) -> None:
    missing = [name for name in COLUMNS if name not in states]
    if missing:
        raise ValueError(f"states: no column {', '.join(missing)}")
    if states.empty:
        raise ValueError("states: no row")
    if states[["deal_id", "at", "status", "amount"]].isna().any(axis=None):
        raise ValueError("states: deal_id, at, status and amount are needed in every row")
    strange = set(states["status"]) - set(STATUSES)
    if strange:
        raise ValueError(f"states: status is one of {', '.join(STATUSES)}, not {', '.join(sorted(strange))}")
    if not pd.api.types.is_integer_dtype(states["amount"]):
        raise ValueError("states: amount is a whole number of paisa")


def microseconds(column: pd.Series) -> np.ndarray:
    """Instants as microseconds since 1970; without a timezone they are UTC."""
    return pd.to_datetime(column, utc=True).dt.tz_localize(None).to_numpy().astype(MICROSECONDS).astype("int64")


def _days(column: pd.Series) -> np.ndarray:
    days = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype("int64")).astype("int64")


def codes(column: pd.Series, values: np.ndarray) -> np.ndarray:
    """The position of each entry in the sorted `values`."""
    return np.searchsorted(values, column.to_numpy()).astype("int64")
