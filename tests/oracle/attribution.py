"""Credit of touches for opportunities and won deals, by nine models."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from tests.oracle import markov
from tests.oracle.days import DAY
from tests.oracle.reading import Company, words

UNITS = 1_000_000_000
POSITIONED = {
    "u_shaped": ("first", "lead", "rest"),
    "w_shaped": ("first", "lead", "opportunity", "rest"),
    "full_path": ("first", "lead", "opportunity", "won", "rest"),
}
MODELS = ("first", "last", "linear", *POSITIONED, "time_decay", "markov", "even_by_channel")
NO_TOUCH = "no marketing touch"


class Touch(NamedTuple):
    happened_at: int
    touch_id: str
    channel: str
    campaign_id: str | None = None
    is_marketing: bool = True


class Goal(NamedTuple):
    """A milestone of a deal: what it is, when, and the other milestones its path is cut by."""

    name: str  # opportunity or won
    at: int
    lead_created_at: int | None = None
    opportunity_at: int | None = None


@dataclass
class Settings:
    """What the agreement says: weights in thousandths of a percent by model and position."""

    lookback: int = 0
    half_life_days: float = 1.0
    weights: dict[str, dict[str, int]] = field(default_factory=dict)


def settings(company: Company) -> Settings:
    """The agreement's attribution_models; a position is known by the milestone its item names."""
    found = Settings(weights={model: {} for model in POSITIONED})
    for row in company.rows("agreement.attribution_models"):
        model, item = words(row.model), words(row.item)
        if item.startswith("lookback"):
            found.lookback = int(Decimal(str(row.value)) * DAY)
        elif item.startswith("half_life"):
            found.half_life_days = float(row.value)
        elif model in POSITIONED:
            named = [name for name in ("first", "lead", "opportunity", "won", "rest") if name in item]
            assert len(named) == 1, f"{row.model}: which position is {row.item!r}?"
            found.weights[model][named[0]] = int(Decimal(str(row.value)) * 1000)
    for model, positions in POSITIONED.items():
        assert set(found.weights[model]) >= set(positions), (model, found.weights[model])
    assert found.lookback, "no lookback_days"
    return found


