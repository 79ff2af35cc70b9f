"""What a definition brings beside the one in force, with 95 % intervals: plain Python beside the models' SQL."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

Z = 1.959963984540054
WORTH = "opportunity_per_known_difference"
DIFFERENCES = [
    f"{name}_difference{end}" for name in ("conversion", "missed_opportunity") for end in ("", "_low", "_high")
] + [f"{WORTH}{end}_amount" for end in ("", "_low", "_high")]
VERDICTS = ["conversion_verdict", "missed_opportunity_verdict", "value_verdict"]


def wilson(x: int, n: int) -> tuple[float, float]:
    middle = (x + Z * Z / 2) / (n + Z * Z)
    half = Z / (n + Z * Z) * math.sqrt(x * (n - x) / n + Z * Z / 4)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def poisson(events: int) -> tuple[float, float]:
    """Byar's 95 % interval of a count."""
    upper = events + 1
    high = upper * (1 - 1 / (9 * upper) + Z / (3 * math.sqrt(upper))) ** 3
    low = events * (1 - 1 / (9 * events) - Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    return low, high


def beside(leads: pd.DataFrame, place: pd.Series, in_force: pd.Series, fewest: int) -> dict:
    """place, in_force: what each definition has to do with each person. Differences, and what they come to."""
    known, base = leads[place == "known"], leads[in_force == "known"]
    made = dict.fromkeys(DIFFERENCES) | dict.fromkeys(VERDICTS, "too few")
    if len(known) and len(base):
        found = conversions(known, base)
        made |= told("conversion_difference", found)
        made["conversion_verdict"] = verdict(len(known), len(base), *found[1:], fewest)
        amounts = [int((rows["opportunity_amount"] > 0).sum()) for rows in (known, base)]
        found = worths(known, base)
        made[f"{WORTH}_amount"] = worth(known) - worth(base)
        if min(amounts) >= fewest:
            ends = (Decimal(end).quantize(Decimal("0.01"), ROUND_HALF_UP) for end in found[1:])
            made |= dict(zip((f"{WORTH}_low_amount", f"{WORTH}_high_amount"), ends))
        made["value_verdict"] = verdict(*amounts, *found[1:], fewest)
    decided = [kinds.isin(["known", "missed"]) & leads["has_opportunity"] for kinds in (place, in_force)]
    if all(one.any() for one in decided):
        found = shares(*decided, place == "missed", in_force == "missed")
        made |= told("missed_opportunity_difference", found)
        # missing more is worse
        sizes = (int(one.sum()) for one in decided)
        made["missed_opportunity_verdict"] = verdict(*sizes, -found[2], -found[1], fewest)
    return made


def told(name: str, found: tuple) -> dict:
    return dict(zip((name, f"{name}_low", f"{name}_high"), found))


def worth(rows: pd.DataFrame) -> Decimal:
    total = sum(rows["opportunity_amount"], Decimal(0))
    return (total / len(rows)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def conversions(mine: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float, float]:
    """Difference of two conversions whose leads overlap, with its 95 % interval (MOVER on the three disjoint parts)."""
    shared = set(mine["lead_id"]) & set(other["lead_id"])
    parts = [
        (mine[mine["lead_id"].isin(shared)], len(shared) / len(mine) - len(shared) / len(other)),
        (mine[~mine["lead_id"].isin(shared)], (len(mine) - len(shared)) / len(mine)),
        (other[~other["lead_id"].isin(shared)], -(len(other) - len(shared)) / len(other)),
    ]
    middle = down = up = 0.0
    for leads, weight in parts:
        if len(leads) == 0:
            continue
        x, n = int(leads["has_opportunity"].sum()), len(leads)
        ends = sorted(weight * end for end in wilson(x, n))
        middle += weight * x / n
        down += (weight * x / n - ends[0]) ** 2
        up += (ends[1] - weight * x / n) ** 2
    return middle, middle - math.sqrt(down), middle + math.sqrt(up)


def worths(mine: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float, float]:
    """The same of the opportunities' amounts a lead: each part's total is a sum of Poisson events (Dobson et al.)."""
    ours, theirs = set(mine["lead_id"]), set(other["lead_id"])
    everyone = pd.concat([mine, other[~other["lead_id"].isin(ours)]])
    parts = [
        (mine[mine["lead_id"].isin(theirs)], len(ours & theirs) / len(ours) - len(ours & theirs) / len(theirs)),
        (mine[~mine["lead_id"].isin(theirs)], len(ours - theirs) / len(ours)),
        (other[~other["lead_id"].isin(ours)], -len(theirs - ours) / len(theirs)),
    ]
    middle = down = up = 0.0
    for leads, weight in parts:
        if len(leads) == 0:
            continue
        amounts = positive(leads)
        spread = amounts or positive(everyone) or [0.0]
        stretch = math.sqrt(math.fsum(a * a for a in spread) / len(spread))
        total = math.fsum(amounts)
        bounds = [max(total + stretch * (end - len(amounts)), 0.0) for end in poisson(len(amounts))]
        ends = sorted(weight * end / len(leads) for end in bounds)
        middle += weight * total / len(leads)
        down += (weight * total / len(leads) - ends[0]) ** 2
        up += (ends[1] - weight * total / len(leads)) ** 2
    return middle, middle - math.sqrt(down), middle + math.sqrt(up)


def positive(leads: pd.DataFrame) -> list[float]:
    return [float(amount) for amount in leads["opportunity_amount"] if amount > 0]


def shares(mine: pd.Series, other: pd.Series, missed: pd.Series, missed_in_force: pd.Series) -> tuple[float, ...]:
    """Difference of two shares of missed opportunities that are mostly the same ones (Newcombe 1998)."""
    if mine.equals(other) and missed[mine].equals(missed_in_force[mine]):
        return 0.0, 0.0, 0.0
    xs, ys = missed[mine].astype(float), missed_in_force[other].astype(float)
    (p, n), (q, m) = (xs.mean(), len(xs)), (ys.mean(), len(ys))
    both = mine & other
    together = math.fsum((missed[both] - p) * (missed_in_force[both] - q))
    spread = math.sqrt(n * p * (1 - p) * m * q * (1 - q))
    r = together / spread if spread else 0.0
    (low, high), (low_q, high_q) = wilson(int(xs.sum()), n), wilson(int(ys.sum()), m)
    down = (p - low) ** 2 + (high_q - q) ** 2 - 2 * r * (p - low) * (high_q - q)
    up = (high - p) ** 2 + (q - low_q) ** 2 - 2 * r * (high - p) * (q - low_q)
    return p - q, p - q - math.sqrt(max(down, 0.0)), p - q + math.sqrt(max(up, 0.0))


def verdict(known: int, known_in_force: int, low: float, high: float, fewest: int) -> str:
    if min(known, known_in_force) < fewest:
        return "too few"
    return "better" if low > 0 else "worse" if high < 0 else "no difference beyond noise"
