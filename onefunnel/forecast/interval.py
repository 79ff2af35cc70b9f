"""The 80 % interval of a forecast, from the relative errors that its method has made before."""

from __future__ import annotations

import numpy as np

ORIGINS_NEEDED = 6
LOW, HIGH = 0.10, 0.90
# a method besides the blend that expected less than half of what came is not of its size: its errors are no share of it
LEAST_EXPECTED = 0.5
# Hyndman and Fan's definition 8 (1996): with few errors the usual one lies too far inside
QUANTILE = "median_unbiased"


def relative_errors(expected: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """(actual - expected) / expected, NaN where nothing was expected or the actual is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, (actual - expected) / expected, np.nan)


def interval(expected: np.ndarray, closed: np.ndarray, errors: np.ndarray, origins: int) -> tuple:
    """(low, high) for each entry of `expected`; NaN with fewer past origins than needed, or where nothing is expected.

    errors: those of all segments together, or the total's own for the total. What has closed is the least that can
    come, and the forecast itself always lies inside.
    """
    errors = errors[~np.isnan(errors)]
    if origins < ORIGINS_NEEDED or not len(errors):
        return np.full_like(expected, np.nan), np.full_like(expected, np.nan)
    low, high = (expected * (1 + np.quantile(errors, p, method=QUANTILE)) for p in (LOW, HIGH))
    low, high = np.clip(low, np.minimum(closed, expected), expected), np.maximum(high, expected)
    return np.where(expected > 0, low, np.nan), np.where(expected > 0, high, np.nan)
