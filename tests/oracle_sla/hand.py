"""A hand-made agreement and company: the office of Pune, open 09:30 to 18:30 from Monday to Saturday."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle.days import instant
from tests.oracle_sla.given import Given, hand_made

ZONE = "Asia/Kolkata"
LEVELS = {
    "opens_at": "09:30",
    "closes_at": "18:30",
    "working_days": "Mon; Tue; Wed; Thu; Fri; Sat",
    "holiday_country": "IN",
    "holiday_subdivision": "MH",
    "contact_within_hours": "8",
    "contact_target": "75",
    "conversation_min_seconds": "60",
    "disposition_within_days": "30",
    "disposition_target": "85",
    "definition_met_target": "70",
    "objection_logged_within_hours": "24",
    "objection_logged_target": "80",
    "objection_shown_within_hours": "24",
    "objection_shown_target": "95",
}
STAGES = [
    {"entity": "lead", "source_word": word, "stage": stage}
    for word, stage in (("New", "inquiry"), ("Qualified", "sql"), ("Back", "recycled"), ("Junk", "disqualified"))
]
DISPOSITIONS = [
    ("Junk", "junk", "true", "role"),
    ("No budget", "no budget", "false", ""),
    ("Odd", "odd", "", ""),
]
SETTINGS = [("aging_bands_days", "7; 30", ""), ("signal_min_cases", "4", "")]
FITS = dict.fromkeys(("industry_fits", "company_size_fits", "intent_fits", "role_fits", "geography_fits"), True)
USERS = [
    {"user_id": "u1", "name": "Asha", "team": "sales"},
    {"user_id": "u2", "name": "Bala", "team": "marketing"},
    {"user_id": "u3", "name": "Chitra", "team": None},
    {"user_id": "u4", "name": "Dev", "team": " SALES "},
]


def at(text: str, zone: str = ZONE) -> int:
    """'2026-01-05 09:30' of the company's clock in microseconds."""
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def agreement(folder: Path, special: tuple = (), **versions: dict) -> Path:
    """The files of service levels and special days; versions v1, v2...: what they say otherwise than LEVELS."""
    with (folder / "service_levels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("version", "level", "value", "meaning"))
        for name, otherwise in (versions or {"v1": {}}).items():
            rows.writerows((name[1:], level, value, "") for level, value in (LEVELS | otherwise).items())
    with (folder / "dispositions.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("source_word", "disposition", "says_not_qualified", "criterion"), *DISPOSITIONS])
    with (folder / "settings.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("setting", "value", "meaning"), *SETTINGS])
    with (folder / "special_days.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("day", "is_working", "name"), *((*day, "a day") for day in special)])
    return folder


def lead(**cells) -> dict:
    return {"lead_id": "l", "ids_of": "crm", "created_at": at("2026-01-05 10:00"), "owner_id": "u1"} | cells


def handed(**cells) -> dict:
    """A handover on Tuesday, 6 January 2026 at 10:00: 8 business hours later it is 18:00."""
    usual = {"handover_id": "l#1", "lead_id": "l", "handed_over_at": at("2026-01-06 10:00"), "agreement_version": 1}
    return usual | {"definition_met": True, "is_marketing": True} | FITS | cells


def call(when: str, **cells) -> dict:
    usual = {"activity_id": when, "kind": "call", "direction": "outbound", "happened_at": at(when), "lead_id": "l"}
    return usual | {"duration_seconds": 0, "is_automated": False, "owner_id": "u1"} | cells


def company(
    folder: Path, *handovers: dict, as_of: str = "2026-03-31 12:00", files: dict | None = None, **tables
) -> Given:
    """A company whose source crm delivers activities, with the lead l; tables as in given.hand_made."""
    context = {"as_of_at": at(as_of), "timezone": ZONE, "fiscal_year_start_month": 4}
    usual = {
        "core_leads": [lead()],
        "core_users": USERS,
        "agreement__versions": [{"version": 1, "in_force_at": at("2025-04-01 00:00"), "is_signed": True}],
        "agreement__stages": STAGES,
        "run__context": [context],
        "run__delivered": [{"ids_of": "crm", "entity": "activities"}],
        "metrics__leads": [{"lead_id": "l", "segment": "Micro"}],
        "metrics__handovers": list(handovers),
    }
    return hand_made(agreement(folder, **(files or {})), **(usual | tables))
