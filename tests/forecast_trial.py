"""Twenty companies that do not exist: how far off is the forecast, beside the methods anyone could use instead?

Run as a program: python -m tests.forecast_trial [seed ...]; without seeds they are drawn and printed. Every company
counts the same: its amounts are in units of its own mean quarter. The best other method is the one with the least
pooled error over all companies, known only afterwards, which is harder to beat than any that one could have chosen.
Every horizon and week that misses the aim is told by name; exits 1 where all weeks of a horizon together miss it.
"""

from __future__ import annotations

import secrets
import sys

import numpy as np
import pandas as pd

from onefunnel.forecast import History, Quarters, backtest, instant
from tests.forecast.companies import QUARTERS, SHAPES, START, company

COMPANIES, RESAMPLES = 20, 2000
WEEKS = (0, 4, 8)
ALL_WEEKS = "0-12"
RATIO, COVERAGE, BIAS = 0.95, (0.75, 0.85), 0.05
AMOUNTS = ["expected_amount", "low_amount", "high_amount", "actual_amount"]


def judged(seed: int, shape: str) -> pd.DataFrame:
    """One row per method and origin whose window is over and for which the blend had enough history; totals only."""
    quarters, since = Quarters(), instant(START)
    end = quarters.start(quarters.holding(since) + QUARTERS) - 1
    rows = backtest(History(company(seed, shape), since), quarters, end)
    rows = rows[(rows["segment"] == "all") & rows["actual_amount"].notna()]
    rows = rows.astype(dict.fromkeys(AMOUNTS, "float64"))
    unit = rows[(rows["method"] == "blend") & (rows["horizon"] == "this quarter")]["actual_amount"].mean()
    rows[AMOUNTS] /= unit
    ready = rows[(rows["method"] == "blend") & (rows["status"] == "ok")]
    rows = rows.merge(ready[["horizon", "week", "quarter"]], on=["horizon", "week", "quarter"])
    return rows.assign(
        seed=seed,
        shape=shape,
        missed=rows["expected_amount"] - rows["actual_amount"],
        inside=rows["actual_amount"].between(rows["low_amount"], rows["high_amount"]),
        wide=rows["high_amount"] - rows["low_amount"],
    )


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """(method, company) -> sums of |missed|, missed and actual, and counts."""
    rows = rows.assign(absolute=rows["missed"].abs(), origins=1)
    return rows.groupby(["method", "seed"])[
        ["absolute", "missed", "actual_amount", "inside", "wide", "origins"]
    ].sum()  # fmt: skip


def wape(totals: pd.DataFrame) -> pd.Series:
    """Method -> sum |missed| / sum actual over companies."""
    pooled = totals.groupby("method")[["absolute", "actual_amount"]].sum()
    return pooled["absolute"] / pooled["actual_amount"]


def ratio_interval(totals: pd.DataFrame) -> tuple[float, float]:
    """2.5 and 97.5 % quantiles of the ratio when the companies are drawn anew; the best other is chosen each time."""
    absolute = totals["absolute"].unstack("method")
    actual = totals["actual_amount"].unstack("method")["blend"]
    drawn = np.random.default_rng(1).integers(0, len(absolute), (RESAMPLES, len(absolute)))
    pooled = absolute.to_numpy()[drawn].sum(axis=1) / actual.to_numpy()[drawn].sum(axis=1)[:, None]
    blend = list(absolute.columns).index("blend")
    low, high = np.quantile(pooled[:, blend] / np.delete(pooled, blend, axis=1).min(axis=1), [0.025, 0.975])
    return float(low), float(high)


def line(rows: pd.DataFrame) -> dict:
    """The blend beside the best other method over some rows."""
    totals = sums(rows)
    errors, blend = wape(totals), totals.loc["blend"].sum()
    best = errors.drop("blend").idxmin()
    low, high = ratio_interval(totals)
    return {
        "origins": int(blend["origins"]),
        "WAPE": errors["blend"],
        "best other": best,
        "its WAPE": errors[best],
        "ratio": errors["blend"] / errors[best],
        "from": low,
        "to": high,
        "bias": blend["missed"] / blend["actual_amount"],
        "coverage": blend["inside"] / blend["origins"],
        "width": blend["wide"] / blend["actual_amount"],
    }


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per horizon and week of the quarter, and per horizon over all its weeks."""
    told = []
    for horizon, of_horizon in rows.groupby("horizon", sort=False):
        for week in (*WEEKS, ALL_WEEKS):
            some = of_horizon if week == ALL_WEEKS else of_horizon[of_horizon["week"] == week]
            told.append({"horizon": horizon, "week": week, **line(some)})
    return pd.DataFrame(told)


def missed(told: pd.DataFrame) -> list[str]:
    """Where the aim is missed, in words."""
    found = []
    for row in told.to_dict("records"):
        where = f"{row['horizon']}, week {row['week']}"
        if row["ratio"] > RATIO:
            found.append(f"{where}: ratio {row['ratio']:.3f} > {RATIO}")
        if not COVERAGE[0] <= row["coverage"] <= COVERAGE[1]:
            found.append(f"{where}: coverage {row['coverage']:.3f} not in {COVERAGE[0]}-{COVERAGE[1]}")
        if abs(row["bias"]) > BIAS:
            found.append(f"{where}: bias {row['bias']:+.3f}")
    return found


def main(words: list[str]) -> int:
    """Print the seeds, the tables and what is missed."""
    seeds = [int(word) for word in words] or [secrets.randbelow(10**6) for _ in range(COMPANIES)]
    print("seeds", *seeds)
    rows = pd.concat([judged(seed, SHAPES[i % len(SHAPES)]) for i, seed in enumerate(seeds)], ignore_index=True)
    told = table(rows)
    print(told.round(3).to_string(index=False))
    this = rows[rows["horizon"] == "this quarter"]
    print("\nWAPE of this quarter by method")
    by_week = {week: wape(sums(this[this["week"] == week])) for week in WEEKS}
    print(pd.DataFrame({**by_week, ALL_WEEKS: wape(sums(this))}).round(3).to_string())
    print("\nthis quarter, all weeks, by shape")
    shapes = [{"shape": shape, **line(some)} for shape, some in this.groupby("shape", sort=False)]
    print(pd.DataFrame(shapes).round(3).to_string(index=False))
    for what in missed(told):
        print("aim missed:", what)
    return bool(missed(told[told["week"] == ALL_WEEKS]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
