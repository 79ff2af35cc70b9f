"""Random companies whose deals move on, through the stages and back, re-opened, dated anew; exports begin late."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.oracle_pipeline.histories import FIELDS, Change, Deal, Version
from tests.oracle_pipeline.worlds import AS_OFS, CHANNELS, INSTANTS, MIDNIGHT, VALUES, World

NEXT = {
    "Enquiry": ["Offer", "Offer", "Offer", "Talks", "Won", "Lost", "a word nobody agreed"],
    "Offer": ["Talks", "Talks", "Talks", "Enquiry", "Won", "Lost"],
    "Talks": ["Won", "Won", "Offer", "Lost"],
    "Won": ["Talks", "Lost"],
    "Lost": ["Enquiry", "Offer", "Won"],
    "a word nobody agreed": ["Offer", "Lost"],
}
DUE = [*VALUES["expected_close_on"], date(2025, 4, 8), date(2025, 4, 14), date(2025, 4, 20), date(2025, 9, 30)]
EXPORTS = sorted(MIDNIGHT + timedelta(hours=hours) for hours in (-60, 0, 30, 90, 150, 168, 220, 300, 410, 480, 600))


def _next(dice: random.Random, field: str, old):
    if field == "stage":
        return dice.choice(NEXT[old])
    return dice.choice({**VALUES, "expected_close_on": DUE}[field])


def _first(dice: random.Random) -> dict:
    begins = dice.choice(["Enquiry"] * 6 + ["Offer", "Talks", "Won"])
    cells = {name: _next(dice, name, None) for name in FIELDS if name != "stage"} | {"stage": begins}
    return cells | {"amount": cells["amount"] or Decimal("10.00"), "currency": "INR"} if dice.random() < 0.8 else cells


def _logged(dice: random.Random, number: int, as_of: datetime, fields: list[str]) -> Deal:
    created_at, cells, log = dice.choice(INSTANTS), _first(dice), []
    for name in fields:
        old, at = cells[name], created_at
        for _ in range(dice.choice([0, 1, 2, 3, 4, 5]) if name in ("stage", "expected_close_on") else 1):
            at += timedelta(hours=dice.choice([0, 1, 12, 24, 60, 100, 168]))
            new = _next(dice, name, old)
            log.append(Change(at, name, old, new))
            old = new
    newest = {change.field: change.new for change in sorted(log, key=lambda change: change.at)}
    loads = [at for at in EXPORTS if at >= max(created_at, as_of - timedelta(hours=200))] or EXPORTS[-1:]
    versions = [Version(loads[0], {**cells, **newest})]
    if dice.random() < 0.15:
        gone_at = loads[-1]
        log = [change for change in log if change.at < gone_at]
        versions += [Version(gone_at, None)] if gone_at > loads[0] else []
    return Deal(f"crm:D{number}", created_at, dice.choice(CHANNELS), "crm", versions, log)


def _exported(dice: random.Random, number: int, began: int) -> Deal:
    created_at, cells = dice.choice(INSTANTS), _first(dice)
    versions: list[Version] = []
    for at in [load for load in EXPORTS[began:] if load >= created_at] or EXPORTS[-1:]:
        if versions:
            changed = [name for name in FIELDS if dice.random() < (0.5 if name == "stage" else 0.15)]
            cells = cells | {name: _next(dice, name, cells[name]) for name in changed}
        is_closed = cells["stage"] in ("Won", "Lost")
        closed_at = at - timedelta(hours=dice.choice([0, 5, 80])) if is_closed and dice.random() < 0.7 else None
        versions.append(Version(at, cells, None, closed_at))
        if dice.random() < 0.04:
            versions.append(Version(at + timedelta(hours=1), None))
            break
    return Deal(f"desk:D{number}", created_at, dice.choice(CHANNELS), "desk", versions, [])


def journey(seed: int, count: int) -> World:
    """Always the same company for a seed."""
    dice = random.Random(seed)
    as_of, began = dice.choice(AS_OFS), dice.choice([0, 1, 3, 4, 6])
    fields = dice.choice(
        [["stage", "expected_close_on"], ["stage", "amount"], ["stage", "amount", "expected_close_on"]]
    )
    deals = [
        _logged(dice, number, as_of, fields) if dice.random() < 0.6 else _exported(dice, number, began)
        for number in range(count)
    ]
    return World(as_of, deals)


def journeys(most: int = 8) -> st.SearchStrategy[World]:
    return st.builds(journey, st.integers(0, 10**9), st.integers(0, most))
