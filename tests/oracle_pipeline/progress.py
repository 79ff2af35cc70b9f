"""What a head of sales reads: pipeline generated and advanced by week, stage conversion, and the open deals.

Each is counted from the deals' courses by its words; no movement and no week's closing is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.oracle_pipeline.courses import TICK, Course, Stay
from tests.oracle_pipeline.histories import Company
from tests.oracle_pipeline.ledger import monday

STILL = ("moved_on", "stayed", "moved_back")
OUTCOMES = (*STILL, "won", "lost", "scrubbed", "unknown")


def generated(all_courses: list[Course], company: Company) -> dict[tuple[date, str], dict]:
    """(week, source) -> deals and amounts; generated once it has amount and date, created once it has an amount."""
    rows: dict = defaultdict(lambda: {"deals": 0, "told_later": 0, "counted": 0} | dict.fromkeys(AMOUNTS, Decimal(0)))
    for course in all_courses:
        priced = next((step for step in course.steps if step.state.amount is not None), None)
        ready = next((s for s in course.steps if None not in (s.state.amount, s.state.due_on)), None)
        for step in {step.at: step for step in (priced, ready) if step}.values():
            row = rows[monday(company.day_of(step.at)), step.state.channel]
            row["deals"] += step is ready
            row["counted"] += 1
            row["generated"] += step.state.amount * (step is ready)
            row["created"] += step.state.amount * (step is priced)
            row["undated"] += step.state.amount * (step is priced and step is not ready)
            row["dated_later"] += step.state.amount * (step is ready and step is not priced)
            row["told_later"] += step.at < max(map(course.known_from, ("amount", "expected_close_on")))
    for (week, _), row in rows.items():
        row["maturity"] = maturity(week, company)
        is_all = row["told_later"] == row.pop("counted")
        row["history_status"] = "partly kept" if row["told_later"] else "kept"
        row["history_status"] = "unavailable: no history of deals" if is_all else row["history_status"]
    return dict(rows)


AMOUNTS = ("generated", "created", "undated", "dated_later")


def maturity(week: date, company: Company) -> str:
    """Final once the week is over."""
    return "final" if week + timedelta(days=6) <= company.last_day() else "maturing"


def advanced(all_courses: list[Course], company: Company) -> dict[tuple[date, str], dict]:
    """(week, source) -> how many deals, of what amount, were open at its start, and by outcome at its end."""
    rows: dict = defaultdict(lambda: defaultdict(Decimal))
    if not all_courses:
        return {}
    week = monday(min(company.day_of(course.created_at) for course in all_courses))
    while week <= company.last_day():
        starts_at, sunday = company.end_of(week - timedelta(days=1)), week + timedelta(days=6)
        ends_at = company.as_of if sunday >= company.last_day() else company.end_of(sunday) - TICK
        for course in all_courses:
            before, after = course.step(starts_at - TICK), course.step(ends_at)
            if before is None or before.standing != "open":
                continue
            row = rows[week, before.state.channel]
            outcome = _outcome(before, after, is_known=course.known_from("stage") <= starts_at)
            row[f"{outcome}_deals"] += 1
            row[f"{outcome}_amount"] += before.state.amount or 0
        week += timedelta(days=7)
    return {key: _advanced_row(key[0], row, company) for key, row in rows.items()}


def _outcome(before, after, is_known: bool) -> str:
    if after.standing != "open":
        return after.standing
    if not is_known or before.order is None or after.order is None:
        return "unknown"
    if after.order == before.order:
        return "stayed"
    return "moved_on" if after.order > before.order else "moved_back"


def _advanced_row(week: date, row: dict, company: Company) -> dict:
    found = {f"{outcome}_{what}": row[f"{outcome}_{what}"] for outcome in OUTCOMES for what in ("deals", "amount")}
    for what in ("deals", "amount"):
        found[f"open_{what}"] = sum(row[f"{outcome}_{what}"] for outcome in OUTCOMES)
        found[f"advanced_{what}"] = row[f"moved_on_{what}"] + row[f"won_{what}"]
    found["maturity"] = maturity(week, company)
    found["history_status"] = "partly kept" if row["unknown_deals"] else "kept"
    if row["unknown_deals"] and not any(row[f"{outcome}_deals"] for outcome in STILL):
        found["history_status"] = "unavailable: no history of stages"
        found |= {f"{name}_{what}": None for name in (*STILL, "advanced") for what in ("deals", "amount")}
    return found


def periods_of(day: date, company: Company) -> Iterator[tuple[str, date]]:
    months = day.year * 12 + day.month - company.year_starts_in
    for kind, length in (("month", 1), ("fiscal_quarter", 3), ("fiscal_year", 12)):
        first = months - months % length + company.year_starts_in - 1
        yield kind, date(first // 12, first % 12 + 1, 1)


def conversion(all_courses: list[Course], company: Company) -> dict[tuple, dict]:
    """(kind, period, stage) -> what became of the deals that first entered it in the period."""
    if not all_courses:
        return {}
    stages = {stage: order for stage, order, status in all_courses[0].stages.values() if status == "open"}
    rows: dict = {}
    known, unknown = _seen(all_courses, company)
    day = min(company.day_of(course.created_at) for course in all_courses)
    while day <= company.last_day():
        for period in periods_of(day, company):
            for stage, order in stages.items():
                empty = {"order": order, "days": [], "known": len(known[period]), "unknown": len(unknown[period])}
                rows.setdefault((*period, stage), dict.fromkeys(COUNTS, 0) | empty)
        day += timedelta(days=1)
    for course in all_courses:
        for stage, order in stages.items():
            _count(course, stage, order, company, rows)
    return rows


COUNTS = (
    "entered",
    "advanced",
    "lost",
    "scrubbed",
    "still_there",
    "open_elsewhere",
    "re_entered",
    "skipped",
    "began_beyond",
)


def _count(course: Course, stage: str, order: int, company: Company, rows: dict) -> None:
    stays = [stay for stay in course.stays if stay.stage == stage]
    if stays and course.is_dated(stays[0]):
        for period in periods_of(company.day_of(stays[0].since), company):
            row = rows[*period, stage]
            row["entered"] += 1
            row["re_entered"] += len(stays) > 1
            row[_became(course, stays[0])] += 1
            row["days"] += [stay.days for stay in stays if stay.leads_forward]
    skipped_at = _skipped_at(course, stage, order)
    if skipped_at:
        for period in periods_of(company.day_of(skipped_at), company):
            rows[*period, stage]["skipped"] += 1
            rows[*period, stage]["began_beyond"] += skipped_at == course.created_at


def _became(course: Course, first: Stay) -> str:
    later = [stay for stay in course.stays if stay.since > first.since and stay.order is not None]
    if any(stay.order > first.order for stay in later) or course.last.standing == "won":
        return "advanced"
    if course.last.standing != "open":
        return course.last.standing
    return "still_there" if course.last.stage == first.stage else "open_elsewhere"


def _skipped_at(course: Course, stage: str, order: int) -> datetime | None:
    """When it was first beyond a stage that it had never been in, as far as all is known from its beginning."""
    beyond = [stay.since for stay in course.stays if stay.order is not None and stay.order > order]
    beyond += [course.stands_won_since] if course.stands_won_since else []
    if not beyond or course.known_from("stage") > course.created_at:
        return None
    in_it = [stay for stay in course.stays if stay.stage in (stage, None) and stay.since < min(beyond)]
    return None if in_it else min(beyond)


def _seen(all_courses: list[Course], company: Company) -> tuple[dict, dict]:
    """Per period the deals that were open on one of its days in a stage that is known, and in one that is not."""
    known, unknown = defaultdict(set), defaultdict(set)
    for course in all_courses:
        known_at = course.known_from("stage")
        for stay in course.stays:
            until = stay.until or company.as_of
            if stay.stage is None or stay.since < known_at:
                end = until if stay.stage is None else min(until, known_at)
                _mark(unknown, course.deal_id, stay.since, end, company)
            if stay.stage is not None and known_at <= until:
                _mark(known, course.deal_id, max(stay.since, known_at), until, company)
    return known, unknown


def _mark(found: dict, deal_id: str, since: datetime, until: datetime, company: Company) -> None:
    day = company.day_of(since)
    while day <= company.day_of(until):
        for period in periods_of(day, company):
            found[period].add(deal_id)
        day += timedelta(days=1)


def percentile(values: list[float], share: float) -> float:
    """Between two neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = ordered[int(place)]
    return low + (place - int(place)) * (ordered[min(int(place) + 1, len(ordered) - 1)] - low)
