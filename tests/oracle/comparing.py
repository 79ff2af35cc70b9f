"""Published tables against the oracle's frames: what differs, the first few rows of each metric or model."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

CREDIT_KEYS = ["model", "deal_id", "milestone", "touch_id"]
CREDIT_CELLS = ["channel", "campaign_id", "credit_share", "credit_amount"]
METRIC_KEYS = ["metric", "period_kind", "period_start_on", "dimension", "dimension_value"]
NUMBERS = ["value", "numerator", "denominator"]
LENGTHS = ("sales_velocity", "sales_cycle_days_median", "sales_cycle_days_p90", "speed_to_lead")
SUMS = ("revenue", "customers", "new_customers", "marketing_sourced_revenue", "marketing_sourced_gap",
        "marketing_influenced_revenue")  # fmt: skip
RELATIVE, SHOWN = 1e-12, 5


def published(path: Path, table: str, columns: list[str], optional: tuple[str, ...] = ()) -> pd.DataFrame:
    """The columns of a published table; optional ones where it has them."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        there = [row[0] for row in con.execute(f"describe metrics.{table}").fetchall()]
        missing = [column for column in columns if column not in there]
        assert not missing, f"metrics.{table} has no column {missing}"
        wanted = [*columns, *(column for column in optional if column in there)]
        rows = con.execute(f"select {', '.join(wanted)} from metrics.{table}").fetchall()
    return pd.DataFrame(rows, columns=wanted, dtype=object)


def joined(found: pd.DataFrame, expected: pd.DataFrame, keys: list[str], cells: list[str]) -> pd.DataFrame:
    """Side by side; cells of the published ones end in _found."""
    sides = [frame[[*keys, *cells]].assign(**{key: frame[key].astype(object).fillna("-") for key in keys}) for frame in
             (expected, found)]  # fmt: skip
    for name, side in zip(("the oracle", "the published table"), sides):
        twice = side[side.duplicated(keys, keep=False)]
        assert twice.empty, f"{name} has rows with the same key:\n{twice.head(SHOWN).to_string()}"
    return sides[0].merge(sides[1], on=keys, how="outer", suffixes=("", "_found"), indicator="where")


def same_things(expected: pd.Series, found: pd.Series) -> np.ndarray:
    """Equal, or both nothing."""
    here, there = expected.astype(object), found.astype(object)
    return ((here.isna() & there.isna()) | (here == there).fillna(False).astype(bool)).to_numpy()


def same_numbers(expected: pd.Series, found: pd.Series, roughly: np.ndarray) -> np.ndarray:
    """Equal to the paisa (counts: exactly); roughly: within 1e-12 of the number; or both nothing."""
    here, there = (side.astype(float).to_numpy() for side in (expected, found))
    exact = np.round(here * 100) == np.round(there * 100)
    close = np.abs(here - there) <= RELATIVE * np.maximum(np.abs(here), np.abs(there))
    return (np.isnan(here) & np.isnan(there)) | np.where(roughly, close, exact)


def report(both: pd.DataFrame, wrong: np.ndarray, group: str, columns: list[str]) -> str:
    """How many rows of each group differ, and the first few of them."""
    said = []
    for name, rows in both[wrong].groupby(group, sort=False):
        only = rows["where"].map({"left_only": "missing", "right_only": "not expected", "both": "differs"})
        counts = ", ".join(f"{count} {what}" for what, count in only.astype(str).value_counts().items())
        shown = rows.assign(what=only)[["what", *columns]].head(SHOWN)
        said.append(
            f"{name}: {counts}\n{shown.to_string(index=False, float_format=lambda number: repr(float(number)))}"
        )
    return "\n\n".join(said)


def credit_differences(found: pd.DataFrame, expected: pd.DataFrame) -> str:
    """Same touches, shares and paisa for each model; '' when nothing differs."""
    both = joined(found, expected, CREDIT_KEYS, CREDIT_CELLS)
    wrong = (both["where"] != "both").to_numpy()
    for cell in CREDIT_CELLS:
        wrong = wrong | ~same_things(both[cell], both[f"{cell}_found"])
    columns = [name for cell in CREDIT_CELLS for name in (cell, f"{cell}_found")]
    return report(both, wrong, "model", [*CREDIT_KEYS[1:], *columns])


def metric_differences(found: pd.DataFrame, expected: pd.DataFrame) -> str:
    """Same rows; sums to the paisa, counts exactly, rates and lengths within 1e-12; same unit and status."""
    words = [name for name in ("unit", "status", "agreement_version") if name in found]
    both = joined(found, expected, METRIC_KEYS, [*NUMBERS, *words])
    wrong = (both["where"] != "both").to_numpy()
    length = both.metric.isin(LENGTHS).to_numpy()
    roughly = {"value": ~both.metric.str.startswith(SUMS).to_numpy(), "numerator": length, "denominator": length}
    for name in NUMBERS:
        wrong = wrong | ~same_numbers(both[name], both[f"{name}_found"], roughly[name])
    for name in words:
        wrong = wrong | ~same_things(both[name], both[f"{name}_found"])
    columns = [name for cell in (*NUMBERS, *words) for name in (cell, f"{cell}_found")]
    return report(both, wrong, "metric", [*METRIC_KEYS[1:], *columns])
