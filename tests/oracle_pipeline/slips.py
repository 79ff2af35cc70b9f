"""Slipped deals, week by week: how often, how much, for the how-manieth time, and what became of them.

Words: a deal that is open slips when the date by which it is expected to close moves into a later fiscal quarter than
that of the date it bore before, also across a time without a date or in which it was not open. Its amount is what left
the old quarter's cell by that; a deal without amount slips too, and moves nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from tests.oracle_pipeline import ledger
from tests.oracle_pipeline.courses import Course, Step
from tests.oracle_pipeline.histories import Company
from tests.oracle_pipeline.progress import maturity

OUTCOMES = ("won", "lost", "scrubbed", "open")


@dataclass(frozen=True)
class Slip:
    """One date moved into a later quarter; amount None: nothing left a cell by it."""

    deal_id: str
    at: datetime
    source: str
    number: int
    before_on: date
    due_on: date
    amount: Decimal | None
    outcome: str


def redatings(course: Course) -> list[tuple[Step, Step]]:
    """(before, after): the steps between which the date that it bears while it is open became another one."""
    borne = [step for step in course.steps if step.standing == "open" and step.state.due_on is not None]
    return [(a, b) for a, b in pairwise(borne) if a.state.due_on != b.state.due_on]


def goes(before: Step, after: Step, company: Company) -> int:
    """1 into a later quarter, -1 into an earlier one, 0 within one."""
    if company.quarter(before.state.due_on) == company.quarter(after.state.due_on):
        return 0
    return 1 if after.state.due_on > before.state.due_on else -1


def slips(all_courses: list[Course], company: Company) -> list[Slip]:
    pushed = _pushed(all_courses, company)
    found = []
    for course in all_courses:
        later = [(a, b) for a, b in redatings(course) if goes(a, b, company) == 1]
        for number, (before, after) in enumerate(later, start=1):
            amount = pushed.get((course.deal_id, after.at))
            dates = before.state.due_on, after.state.due_on
            told = (course.deal_id, after.at, after.state.channel, number, *dates, amount, course.last.standing)
            found.append(Slip(*told))
    return found


def _pushed(all_courses: list[Course], company: Company) -> dict[tuple[str, datetime], Decimal]:
    entries = ledger.movements([course.history for course in all_courses], company)
    return {(e.deal_id, e.at): -e.amount for e in entries if e.movement == "pushed_out"}


def slipped_weekly(all_courses: list[Course], company: Company) -> dict[tuple[date, str], dict]:
    """(week, source) -> what slipped in it, beside what was open at its start and what else left a quarter."""
    rows: dict = defaultdict(Counter)
    _open(all_courses, company, rows)
    _moved(all_courses, company, rows)
    by_deal = defaultdict(list)
    for slip in slips(all_courses, company):
        by_deal[ledger.monday(company.day_of(slip.at)), slip.source, slip.deal_id].append(slip)
    for (week, source, _), of_deal in by_deal.items():
        row, amount = rows[week, source], sum((slip.amount or 0 for slip in of_deal), Decimal(0))
        row["slips"] += len(of_deal)
        row["unpriced_slips"] += sum(slip.amount is None for slip in of_deal)
        for name in ["slipped", *["slipped_before"] * (of_deal[0].number > 1), of_deal[0].outcome]:
            row[f"{name}_deals"] += 1
            row[f"{name}_amount"] += amount
    return {key: _row(key[0], row, company) for key, row in rows.items()}


def _open(all_courses: list[Course], company: Company, rows: dict) -> None:
    if not all_courses:
        return
    week = ledger.monday(min(company.day_of(course.created_at) for course in all_courses))
    while week <= company.last_day():
        starts_at = company.end_of(week - timedelta(days=1))
        for course in all_courses:
            step = course.step(starts_at - timedelta(microseconds=1))
            if step is not None and step.standing == "open":
                row = rows[week, step.state.channel]
                row["at_start"] += 1
                row["not_followed"] += course.known_from("expected_close_on") > starts_at
        week += timedelta(days=7)


def _moved(all_courses: list[Course], company: Company, rows: dict) -> None:
    kinds = {
        (course.deal_id, after.at): {1: "later", -1: "nearer"}.get(goes(before, after, company))
        for course in all_courses
        for before, after in redatings(course)
    }
    for entry in ledger.movements([course.history for course in all_courses], company):
        if entry.movement == "pushed_out":
            row = rows[ledger.monday(company.day_of(entry.at)), entry.cell[0]]
            row["pushed_out"] -= entry.amount
            row[f"pushed {kinds.get((entry.deal_id, entry.at))}"] -= entry.amount


def _row(week: date, row: Counter, company: Company) -> dict:
    found = {
        "open_deals": row["at_start"],
        "not_followed_deals": row["not_followed"],
        "pushed_out_amount": row["pushed_out"],
        "drawn_nearer_amount": row["pushed nearer"],
        "otherwise_moved_amount": row["pushed None"],
        "maturity": "maturing" if row["open_deals"] else maturity(week, company),
        "history_status": "partly kept" if row["not_followed"] else "kept",
    }
    slipped = {"slips": row["slips"], "unpriced_slips": row["unpriced_slips"]}
    for ours, theirs in [
        ("slipped",) * 2,
        ("slipped_before",) * 2,
        *((o, o) for o in OUTCOMES[:3]),
        ("still_open", "open"),
    ]:
        slipped |= {f"{ours}_{what}": row[f"{theirs}_{what}"] for what in ("deals", "amount")}
    if row["not_followed"] == row["at_start"] > 0 and not row["slips"]:
        found["history_status"] = "unavailable: no history of due dates"
        slipped = dict.fromkeys(slipped)
    return found | slipped
