"""Cells as text or nothing, and normal forms worked out once per distinct value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd


def text(column: pd.Series) -> np.ndarray:
    """Stripped text or None for each cell, whatever it held; a whole float reads as its digits."""
    missing = column.isna().to_numpy()
    values = column.to_numpy(dtype=object)
    return np.fromiter((None if m else _text(v) for v, m in zip(values, missing)), object, len(values))


def _text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def each(values: np.ndarray, normal: Callable[[str], object]) -> np.ndarray:
    """`normal` of every text, called once per distinct one; None stays None."""
    codes, distinct = pd.factorize(values)
    answers = np.empty(len(distinct) + 1, dtype=object)
    for i, value in enumerate(distinct):
        answers[i] = normal(value)
    answers[len(distinct)] = None  # code -1 is the last one
    return answers[codes]


def known(values: np.ndarray) -> np.ndarray:
    """Where there is a value."""
    return ~pd.isna(values)


def numbered(values: np.ndarray) -> np.ndarray:
    """A number per distinct value, -1 for none."""
    return pd.factorize(values)[0].astype(np.int64)


def instants(column: pd.Series) -> pd.Series:
    """UTC instants; what cannot be read is NaT."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert("UTC")
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
        return column.dt.tz_localize("UTC")
    return pd.to_datetime(pd.Series(text(column), dtype=object), format="ISO8601", errors="coerce", utc=True)
