"""Where quarters stand against their targets, in plain Python from the words, and companies made up for it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")
FIRST = date(2022, 4, 1)
QUARTERS_OF_A_YEAR = 4
UNITS = 10**9  # a share is kept to the billionth


@dataclass
class Sale:
    """Revenue of one basis on a day; deal None: invoiced without one."""

    basis: str
    on: date
    amount: Decimal
    deal: str | None


@dataclass
class Deal:
    """What was known of a deal from each instant on: (instant, status, amount, due); in the order of instants."""

    deal_id: str
    is_followed: bool
    states: list[tuple[datetime, str, Decimal, date | None]]

    def at(self, before: datetime):
        """The state just before an instant."""
        return next((state for state in reversed(self.states) if state[0] < before), None)


@dataclass
class World:
    """A company up to its last whole day."""

    basis: str
    last_on: date
    delivered: list[str]
    known_from: datetime
    targets: dict[date, Decimal]
    sales: list[Sale]
    deals: list[Deal]
    needed: dict[date, float]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def after(starts_on: date, quarters: int = 1) -> date:
    month = starts_on.month - 1 + 3 * quarters
    return date(starts_on.year + month // 12, month % 12 + 1, 1)


def world(seed: int) -> World:
    """Always the same company for a seed."""
    dice = random.Random(seed)
    last_on = FIRST + timedelta(days=dice.choice([20, 400, 700, 729, 730, dice.randrange(900)]))
    days = (last_on - FIRST).days + 1
    amounts = [Decimal("-30.00"), Decimal("0.01"), Decimal("99.99"), Decimal("1000.00"), Decimal("12345678.90")]
    sales = [
        Sale(
            dice.choice(["bookings", "invoices"]),
            FIRST + timedelta(days=min(dice.randrange(days), dice.randrange(days) + 60, days - 1)),
            dice.choice(amounts),
            dice.choice([None, "d"]),
        )
        for _ in range(dice.choice([0, 3, 60, 60]))
    ]
    for sale in sales:
        sale.deal = "d" if sale.basis == "bookings" else sale.deal
    targets = {after(FIRST, n): dice.choice(amounts[1:]) for n in range(12) if dice.random() < 0.9}
    needed = {quarter: dice.random() * 5 for quarter in targets if dice.random() < 0.7}
    deals = [_deal(dice, number, last_on) for number in range(dice.choice([0, 5, 40, 40]))]
    delivered = ["deals", "invoices"] if dice.random() < 0.7 else [dice.choice(["deals", "invoices"])]
    known = midnight(FIRST) + timedelta(days=dice.choice([0, 0, 100]))
    return World(dice.choice(["bookings", "invoices"]), last_on, delivered, known, targets, sales, deals, needed)


def _deal(dice: random.Random, number: int, last_on: date) -> Deal:
    at = midnight(FIRST) + timedelta(days=dice.randrange(max((last_on - FIRST).days, 1)))
    states = []
    for _ in range(dice.choice([1, 2, 3, 4])):
        status = dice.choice(["open", "open", "open", "won", "lost", "scrubbed"]) if states else "open"
        due = dice.choice([None, at.date() + timedelta(days=dice.randrange(200))])
        states.append((at, status, Decimal(dice.choice(["0", "10.50", "200", "700000"])), due))
        at += timedelta(days=dice.choice([1, 30, 60, 91]), hours=dice.choice([0, 0, 7]))
    return Deal(f"d{number}", dice.random() < 0.8, [state for state in states if state[0].date() <= last_on])


def attained(world: World) -> dict[date, dict]:
    """Start of the quarter -> what the page must say of it."""
    return {starts_on: _quarter(world, starts_on, target) for starts_on, target in world.targets.items()}


def _revenue(world: World, starts_on: date, days: int | None = None, basis: str | None = None) -> Decimal:
    until = after(starts_on) if days is None else min(starts_on + timedelta(days=days), after(starts_on))
    basis = basis or world.basis
    return sum((s.amount for s in world.sales if s.basis == basis and starts_on <= s.on < until), Decimal("0.00"))


def _past(world: World) -> list[date]:
    """The quarters that are over."""
    span = [after(FIRST, n) for n in range(12)]
    return [starts_on for starts_on in span if after(starts_on) <= world.last_on + timedelta(days=1)]


def _whole(world: World, starts_on: date) -> bool:
    return any(sale.on < starts_on for sale in world.sales if sale.basis == world.basis)


def _pace(world: World, days: int) -> tuple[int, Fraction | None]:
    """(how many past quarters, the median share of their revenue by that day)."""
    shares = [
        Fraction(Fraction(_revenue(world, past, days)) / Fraction(_revenue(world, past)) * UNITS // 1, UNITS)
        for past in _past(world)
        if _whole(world, past) and _revenue(world, past) > 0
    ]
    return len(shares), median(shares) if len(shares) >= QUARTERS_OF_A_YEAR else None


def _due(world: World, days: int) -> tuple[int, Decimal, Decimal]:
    """(past quarters with anything due when so many of their days had come, its amount, what of it was won in them)."""
    quarters, due, won = set(), Decimal(0), Decimal(0)
    for past in _past(world):
        seen = midnight(past + timedelta(days=days))
        for deal in world.deals if seen >= world.known_from else []:
            state = deal.at(seen) if deal.is_followed else None
            if state and state[1] == "open" and state[3] and past <= state[3] < after(past):
                quarters.add(past)
                due += state[2]
                won += state[2] * (deal.at(midnight(after(past)))[1] == "won")
    return len(quarters), due, won


def _quarter(world: World, starts_on: date, target: Decimal) -> dict:
    came = (world.last_on - starts_on).days + 1
    length = (after(starts_on) - starts_on).days
    is_over, is_known = came >= length, ("deals" if world.basis == "bookings" else "invoices") in world.delivered
    revenue, other = _revenue(world, starts_on), "invoices" if world.basis == "bookings" else "bookings"
    quarters, share = _pace(world, came) if 1 <= came < length else (0, Fraction(1) if is_over else None)
    remaining = max(target - revenue, Decimal("0.00"))
    told = {
        "day_of_quarter": min(max(came, 0), length),
        "revenue_amount": revenue if is_known else None,
        "other_basis_amount": _revenue(world, starts_on, basis=other)
        if ("invoices" if other == "invoices" else "deals") in world.delivered
        else None,
        "invoiced_without_deal_amount": sum(
            (s.amount for s in world.sales if s.basis == "invoices" and not s.deal and quarter_of(s.on) == starts_on),
            Decimal("0.00"),
        )
        if "invoices" in world.delivered
        else None,
        "pace_quarters": quarters,
        "remaining_amount": remaining if is_known else None,
        "needed_coverage": world.needed.get(starts_on if is_over else quarter_of(world.last_on)),
    }
    told["status"] = _status(world, starts_on, is_known, came, share)
    told["expected_by_now_amount"] = _part(target, share) if is_known and share is not None else None
    told |= _position(told, target)
    if not is_over:
        told |= _ahead(world, starts_on, came, remaining if is_known else None)
    return told


def _part(target: Decimal, share: Fraction) -> Decimal:
    """To the paisa, a half upwards."""
    exact = Fraction(target) * Fraction(share * UNITS // 1, UNITS)
    return Decimal((exact * 100 + Fraction(1, 2)) // 1).scaleb(-2).quantize(Decimal("0.01"), ROUND_FLOOR)


def _position(told: dict, target: Decimal) -> dict:
    """Where history is too short nothing is ahead, behind, met or missed."""
    revenue, due = told["revenue_amount"], told["expected_by_now_amount"]
    if told["status"] == "final":
        return {"position": "met" if revenue >= target else "missed", "ahead_amount": revenue - target}
    if told["status"] != "ok":
        return {"position": None, "ahead_amount": None}
    word = "on pace" if revenue == due else "ahead" if revenue > due else "behind"
    return {"position": word, "ahead_amount": revenue - due}


def _status(world: World, starts_on: date, is_known: bool, came: int, share: Fraction | None) -> str:
    if not is_known:
        return f"unavailable: no {'deals' if world.basis == 'bookings' else 'invoices'}"
    if after(starts_on) <= world.last_on + timedelta(days=1):
        return "final" if _whole(world, starts_on) else "short history"
    if came < 1:
        return "not begun"
    return "ok" if share is not None else "short history"


def _ahead(world: World, starts_on: date, came: int, remaining: Decimal | None) -> dict:
    now = [deal.states[-1] for deal in world.deals if deal.states]
    due = [s for s in now if s[1] == "open" and s[3] and starts_on <= s[3] < after(starts_on)]
    amount = sum((state[2] for state in due), Decimal("0.00"))
    quarters, stood, won = _due(world, came)
    is_enough = quarters >= QUARTERS_OF_A_YEAR
    return {
        "due_deals": len(due),
        "due_amount": amount,
        "coverage": float(amount) / float(remaining) if remaining else None,
        "due_quarters": quarters,
        "due_won_share": float(won) / float(stood) if is_enough and stood else None,
        "needed_coverage_of_due": float(stood) / float(won) if is_enough and won else None,
    }
