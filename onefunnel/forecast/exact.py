"""Whole paisa that add up: a total is shared out by largest remainder."""

from __future__ import annotations

import numpy as np


def shares(parts: np.ndarray) -> np.ndarray:
    """Whole numbers next to `parts` (not negative) whose sum is the rounded sum of `parts`; ties go to the first."""
    floor = np.floor(parts).astype("int64")
    left = int(np.floor(parts.sum() + 0.5)) - int(floor.sum())
    order = np.argsort(floor - parts, kind="stable")
    floor[order[: max(left, 0)]] += 1
    return floor
