"""How the forecasts of a rolling-origin backtest did: WAPE, signed bias, share of actuals inside, width."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.forecast.interval import ORIGINS_NEEDED
from onefunnel.forecast.publish import ALL
from onefunnel.forecast.rolling import METHODS, NOT_ENOUGH

AMOUNTS = ("expected_amount", "low_amount", "high_amount", "actual_amount")
ORIGIN = ["horizon", "week", "quarter"]
# thirteen weeks of a quarter are one quarter's luck: fewer quarters than a year has tell nobody who is best
QUARTERS_NEEDED = 4
SHORT = "short history"
COUNTS = ["origins", "quarters", "interval_origins", "inside", "actual", "error", "absolute_error"]


def accuracy(backtest: pd.DataFrame) -> pd.DataFrame:
    """One row per method, horizon and week of the quarter, over origins whose windows are over.

    Only origins at which the blend had enough history count, for every method, so that all are judged on the same ones.
    wape: sum |expected - actual| / sum actual; bias: sum (expected - actual) / sum actual, above zero too high;
    coverage_80: share of actuals from low to high; width: sum (high - low) / sum actual. All of totals, as shares.
    """
    return _scored(_judged(backtest), ["method", "horizon", "week"])


def record(backtest: pd.DataFrame) -> pd.DataFrame:
    """One row per method, horizon and week, and per method and horizon with week `all`; who was best is said.

    Besides what `accuracy` tells: best_naive and naive_wape, the method besides the blend that did best on all the
    blend's origins; ratio_to_naive, the method's WAPE over that one's; is_best, the one method with the least WAPE on
    them, the first of METHODS among equals and nobody of fewer than QUARTERS_NEEDED quarters; status, `ok`,
    `short history` of so few, `not enough history` or why a method says nothing. Of fewer than ORIGINS_NEEDED
    intervals neither coverage nor width is told. actual, error, absolute_error: the sums behind the shares, in paisa.
    """
    judged = _judged(backtest)
    told = pd.concat(
        [_scored(judged, ["method", "horizon"]).assign(week=ALL), _scored(judged, ["method", "horizon", "week"])]
    )
    told["week"] = told["week"].astype(str)
    spoken = backtest[backtest["segment"] == ALL][["method", "horizon", "week", "status", "expected_amount"]]
    # what an amount leaves out is no reason for silence
    spoken = spoken.assign(status=spoken["status"].where(spoken["expected_amount"].isna(), "ok"))
    spoken = pd.concat([spoken.assign(week=ALL), spoken.astype({"week": str})])
    why = spoken.groupby(["horizon", "week", "method"], as_index=False, sort=False)["status"].agg(_why)
    rows = why.merge(told, on=["method", "horizon", "week"], how="left")
    rows[COUNTS] = rows[COUNTS].fillna(0).astype("int64")
    rows.loc[rows["interval_origins"] < ORIGINS_NEEDED, ["coverage_80", "width"]] = np.nan
    # whose windows are not over yet has been said and not judged
    rows["status"] = rows["status"].where((rows["origins"] > 0) | (rows["status"] != "ok"), NOT_ENOUGH)
    rows.loc[rows["origins"] > 0, "status"] = "ok"
    rows.loc[(rows["origins"] > 0) & (rows["quarters"] < QUARTERS_NEEDED), "status"] = SHORT
    rows["place"] = rows["method"].map(METHODS.index)
    found = [_compared(some) for _, some in rows.groupby(["horizon", "week"], sort=False)]
    return pd.concat(found, ignore_index=True).drop(columns="place") if found else rows.assign(**_NOBODY)


_NOBODY = {"best_naive": None, "naive_wape": np.nan, "ratio_to_naive": np.nan, "is_best": False}


def _why(statuses: pd.Series) -> str:
    """Why nothing was said, where nothing was: short history is the reason before any other that passes."""
    said = [status for status in statuses if status != "ok"]
    return said[-1] if said else "ok"


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    """The methods of one horizon and week beside the best naive one on the same origins."""
    rows = rows.sort_values("place").assign(**_NOBODY)
    whole = rows[(rows["origins"] == rows["origins"].max()) & rows["wape"].notna()]
    naive = whole[whole["method"] != METHODS[0]]
    if len(naive):
        best = naive.loc[naive["wape"].idxmin()]
        rows["best_naive"], rows["naive_wape"] = best["method"], best["wape"]
        rows["ratio_to_naive"] = rows["wape"] / (best["wape"] or np.nan)
    if len(whole) and whole["quarters"].max() >= QUARTERS_NEEDED:
        rows.loc[whole["wape"].idxmin(), "is_best"] = True
    return rows


def _judged(backtest: pd.DataFrame) -> pd.DataFrame:
    """The totals of origins whose windows are over and at which the blend could say, with what each missed by."""
    judged = backtest[(backtest["segment"] == ALL) & backtest["actual_amount"].notna()]
    ready = judged[(judged["method"] == "blend") & (judged["status"] == "ok")][ORIGIN]
    judged = judged.merge(ready, on=ORIGIN)
    judged = judged[judged["expected_amount"].notna()].astype(dict.fromkeys(AMOUNTS, "float64"))
    missed = judged["expected_amount"] - judged["actual_amount"]
    bounded = judged["low_amount"].notna()
    return judged.assign(
        missed=missed,
        absolute=missed.abs(),
        bounded=bounded,
        inside=bounded & judged["actual_amount"].between(judged["low_amount"], judged["high_amount"]),
        wide=judged["high_amount"] - judged["low_amount"],
        bounded_actual=judged["actual_amount"].where(bounded),
    )


def _scored(judged: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    sums = judged.groupby(keys, as_index=False).agg(
        origins=("quarter", "size"),
        quarters=("quarter", "nunique"),
        actual=("actual_amount", "sum"),
        **{name: (name, "sum") for name in ("missed", "absolute", "bounded", "inside", "wide", "bounded_actual")},
    )
    return pd.DataFrame(
        {
            **{key: sums[key] for key in [*keys, "origins", "quarters", "inside", "actual"]},
            "interval_origins": sums["bounded"],
            "error": sums["missed"],
            "absolute_error": sums["absolute"],
            "wape": _rate(sums["absolute"], sums["actual"]),
            "bias": _rate(sums["missed"], sums["actual"]),
            "coverage_80": _rate(sums["inside"], sums["bounded"]),
            "width": _rate(sums["wide"], sums["bounded_actual"]),
        }
    )


def _rate(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    return (numerator / denominator.where(denominator > 0)).astype("float64")
