"""Deals of companies that do not exist: six shapes of business, each deal with the history a CRM would hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SHAPES = ("steady", "march peak", "long cycles", "few large deals", "growth", "broken quarter")
QUARTERS, BEFORE = 24, 6
START = pd.Timestamp("2019-04-01", tz="Asia/Kolkata")
STAGES = 5
PERIOD = 91.3


@dataclass(frozen=True)
class Shape:
    """What a business is like; days, shares, and standard deviations of logarithms."""

    deals: float = 130.0
    stage_days: float = 16.0
    spread: float = 0.9
    progress: float = 0.80
    growth: float = 0.06
    march: float = 0.10
    shock: float = 0.14
    broken: bool = False


SHAPE = {
    "steady": Shape(),
    "march peak": Shape(march=0.6),
    "long cycles": Shape(stage_days=42.0, deals=90),
    "few large deals": Shape(deals=45, spread=1.3, stage_days=26),
    "growth": Shape(growth=0.25),
    "broken quarter": Shape(broken=True),
}


@dataclass
class World:
    """What moves a whole company: factors by quarter (counted with those before the first) on demand and on winning."""

    demand: np.ndarray
    winning: np.ndarray


def company(seed: int, shape: str, deals: float | None = None) -> pd.DataFrame:
    """The frame `states` of 24 quarters from April 2019, one row per change of a deal, sorted by deal and instant."""
    rng = np.random.default_rng([seed, SHAPES.index(shape)])
    of = SHAPE[shape]
    world = _world(rng, of)
    size = (deals or of.deals * rng.uniform(0.7, 1.5)) * world.demand
    born = np.sort(np.concatenate([q + rng.random(rng.poisson(n)) ** 0.95 for q, n in enumerate(size)])) * PERIOD
    rows = _lives(rng, of, world, born)
    return _frame(rows)


def _world(rng, of: Shape) -> World:
    """Growth, the season (March is the last quarter of the fiscal year) and shocks that fade over some quarters."""
    n = QUARTERS + BEFORE
    season = 1 + of.march * np.array([-0.4, -0.2, 0.1, 1.0])[(np.arange(n) - BEFORE) % 4]
    drift = of.growth * rng.uniform(0.3, 1.4)
    shocks = np.zeros((2, n))
    for q in range(1, n):
        shocks[:, q] = 0.5 * shocks[:, q - 1] + rng.normal(0, of.shock, 2)
    demand = (1 + drift) ** (np.arange(n) / 4) * np.sqrt(season) * np.exp(shocks[0])
    winning = np.sqrt(season) * np.exp(0.6 * shocks[1])
    if of.broken:
        at = BEFORE + rng.integers(9, 20)
        demand[at] *= 0.5
        winning[at] *= 0.35
    return World(demand, winning)


def _lives(rng, of: Shape, world: World, born: np.ndarray) -> pd.DataFrame:
    """All changes of all deals as columns deal, day (days since the first quarter's start less BEFORE), what, value."""
    n = len(born)
    segment = rng.choice(3, n, p=[0.55, 0.3, 0.15])
    amount = np.exp(rng.normal(np.log(4e7) + 0.8 * segment, of.spread))
    slow = (amount / 4e7) ** 0.12
    events = [_events(np.arange(n), born, "stage", 1), _events(np.arange(n), born, "amount", amount)]
    alive, now, ended = np.ones(n, bool), born.copy(), np.full(n, np.nan)
    stage = np.ones(n, int)
    for step in range(1, STAGES + 1):
        took = rng.gamma(1.6, of.stage_days / 1.6, n) * slow * rng.lognormal(0, 0.35, n)
        leaves = now + took
        fits = _chance(of.progress, world, leaves, step) * np.exp(-0.10 * (took / of.stage_days - 1).clip(0, 4))
        goes = rng.random(n) < fits
        leaves = np.where(goes & (step == STAGES), _pulled(rng, leaves, took), leaves)
        lost_at = now + took * rng.gamma(2.0, 0.9, n)
        moved, died = alive & goes, alive & ~goes
        if step < STAGES:
            # some stages are skipped
            stage = np.where(moved, np.minimum(stage + 1 + (rng.random(n) < 0.08), STAGES), stage)
            events.append(_events(np.flatnonzero(moved), leaves[moved], "stage", stage[moved]))
            edited = moved & (rng.random(n) < 0.28)
            amount = np.where(edited, amount * rng.lognormal(-0.06, 0.17, n), amount)
            events.append(_events(np.flatnonzero(edited), leaves[edited] + 0.01, "amount", amount[edited]))
        else:
            events.append(_events(np.flatnonzero(moved), leaves[moved], "status", "won"))
        zombie = died & (rng.random(n) < 0.18)
        lost_at = np.where(zombie, lost_at + rng.exponential(220, n), lost_at)
        end = np.where(zombie, "scrubbed", "lost")
        events.append(_events(np.flatnonzero(died), lost_at[died], "status", end[died]))
        ended = np.where(moved & (step == STAGES), leaves, np.where(died, lost_at, ended))
        now, alive = np.where(moved, leaves, now), moved
    won = alive
    events += _reopened(rng, ended, won, stage)
    events += _promises(rng, of, born, ended)
    whole = _as_entered(rng, pd.concat(events, ignore_index=True), born, ended, won)
    whole["segment"] = np.array(["micro", "small", "medium"])[segment[whole["deal"].to_numpy()]]
    # what sales would commit to once it is in the last two stages: it often knows, and it often hopes
    believed = rng.random(n) < np.where(won, 0.75, 0.35)
    whole["believed"] = believed[whole["deal"].to_numpy()]
    return whole


def _chance(progress: float, world: World, at: np.ndarray, step: int) -> np.ndarray:
    """The share of deals that leave a stage upwards, in the mood of the quarter in which they leave it."""
    quarter = np.clip((at / PERIOD).astype(int), 0, len(world.winning) - 1)
    base = progress - 0.04 * (step == 1)
    odds = base / (1 - base) * world.winning[quarter] ** 0.9
    return odds / (1 + odds)


def _pulled(rng, leaves: np.ndarray, took: np.ndarray) -> np.ndarray:
    """Of the orders due within three weeks after a quarter's end a third are pulled into its last days."""
    past_end = leaves % PERIOD
    pulled = (past_end < 21) & (rng.random(len(leaves)) < 0.33) & (took > past_end + 3)
    return np.where(pulled, leaves - past_end - rng.random(len(leaves)) * 2.5 - 0.1, leaves)


def _reopened(rng, ended: np.ndarray, won: np.ndarray, stage: np.ndarray) -> list[pd.DataFrame]:
    """One lost deal in thirty comes back, and half of those are won; two won ones in a hundred are undone."""
    n = len(ended)
    back = (~won & (rng.random(n) < 0.035)) | (won & (rng.random(n) < 0.012))
    at = ended + rng.exponential(45, n) + 2
    after = at + rng.gamma(2, 18, n) + 1
    outcome = np.where(rng.random(n) < 0.5, "won", "lost")
    who = np.flatnonzero(back)
    return [
        _events(who, at[who], "status", "open"), _events(who, after[who], "status", outcome[who]),
    ]  # fmt: skip


def _promises(rng, of: Shape, born: np.ndarray, ended: np.ndarray) -> list[pd.DataFrame]:
    """Expected dates: a guess at the start, mostly too early; moved on when they come near, three times in four."""
    n = len(born)
    due = born + of.stage_days * STAGES * rng.lognormal(-0.1, 0.45, n)
    events = [_events(np.arange(n), born, "due", due)]
    for _ in range(8):
        slips = due + rng.normal(-2, 6, n)
        who = np.flatnonzero((slips < ended - 3) & (slips > born) & (rng.random(n) < 0.75))
        due[who] = slips[who] + rng.gamma(2, 16, len(who)) + 5
        events.append(_events(who, slips[who], "due", due[who]))
    return events


def _as_entered(rng, rows: pd.DataFrame, born: np.ndarray, ended: np.ndarray, won: np.ndarray) -> pd.DataFrame:
    """What the CRM saw: some deals are entered only when they are almost won, and stages are moved days later."""
    late = won & (rng.random(len(born)) < 0.12)
    entered = np.where(late, np.maximum(born, ended - rng.exponential(9, len(born))), born)
    deal, lag = rows["deal"].to_numpy(), rng.exponential(4, len(rows))
    day = rows["day"].to_numpy() + np.where(rows["stage"].notna() & (rows["stage"] > 1), lag, 0)
    day = np.where(rows["stage"].notna(), np.minimum(day, ended[deal] - 0.02), day)
    return rows.assign(day=np.maximum(day, entered[deal]))


def _events(deal, day, what: str, value) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "day": day, what: value})