def split(total: int, raws: list[int]) -> list[int]:
    """Glossary: "largest remainder" - whole parts of a total in proportion; a tie goes to the earlier one."""
    weight = sum(raws)
    parts = [total * raw // weight for raw in raws]
    remainders = [total * raw % weight for raw in raws]
    by_remainder = sorted(range(len(raws)), key=lambda number: (-remainders[number], number))
    for number in by_remainder[: total - sum(parts)]:
        parts[number] += 1
    return parts


def path_to(touches: list[Touch], at: int, lookback: int) -> list[Touch]:
    """Glossary: "eligible touches ... inside the lookback before the milestone", by time, then key."""
    return sorted(touch for touch in touches if 0 <= at - touch.happened_at < lookback)


def last_until(path: list[Touch], at: int | None) -> int | None:
    """Glossary: "A milestone's touch is the last eligible touch at or before it" (its place on the path)."""
    places = [number for number, touch in enumerate(path) if at is not None and touch.happened_at <= at]
    return places[-1] if places else None


def by_position(path: list[Touch], goal: Goal, weights: dict[str, int], positions: tuple[str, ...]) -> list[int]:
    """Glossary: "Weights of coinciding milestones add; those of missing ones are rescaled proportionally"."""
    holders = {
        "first": 0,
        "lead": last_until(path, goal.lead_created_at),
        "opportunity": last_until(path, goal.opportunity_at),
        "won": len(path) - 1 if goal.name == "won" else None,
    }
    held = defaultdict(int)
    for position in positions[:-1]:
        if holders[position] is not None:
            held[holders[position]] += weights[position]
    rest = len(path) - len(held)
    return [held[n] * max(rest, 1) if n in held else weights["rest"] for n in range(len(path))]


def by_channel(path: list[Touch], removal: dict[str, int]) -> list[int]:
    """Glossary: "normalised over the deal's channels, equal over a channel's touches" - in units of 1e-9."""
    channels = sorted({touch.channel for touch in path})
    raws = [removal.get(channel, 0) for channel in channels]
    of_channel = split(UNITS, raws if any(raws) else [1] * len(channels))
    units = [0] * len(path)
    for channel, total in zip(channels, of_channel):
        places = [number for number, touch in enumerate(path) if touch.channel == channel]
        for place, part in zip(places, split(total, [1] * len(places))):
            units[place] = part
    return units


def units_of(model: str, path: list[Touch], goal: Goal, agreed: Settings, removal: dict[str, int]) -> list[int]:
    """The path's credits in units of 1e-9 of the deal."""
    if model == "markov":
        return by_channel(path, removal)
    if model == "even_by_channel":
        return by_channel(path, {})
    if model == "first":
        raws = [1] + [0] * (len(path) - 1)
    elif model == "last":
        raws = [0] * (len(path) - 1) + [1]
    elif model == "linear":
        raws = [1] * len(path)
    elif model == "time_decay":
        half_lives = [(goal.at - touch.happened_at) / 8.64e10 / agreed.half_life_days for touch in path]
        raws = [max(1, int(0.5**age * 1e9)) for age in half_lives]
    else:
        raws = by_position(path, goal, agreed.weights[model], POSITIONED[model])
    return split(UNITS, raws)


def amounts_of(paisa: int | None, units: list[int]) -> list[int | None]:
    """Glossary: "the credits sum to exactly the deal's amount ... largest remainder to the paisa"."""
    if paisa is None:
        return [None] * len(units)
    sign = -1 if paisa < 0 else 1
    return [sign * part for part in split(abs(paisa), units)]


def models_of(goal: Goal) -> list[str]:
    """Glossary: full path is for the won milestone only."""
    return [model for model in MODELS if model != "full_path" or goal.name == "won"]


def credits_of(path: list[Touch], goal: Goal, paisa: int | None, agreed: Settings, removal: dict[str, int]):
    """Rows of (model, touch or None, channel, units, paisa) of one deal's milestone; no touch: one row of it all."""
    for model in models_of(goal):
        if not path:
            yield model, None, NO_TOUCH, UNITS, paisa
            continue
        units = units_of(model, path, goal, agreed, removal)
        for touch, part, money in zip(path, units, amounts_of(paisa, units)):
            if part:
                yield model, touch, touch.channel, part, money


def eligible_by_account(touches: pd.DataFrame) -> dict[str, list[Touch]]:
    found = defaultdict(list)
    for row in touches[touches.is_eligible.astype(bool)].itertuples(index=False):
        touch = Touch(row.happened_at, row.touch_id, row.channel, row.campaign_id, row.is_marketing)
        found[row.account_id].append(touch)
    return found


def first_records(company: Company) -> dict[str, str]:
    """Lead record -> the person's first one (glossary, lead: "first identified response of a person")."""
    return {row.lead_id: row.duplicate_of_lead_id or row.lead_id for row in company.rows("metrics.leads")}


def goals(company: Company) -> list[tuple]:
    """(deal, its milestones) of every deal that has an account."""
    first, created = first_records(company), {row.lead_id: row.created_at for row in company.rows("metrics.leads")}
    found = []
    for deal in company.rows("metrics.deals"):
        lead_created_at = created.get(first.get(deal.lead_id))
        at = {
            "opportunity": deal.opportunity_at,
            "won": deal.closed_at if deal.status == "won" else None,
        }
        milestones = [Goal(n, when, lead_created_at, deal.opportunity_at) for n, when in at.items() if when is not None]
        if deal.account_id is not None:
            found.append((deal, milestones))
    return found


def removals(company: Company, touches: dict[str, list[Touch]], lookback: int) -> dict[str, dict[str, int]]:
    """Glossary: "removal effects from converting and non-converting paths", for each milestone."""
    deals = company.rows("metrics.deals")
    with_deal = {deal.account_id for deal in deals}
    converting = {"opportunity": [], "won": []}
    for deal, milestones in goals(company):
        for goal in milestones:
            converting[goal.name].append(path_to(touches.get(deal.account_id, []), goal.at, lookback))
    waiting = [seen for account, seen in touches.items() if account not in with_deal]
    lost = [
        deal for deal in deals if deal.status == "lost" and deal.closed_at is not None and deal.account_id is not None
    ]
    others = {
        "opportunity": [path_to(seen, max(seen).happened_at, lookback) for seen in waiting],
        "won": [path_to(touches.get(deal.account_id, []), deal.closed_at, lookback) for deal in lost],
    }
    channels = {
        name: [[[touch.channel for touch in path] for path in side if path] for side in (paths, others[name])]
        for name, paths in converting.items()
    }
    return {name: markov.removal_units(*sides) for name, sides in channels.items()}


def touch_credit(company: Company, touches: pd.DataFrame) -> pd.DataFrame:
    """Every deal's credits; credit_units of 1e-9 and credit_paisa beside the published Decimals."""
    agreed, of_account, found = settings(company), eligible_by_account(touches), []
    removal = removals(company, of_account, agreed.lookback)
    for deal, milestones in goals(company):
        paisa = None if deal.deal_amount is None else int(deal.deal_amount * 100)
        for goal in milestones:
            path = path_to(of_account.get(deal.account_id, []), goal.at, agreed.lookback)
            for model, touch, channel, units, money in credits_of(path, goal, paisa, agreed, removal[goal.name]):
                key = (deal.deal_id, goal.name, goal.at, model)
                of_touch = (touch.touch_id, touch.happened_at, touch.campaign_id) if touch else (None, None, None)
                found.append((*key, *of_touch, channel, units, money, deal.deal_amount, deal.deal_type))
    columns = ["deal_id", "milestone", "milestone_at", "model", "touch_id", "touched_at", "campaign_id", "channel",
               "credit_units", "credit_paisa", "deal_amount", "deal_type"]  # fmt: skip
    frame = pd.DataFrame(found, columns=columns, dtype=object)
    frame["credit_share"] = [Decimal(units).scaleb(-9) for units in frame.credit_units]
    frame["credit_amount"] = [None if money is None else Decimal(money).scaleb(-2) for money in frame.credit_paisa]
    return frame
