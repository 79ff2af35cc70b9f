"""Attribution once more, in plain Python from the definitions: what the dbt models must give, path by path."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

NO_TOUCH = "no marketing touch"
WEIGHTS = {
    "u_shaped": {"first": 40, "lead": 40, "rest": 20},
    "w_shaped": {"first": 30, "lead": 30, "opportunity": 30, "rest": 10},
    "full_path": {"first": 22.5, "lead": 22.5, "opportunity": 22.5, "won": 22.5, "rest": 10},
}
MODELS = ["first", "last", "linear", "u_shaped", "w_shaped", "full_path", "time_decay", "markov", "even_by_channel"]
LOOKBACK_DAYS, HALF_LIFE_DAYS = 180, 14


@dataclass
class Touch:
    touch_id: str
    at: datetime
    channel: str
    account_id: str
    is_eligible: bool = True


@dataclass
class Deal:
    deal_id: str
    account_id: str
    status: str = "open"
    lead_created_at: datetime | None = None
    opportunity_at: datetime | None = None
    closed_at: datetime | None = None
    amount: Decimal | None = None


@dataclass
class World:
    deals: list[Deal] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)

    def path(self, account_id: str, end: datetime) -> list[Touch]:
        """The account's eligible touches in the lookback before the end, in order."""
        nearest, farthest = timedelta(0), timedelta(days=LOOKBACK_DAYS)
        mine = [t for t in self.touches if t.is_eligible and t.account_id == account_id]
        return sorted((t for t in mine if nearest <= end - t.at < farthest), key=lambda t: (t.at, t.touch_id))


def milestones(deal: Deal) -> list[tuple[str, datetime]]:
    won = deal.status == "won" and deal.closed_at is not None
    return [("opportunity", deal.opportunity_at)] * (deal.opportunity_at is not None) + [("won", deal.closed_at)] * won


def split(total: int, raws: list[int]) -> list[int]:
    """Largest remainder, the earlier first: done with fractions, one unit at a time."""
    exact = [Fraction(total * raw, sum(raws)) for raw in raws]
    shares = [math.floor(value) for value in exact]
    while sum(shares) < total:
        best = max(range(len(raws)), key=lambda i: (exact[i] - shares[i], -i))
        shares[best] += 1
    return shares


def last_until(path: list[Touch], instant: datetime | None) -> set[int]:
    found = [i for i, touch in enumerate(path) if instant is not None and touch.at <= instant]
    return set(found[-1:])


def units(deal: Deal, milestone: str, end: datetime, path: list[Touch], model: str, removal: dict) -> list[int]:
    """1e-9 units per touch of a path that is not empty."""
    n = len(path)
    if model in ("markov", "even_by_channel"):
        channels = sorted({touch.channel for touch in path})
        raws = [removal.get((milestone, c), 0) if model == "markov" else 1 for c in channels]
        of_channel = dict(zip(channels, split(10**9, raws if any(raws) else [1] * len(raws))))
        result = [0] * n
        for channel, total in of_channel.items():
            places = [i for i, touch in enumerate(path) if touch.channel == channel]
            for place, share in zip(places, split(total, [1] * len(places))):
                result[place] = share
        return result
    if model == "first":
        return [10**9] + [0] * (n - 1)
    if model == "last":
        return [0] * (n - 1) + [10**9]
    if model == "linear":
        return split(10**9, [1] * n)
    if model == "time_decay":
        ages = [(end - touch.at) / timedelta(microseconds=1) / 8.64e10 for touch in path]
        return split(10**9, [max(1, math.floor(0.5 ** (age / HALF_LIFE_DAYS) * 1e9)) for age in ages])
    held = {"first": {0}, "lead": last_until(path, deal.lead_created_at)}
    held |= {"opportunity": last_until(path, deal.opportunity_at), "won": {n - 1}}
    weights = {item: round(value * 1000) for item, value in WEIGHTS[model].items()}
    rest_weight = weights.pop("rest")
    taken = set().union(*(held[item] for item in weights))
    rest = n - len(taken)
    return split(
        10**9,
        [
            sum(w for item, w in weights.items() if i in held[item]) * max(rest, 1) if i in taken else rest_weight
            for i in range(n)
        ],
    )


