"""Random companies of a few deals: whatever may happen to a deal, at instants that coincide often."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.oracle_pipeline.histories import FIELDS, Change, Company, Deal, Version

ZONE = ZoneInfo("Asia/Kolkata")
STAGES = {
    "Enquiry": ("enquiry", 1, "open"),
    "Offer": ("offer", 2, "open"),
    "Talks": ("talks", 3, "open"),
    "Won": ("won", 4, "won"),
    "Lost": ("lost", 5, "lost"),
}
RATES = {
    "USD": [(date(2025, 3, 25), Decimal("85.5")), (date(2025, 4, 3), Decimal("86.123456"))],
    "EUR": [(date(2025, 3, 20), Decimal("92.25"))],
}
CATEGORIES = {"Pipeline": "pipeline", "Committed": "commit", "Left out": "omitted"}
CHANNELS = ("Fairs", "Search")
MIDNIGHT = datetime(2025, 3, 31, tzinfo=ZONE).astimezone(UTC)  # a Monday, and the last day of FY25
HOURS = (-200, -50, -1, 0, 1, 10, 10, 24, 26, 100, 167, 168, 169, 200, 336, 500, 501)
INSTANTS = [MIDNIGHT + timedelta(hours=h) for h in HOURS]
INSTANTS += [MIDNIGHT - timedelta(microseconds=1), MIDNIGHT + timedelta(days=14) - timedelta(microseconds=1)]
AS_OFS = [MIDNIGHT + timedelta(days=14), MIDNIGHT + timedelta(hours=200), MIDNIGHT + timedelta(hours=500)]
VALUES = {
    "stage": ["Enquiry", "Enquiry", "Offer", "Talks", "Won", "Lost", None, "a word nobody agreed"],
    "amount": [None, None, *map(Decimal, ("0.00", "100.00", "100.00", "250.50", "-40.00", "99999999.99"))],
    "currency": ["INR", "INR", "INR", "USD", "EUR"],
    "expected_close_on": [None, date(2025, 3, 31), date(2025, 4, 1), date(2025, 6, 30), date(2026, 1, 1)],
    "owner": ["u1", "u2"],
    "forecast_category": ["Pipeline", "Pipeline", "Committed", "Left out", "a word nobody agreed", None],
}
LOADS = sorted({*INSTANTS, MIDNIGHT + timedelta(hours=900)})


@dataclass
class World:
    """A company's deals, by the sources of which the first keeps a log of changes."""

    as_of: datetime
    deals: list[Deal]

    def company(self) -> Company:
        logged: dict[str, set[str]] = {}
        for deal in self.deals:
            logged.setdefault(deal.source, set()).update(change.field for change in deal.log)
        statuses = {word: status for word, (_, _, status) in STAGES.items()}
        return Company(self.as_of, ZONE, statuses, RATES, logged=logged, categories=CATEGORIES)


def some_cells(dice: random.Random, like: dict | None = None) -> dict:
    """A new record, or one in which a field or two have changed."""
    if like is None:
        return {name: dice.choice(VALUES[name]) for name in FIELDS}
    changed = dice.sample(FIELDS, dice.choice([0, 1, 2, 3]))
    return {**like, **{name: dice.choice(VALUES[name]) for name in changed}}


def some_log(dice: random.Random, created_at: datetime, fields: tuple[str, ...]) -> list[Change]:
    """Changes that follow on each other, some at one instant."""
    found = []
    for name in fields:
        old = dice.choice(VALUES[name])
        ats = [at for at in INSTANTS if at >= created_at]
        for at in sorted(dice.choice(ats) for _ in range(dice.choice([0, 0, 1, 2, 3, 4]))) if ats else []:
            new = dice.choice(VALUES[name])
            found.append(Change(at, name, old, new))
            old = new
    return found


def some_versions(dice: random.Random, created_at: datetime) -> list[Version]:
    """What successive exports showed: changed, gone, back again."""
    count = dice.choice([1, 2, 3, 4, 5])
    later = [at for at in LOADS if at >= created_at]
    loads = sorted(dice.sample(later, min(count, len(later))))
    versions: list[Version] = []
    cells = some_cells(dice)
    for number, at in enumerate(loads):
        if number and versions[-1].cells is not None and dice.random() < 0.2:
            versions.append(Version(at, None))
            continue
        cells = some_cells(dice, cells) if number else cells
        updated = [t for t in INSTANTS if created_at <= t <= at]
        updated_at = dice.choice(updated) if updated and dice.random() < 0.5 else None
        held_at = versions[-1].loaded_at if versions else created_at
        closed_at = dice.choice([None, None, updated_at, at, held_at, *dice.sample(INSTANTS, 3)])
        versions.append(Version(at, cells, updated_at, closed_at))
    return versions


def world(seed: int, count: int) -> World:
    """Always the same company for a seed."""
    dice = random.Random(seed)
    logs_categories = dice.random() < 0.5
    fields = FIELDS if logs_categories else FIELDS[:-1]
    deals = []
    for number in range(count):
        source, created_at = dice.choice(["crm", "desk"]), dice.choice(INSTANTS)
        versions = some_versions(dice, created_at)
        log = some_log(dice, created_at, fields) if source == "crm" and dice.random() < 0.8 else []
        # no log tells what has not happened yet when it is deleted
        gone_at = min((version.loaded_at for version in versions if version.cells is None), default=None)
        log = [change for change in log if gone_at is None or change.at < gone_at]
        deals.append(Deal(f"{source}:D{number}", created_at, dice.choice(CHANNELS), source, versions, log))
    return World(dice.choice(AS_OFS), deals)


def worlds(most: int = 8) -> st.SearchStrategy[World]:
    return st.builds(world, st.integers(0, 10**9), st.integers(0, most))
