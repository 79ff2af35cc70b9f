"""The open deals at AS_OF: how long in their stage, whether that is unusual, and how often their date slipped."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from tests.oracle_pipeline.courses import Course
from tests.oracle_pipeline.histories import Company
from tests.oracle_pipeline.progress import percentile
from tests.oracle_pipeline.slips import goes, redatings


def open_deals(all_courses: list[Course], company: Company, min_cases: int) -> dict[str, dict]:
    forward = defaultdict(list)
    for course in all_courses:
        for stay in course.stays:
            if course.is_dated(stay) and stay.leads_forward:
                forward[stay.stage].append(stay.days)
    return {
        course.deal_id: _staying(course, company, forward, min_cases) | _due(course, company)
        for course in all_courses
        if course.last.standing == "open"
    }


def _staying(course: Course, company: Company, forward: dict[str, list[float]], min_cases: int) -> dict:
    stay, known_at = course.stays[-1], course.known_from("stage")
    took = forward[stay.stage]
    p90 = percentile(took, 0.9) if len(took) >= min_cases else None
    is_dated = course.is_dated(stay)
    seen = (company.as_of - max(stay.since, known_at)) / timedelta(days=1)
    if stay.stage is None:
        status = "unavailable: stage not known"
    elif known_at > company.as_of:
        status = "unavailable: no history of stages"
    elif p90 is None:
        status = "short history"
    elif not is_dated and seen <= p90:
        status = "unavailable: entered before its history"
    else:
        status = "ok"
    return {
        "stage": stay.stage,
        "amount": course.last.state.amount,
        "entered_at": stay.since if is_dated else None,
        "days": seen if is_dated else None,
        "seen_days": seen if stay.stage is not None and known_at <= company.as_of else None,
        "forward_stays": len(took),
        "median_days": percentile(took, 0.5) if len(took) >= min_cases else None,
        "p90_days": p90,
        "is_stalled": seen > p90 if status == "ok" else None,
        "stage_status": status,
    }


def _due(course: Course, company: Company) -> dict:
    """Slipped: the date that it bears while it is open lies in a later fiscal quarter than the one it bore before."""
    borne: list[date] = [s.state.due_on for s in course.steps if s.standing == "open" and s.state.due_on is not None]
    redated = redatings(course)
    due_on, known_at = course.last.state.due_on, course.known_from("expected_close_on")
    is_known, today = known_at <= company.as_of, company.day(company.as_of)
    if not is_known:
        status = "unavailable: no history of due dates"
    elif not borne:
        status = "no due date"
    else:
        status = "short history" if known_at > course.created_at else "ok"
    first = borne[0] if borne and is_known else None
    return {
        "due_on": due_on,
        "quarter": company.quarter(due_on),
        "first_due_on": first,
        "from_first": (due_on - first).days if due_on and first else None,
        "times_redated": len(redated) if is_known else None,
        "times_slipped": sum(goes(a, b, company) == 1 for a, b in redated) if is_known else None,
        "is_past_due": due_on is not None and due_on < today,
        "days_past_due": max(0, (today - due_on).days) if due_on else None,
        "due_status": status,
    }