def credit(world: World, removal: dict) -> dict[tuple, tuple]:
    """(deal, milestone, model, touch) -> (channel, share in units, amount), as touch_credit must hold it."""
    rows = {}
    for deal in world.deals:
        for milestone, end in milestones(deal):
            path = world.path(deal.account_id, end)
            for model in MODELS:
                if model == "full_path" and milestone != "won":
                    continue
                named = [(touch.touch_id, touch.channel) for touch in path] or [(None, NO_TOUCH)]
                shares = units(deal, milestone, end, path, model, removal) if path else [10**9]
                for (touch_id, channel), share, amount in zip(named, shares, amounts(deal.amount, shares)):
                    if share:
                        rows[deal.deal_id, milestone, model, touch_id] = (channel, share, amount)
    return rows


def amounts(amount: Decimal | None, shares: list[int]) -> list[Decimal | None]:
    if amount is None:
        return [None] * len(shares)
    sign = -1 if amount < 0 else 1
    return [Decimal(sign * paisa).scaleb(-2) for paisa in split(int(abs(amount) * 100), shares)]


def walks(world: World, milestone: str) -> tuple[list[list[str]], list[list[str]]]:
    """The channels of the paths that convert and of those that do not."""
    converting = [
        world.path(d.account_id, end) for d in world.deals for kind, end in milestones(d) if kind == milestone
    ]
    if milestone == "won":
        lost = [d for d in world.deals if d.status == "lost" and d.closed_at is not None]
        failing = [world.path(deal.account_id, deal.closed_at) for deal in lost]
    else:
        idle = {t.account_id for t in world.touches} - {deal.account_id for deal in world.deals}
        last = {
            a: max((t.at for t in world.touches if t.account_id == a and t.is_eligible), default=None) for a in idle
        }
        failing = [world.path(account, end) for account, end in sorted(last.items()) if end is not None]
    channels = [[[touch.channel for touch in path] for path in paths if path] for paths in (converting, failing)]
    return channels[0], channels[1]


def chance_to_convert(converting: list[list[str]], failing: list[list[str]], without: str | None = None) -> Fraction:
    """The chance that a walk converts, where entering the channel left out ends it, solved by substitution."""
    counts: dict[str, dict[str, int]] = {}
    for walked, end in [(walk, "!") for walk in converting] + [(walk, "?") for walk in failing]:
        for here, there in zip(["^", *walked], [*walked, end]):
            counts.setdefault(here, {}).setdefault(there, 0)
            counts[here][there] += 1
    chances = {
        state: {to: Fraction(times, sum(onward.values())) for to, times in onward.items()}
        for state, onward in counts.items()
        if state != without
    }
    for gone in [state for state in chances if state != "^"]:
        onward = chances.pop(gone)
        stays = onward.pop(gone, Fraction(0))
        for other in chances.values():
            share = other.pop(gone, None)
            for to, chance in onward.items() if share else []:
                other[to] = other.get(to, Fraction(0)) + share * chance / (1 - stays)
    return chances.get("^", {}).get("!", Fraction(0))


def removal_units(world: World) -> dict[tuple[str, str], int]:
    """(milestone, channel) -> floor(1e9 x the part of the conversions lost without it), by leaving each out in turn."""
    found = {}
    for milestone in ("opportunity", "won"):
        converting, failing = walks(world, milestone)
        whole = chance_to_convert(converting, failing)
        for channel in sorted({c for walk in converting + failing for c in walk}) if whole else []:
            part = (whole - chance_to_convert(converting, failing, channel)) / whole
            found[milestone, channel] = math.floor(part * 10**9)
    return found