def _frame(rows: pd.DataFrame) -> pd.DataFrame:
    """One full state after each change, without what lies before the 24 quarters or after them."""
    length = BEFORE * PERIOD
    rows = rows.sort_values(["deal", "day"], kind="stable")
    rows = rows.groupby(["deal", "day"], as_index=False).last()
    for name in ("stage", "amount", "due", "status"):
        if name == "status":
            rows[name] = rows[name].fillna("")
            rows.loc[~rows["deal"].duplicated(), name] = "open"
            rows[name] = rows[name].replace("", np.nan)
        rows[name] = rows.groupby("deal")[name].ffill()
    rows = rows[(rows["day"] < length + QUARTERS * PERIOD)]
    closed = rows["status"] != "open"
    over = rows[(rows["day"] < length) & closed]["deal"].unique()
    still = rows[(rows["day"] >= length)]["deal"].unique()
    rows = rows[~rows["deal"].isin(np.setdiff1d(over, still))]
    at = _clock(rows["day"]).tz_localize(START.tz)
    return pd.DataFrame(
        {
            "deal_id": "D" + rows["deal"].astype(str).str.zfill(6),
            "at": at.tz_convert("UTC"),
            "status": rows["status"],
            "stage_order": rows["stage"].astype(int),
            "amount": (rows["amount"].round(0).astype("int64") // 100) * 100,
            "expected_close_on": _clock(rows["due"]).normalize(),
            "segment": rows["segment"],
            "category": np.where(rows["believed"] & (rows["stage"] >= STAGES - 1), "commit", "pipeline"),
        }
    ).drop_duplicates(["deal_id", "at"], keep="last")


def _clock(day: pd.Series) -> pd.DatetimeIndex:
    """Simulated days on the wall clock: each simulated quarter is stretched to the days that its fiscal quarter has."""
    first = START.tz_localize(None) - pd.DateOffset(months=3 * BEFORE)
    starts = pd.date_range(first, periods=QUARTERS + BEFORE + 40, freq="QS").to_numpy().astype("datetime64[s]")
    seconds = np.interp(day, np.arange(len(starts)) * PERIOD, starts.astype("int64"))
    return pd.DatetimeIndex(seconds.astype("int64").astype("datetime64[s]"))
