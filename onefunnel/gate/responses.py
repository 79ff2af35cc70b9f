"""Each handover judged again by what both sides promised: its deadlines, response and statuses, from the raw lake."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from expectations.service_levels import HOURS, INSTANTS, OF_RESPONSES
from onefunnel.gate.checks import beside
from onefunnel.gate.handed import Handover, Persons
from onefunnel.gate.persons import same_persons
from onefunnel.gate.service import Service
from onefunnel.judge.instants import micros

HOUR = 3_600_000_000
NO_AGREEMENT = "unavailable: no agreement in force"
NO_ACTIVITIES = "unavailable: no activities"
GIVEN_UP = ("not_qualified", "set_aside", "unknown")


def responses_frame(con, rows: list[dict]) -> pd.DataFrame:
    """One row per handover id of either side: OF_RESPONSES and rejudged_. rows: as of rejudged."""
    columns = ", ".join(f"printf('%.9f', {name}) as {name}" if name in HOURS else name for name in OF_RESPONSES)
    published = con.execute(f"select handover_id, lead_id, {columns} from metrics.handovers").df()
    frame = pd.DataFrame(rows, columns=["handover_id", *OF_RESPONSES]).astype(object)
    for name in INSTANTS:
        frame[name] = pd.to_datetime(pd.Series([row[name] for row in rows], dtype="Int64"), unit="us", utc=True)
    return beside(published, frame, "handover_id", OF_RESPONSES, ["lead_id"])


def rejudged(con, judged) -> list[dict]:
    """Each handover that the gate has found, with OF_RESPONSES; instants in microseconds. Persons are as published."""
    persons, as_of = Persons(judged.handed.contacts, same_persons(con)), micros(judged.as_of.to_pydatetime())
    rows = []
    for row in judged.handovers.to_dict("records"):
        version = None if pd.isna(row["agreement_version"]) else row["agreement_version"]
        handover = judged.handed.handovers[row["handover_id"]]
        levels = judged.service.levels.get(version, {})
        contact, conversation = persons.firsts(handover, levels.get("conversation_min_seconds"))
        told = asdict(handover) | {"first_contact_at": contact, "first_conversation_at": conversation}
        row |= told | {"version": version, **_judge(judged.service, version, handover, contact, as_of)}
        verdict = _verdict(handover)
        row |= {"sales_verdict": verdict, "system_delay_hours": f"{(handover.at - handover.started_at) / HOUR:.9f}"}
        rows.append(row | {"is_disposition_explained": handover.is_explained if verdict in GIVEN_UP else None})
    return rows


def _judge(service: Service, version: int | None, handover: Handover, contact: int | None, as_of: int) -> dict:
    """What the version in force has to say; all of it unknown where there is none."""
    if version is None:
        return dict.fromkeys(OF_RESPONSES[OF_RESPONSES.index("is_received_in_office_hours") :]) | {
            "contact_status": NO_AGREEMENT,
            "disposition_status": NO_AGREEMENT,
        }
    office, levels = service.offices[version], service.levels[version]
    due, said = office.over(handover.at, levels["contact_within_us"]), handover.at + levels["disposition_within_us"]
    has_activities = handover.lead_id.split(":")[0] in service.namespaces
    return {
        "is_received_in_office_hours": office.is_open(handover.at),
        "contact_due_at": due,
        "response_business_hours": None if contact is None else f"{office.worked(handover.at, contact) / HOUR:.9f}",
        "contact_status": _contact_status(contact, due, as_of) if has_activities else NO_ACTIVITIES,
        "disposition_due_at": said,
        "disposition_status": _disposition_status(handover, said, as_of),
    }


def _contact_status(contact: int | None, due: int | None, as_of: int) -> str:
    if due is None:
        return "pending"
    if contact is not None:
        return "met" if contact <= due else "breached"
    return "breached" if due <= as_of else "pending"


def _first(handover: Handover) -> int | None:
    return min((at for at in (handover.advanced_at, handover.disposed_at) if at is not None), default=None)


def _disposition_status(handover: Handover, due: int, as_of: int) -> str:
    """By the instants alone; without any, sales may still have said something that bears no date."""
    first = _first(handover)
    if first is None:
        if handover.is_disposed_undated:
            return "given"
        return "missing" if due <= as_of else "pending"
    if first > due:
        return "late"
    return "not_needed" if first == handover.advanced_at else "given"


def _verdict(handover: Handover) -> str:
    """What sales made of it in the end; who advances first has qualified, whatever is said of the lead later.

    Where the word was written over since, nobody knows what sales meant.
    """
    first = _first(handover)
    if first is None and not handover.is_disposed_undated:
        return "pending"
    if first is not None and first == handover.advanced_at:
        return "qualified"
    if handover.is_explained is None:
        return "unknown"
    return "set_aside" if handover.is_set_aside else "not_qualified"
