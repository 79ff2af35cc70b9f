"""Customer lifetime value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.oracle.facts import customers
from tests.oracle.windows import Grid


def half_away(rupees: np.ndarray) -> np.ndarray:
    """Whole paisa, half away from zero."""
    return np.copysign(np.floor(np.abs(rupees) * 100 + 0.5), rupees).astype(np.int64)


class Lifetime:
    """Glossary, CLV: "(orders + k x segment rate) / (years + k) x mean order x margin x P(active) x horizon,
    discounted"; orders after the first, years since it."""

    def __init__(self, said, placed: pd.DataFrame):
        firsts = customers(placed).reset_index(drop=True)
        number = {account: n for n, account in enumerate(firsts.account_id)}
        segments = {segment: n for n, segment in enumerate(sorted(set(firsts.segment)))}
        self.firsts, self.k = firsts, float(said.clv_prior_years)
        self.segment = np.array([segments[segment] for segment in firsts.segment], dtype=np.int64)
        self.account = np.array([number[account] for account in placed.account_id], dtype=np.int64)
        self.day = placed.day.to_numpy(dtype=np.int64)
        self.paisa, self.counts = placed.paisa.to_numpy(dtype=float), placed.has_amount.to_numpy(dtype=float)
        discount = 1 + float(said.clv_discount_percent) / 100
        horizon = sum(1 / discount**year for year in range(1, int(said.clv_horizon_years) + 1))
        self.factor = float(said.clv_margin_percent) / 100 * horizon
        self.half_life = float(said.clv_half_life_days)

    def at(self, end: int) -> tuple[np.ndarray, np.ndarray]:
        """(the first orders that are before the day, the paisa of each of these customers)."""
        known, size = self.day < end, len(self.firsts)
        account = self.account[known]
        orders = np.bincount(account, minlength=size)
        here = np.flatnonzero(orders)
        first, last = np.full(size, end), np.zeros(size, dtype=np.int64)
        np.minimum.at(first, account, self.day[known])
        np.maximum.at(last, account, self.day[known])
        years, again = (end - first) / 365.25, np.where(orders > 0, orders - 1, 0)
        of_segment = [np.bincount(self.segment, part) for part in (again, np.where(orders > 0, years, 0))]
        rate = np.divide(*of_segment, out=np.zeros(len(of_segment[0])), where=of_segment[1] != 0)[self.segment]
        expected = (again + self.k * rate)[here] / (years + self.k)[here]
        amount = np.bincount(account, self.paisa[known] * self.counts[known], minlength=size)[here] / 100
        with_amount = np.bincount(account, self.counts[known], minlength=size)[here]
        mean = np.divide(amount, with_amount, out=np.zeros(len(here)), where=with_amount > 0)
        active = 0.5 ** ((end - last[here]) / self.half_life)
        return here, half_away(expected * mean * self.factor * active)

    def sums(self, grid: Grid, dimension: str) -> np.ndarray:
        """The paisa of all customers, [period, value]."""
        place = {value: n for n, value in enumerate(grid.values[dimension])}
        of_customer = np.array([place.get(value, len(place)) for value in self.firsts[dimension]], dtype=np.int64)
        found = np.zeros((len(grid.periods), len(place)))
        for row, end in enumerate(grid.end_eff):
            here, paisa = self.at(int(end))
            found[row] = np.bincount(of_customer[here], paisa, minlength=len(place) + 1)[: len(place)]
        return found
