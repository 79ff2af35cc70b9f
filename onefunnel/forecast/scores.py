"""How the forecasts of a rolling-origin backtest did: WAPE, signed bias, share of actuals inside, width."""

from __future__ import annotations

import pandas as pd


def accuracy(backtest: pd.DataFrame) -> pd.DataFrame:
    """One row per method, horizon and week of the quarter, over origins whose windows are over.

    Only origins at which the blend had enough history count, for every method, so that all are judged on the same ones.
    wape: sum |expected - actual| / sum actual; bias: sum (expected - actual) / sum actual, above zero too high;
    coverage_80: share of actuals from low to high; width: sum (high - low) / sum actual. All of totals, as shares.
    """
    keys = ["method", "horizon", "week"]
    judged = backtest[(backtest["segment"] == "all") & backtest["actual_amount"].notna()]
    ready = judged[(judged["method"] == "blend") & (judged["status"] == "ok")][["horizon", "week", "quarter"]]
    judged = judged.merge(ready, on=["horizon", "week", "quarter"])
    judged = judged[judged["expected_amount"].notna()].astype(
        dict.fromkeys(["expected_amount", "low_amount", "high_amount", "actual_amount"], "float64")
    )
    missed = judged["expected_amount"] - judged["actual_amount"]
    bounded = judged["low_amount"].notna()
    judged = judged.assign(
        missed=missed,
        absolute=missed.abs(),
        bounded=bounded,
        inside=bounded & judged["actual_amount"].between(judged["low_amount"], judged["high_amount"]),
        wide=judged["high_amount"] - judged["low_amount"],
        bounded_actual=judged["actual_amount"].where(bounded),
    )
    sums = judged.groupby(keys, as_index=False).agg(
        origins=("quarter", "nunique"),
        actual=("actual_amount", "sum"),
        **{name: (name, "sum") for name in ("missed", "absolute", "bounded", "inside", "wide", "bounded_actual")},
    )
    return pd.DataFrame(
        {
            **{key: sums[key] for key in keys},
            "origins": sums["origins"],
            "wape": _rate(sums["absolute"], sums["actual"]),
            "bias": _rate(sums["missed"], sums["actual"]),
            "coverage_80": _rate(sums["inside"], sums["bounded"]),
            "width": _rate(sums["wide"], sums["bounded_actual"]),
        }
    )


def _rate(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    return (numerator / denominator.where(denominator > 0)).astype("float64")
