"""Both sides' promises by week: what was kept of what could be judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import fsum
from typing import NamedTuple

from tests.oracle_sla import objections
from tests.oracle_sla.clock import Terms
from tests.oracle_sla.given import Given
from tests.oracle_sla.handovers import GIVEN_UP, NO_ACTIVITIES, NO_AGREEMENT

ALL, UNKNOWN = "(all)", "unknown"
# measure -> the level whose target it has
LEVELS = {
    "definition_met": "definition_met",
    "contact": "contact",
    "contact_in_office_hours": "contact",
    "disposition": "disposition",
    "objection_logged": "objection_logged",
    "objection_shown": "objection_shown",
}
KEYS = ["week_start_on", "side", "team", "owner_id", "measure"]


class Told(NamedTuple):
    """One judged thing: outcome is met, missed, pending or unavailable."""

    side: str
    measure: str
    at: int
    outcome: str
    team: str
    owner_id: str
    version: int


def sla_weekly(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per week, side, team, owner and measure with anything in it; of teams and sides as well."""
    counted: dict[tuple, list[Told]] = defaultdict(list)
    for told in [*of_marketing(given), *of_sales(given, handovers), *of_objections(given)]:
        for team, owner in groups(told):
            counted[given.week(told.at), told.side, team, owner, told.measure].append(told)
    return [row(given, key, things) for key, things in counted.items()]


def groups(told: Told) -> list[tuple[str, str]]:
    if told.side == "marketing":
        return [("marketing", ALL)]
    return [(told.team, told.owner_id), (told.team, ALL), (ALL, ALL)]


def row(given: Given, key: tuple, things: list[Told]) -> dict:
    outcomes = Counter(told.outcome for told in things)
    due = outcomes["met"] + outcomes["missed"]
    versions = {told.version for told in things}
    return dict(zip(KEYS, key)) | {
        "met": outcomes["met"],
        "due": due,
        "pending": outcomes["pending"],
        "unavailable": outcomes["unavailable"],
        "rate": outcomes["met"] / due if due else None,
        "owner_name": given.name(key[3]),
        "target": promised(given, LEVELS.get(key[4]), things),
        "agreement_version": versions.pop() if len(versions) == 1 else None,
    }


def promised(given: Given, level: str | None, things: list[Told]) -> float | None:
    """Nothing is judged by a later version: each is owed what was promised when it came, those not due yet aside."""
    if level is None:
        return None
    due = [told for told in things if told.outcome in ("met", "missed")] or things
    return fsum(given.terms[told.version].targets[level] for told in due) / len(due)


def of_marketing(given: Given) -> list[Told]:
    """Handovers from marketing's channels: do they meet the definition, are they of the right kind of company?"""
    found = []
    for handover in given.company.rows("metrics.handovers"):
        if not handover.is_marketing or handover.agreement_version not in given.terms:
            continue
        kind = {handover.industry_fits, handover.company_size_fits}
        right = False if False in kind else None if None in kind else True
        for measure, met in (("definition_met", handover.definition_met), ("right_industry_and_size", right)):
            outcome = "unavailable" if met is None else "met" if met else "missed"
            version = handover.agreement_version
            found.append(Told("marketing", measure, handover.handed_over_at, outcome, "marketing", ALL, version))
    return found


def of_sales(given: Given, handovers: list[dict]) -> list[Told]:
    at = {row.handover_id: row.handed_over_at for row in given.company.rows("metrics.handovers")}
    return [
        told
        for handover in handovers
        if handover["contact_status"] != NO_AGREEMENT
        for told in [*contact(given, handover, at[handover["handover_id"]]), *disposition(given, handover)]
    ]


def contact(given: Given, row: dict, handed_over_at: int) -> list[Told]:
    """The first contact, the first conversation, and the contact of what came while the office was open."""
    due, spoken = row["contact_due_at"], row["first_conversation_at"]
    unavailable = row["contact_status"] == NO_ACTIVITIES
    met = {"contact": row["contact_status"] == "met"}
    met["conversation"] = spoken is not None and due is not None and spoken <= due
    if row["is_received_in_office_hours"]:
        met["contact_in_office_hours"] = met["contact"]
    at = handed_over_at if unavailable or due is None else due
    whose = row["contact_owner_team"], row["contact_owner_id"] or UNKNOWN, row["agreement_version"]
    return [Told("sales", n, at, outcome(given, due, kept, unavailable), *whose) for n, kept in met.items()]


def disposition(given: Given, row: dict) -> list[Told]:
    """Advanced or given up in time; and of what was given up whenever, whether sales said why."""
    kept, due = row["disposition_status"] in ("given", "not_needed"), row["disposition_due_at"]
    whose = row["disposition_owner_team"], row["disposition_owner_id"] or UNKNOWN, row["agreement_version"]
    found = [Told("sales", "disposition", due, outcome(given, due, kept), *whose)]
    if row["sales_verdict"] in GIVEN_UP:
        why = row["is_disposition_explained"]
        found.append(Told("sales", "disposition_explained", due, outcome(given, due, why, why is None), *whose))
    return found


def outcome(given: Given, due: int | None, met: bool, unavailable: bool = False) -> str:
    """Glossary: "numerator within denominator" - what is not due yet is pending, also when it is already kept."""
    if unavailable:
        return "unavailable"
    if due is None or due > given.as_of:
        return "pending"
    return "met" if met else "missed"


def of_objections(given: Given) -> list[Told]:
    """Logged after being raised, and shown to marketing after being logged, in elapsed hours."""
    shown = defaultdict(list)
    for digest in given.company.rows("core_digests"):
        if digest.shown_at is not None and digest.shown_at <= given.as_of:
            shown[digest.objection_id].append(digest.shown_at)
    found = []
    for heard in objections.that_count(given):
        terms = given.terms.get(given.version_at(heard.raised_at))
        if terms is None:
            continue
        if heard.found_in == "sheet":
            found.append(logged(given, heard, terms))
        told = heard.raised_at if heard.logged_at is None else heard.logged_at
        due, first = told + terms.shown_within, min(shown[heard.objection_id], default=None)
        kept = first is not None and first <= due
        result = outcome(given, due, kept, heard.logged_at is None or not given.delivers("digests"))
        found.append(Told("marketing", "objection_shown", due, result, "marketing", ALL, terms.version))
    return found


def logged(given: Given, row, terms: Terms) -> Told:
    due = row.raised_at + terms.logged_within
    kept = row.logged_at is not None and row.logged_at <= due
    result = outcome(given, due, kept, row.logged_at is None)
    team, owner = given.team(row.owner_id), row.owner_id or UNKNOWN
    return Told("sales", "objection_logged", due, result, team, owner, terms.version)
