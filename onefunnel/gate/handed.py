"""What sales did with each handover, again from the raw lake: who was spoken to, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

from onefunnel.gate.channels import channel_of, first_words, read_channels_of_marketing
from onefunnel.gate.deal import Deal
from onefunnel.judge.handover import read_teams, recycles
from onefunnel.judge.history import Lead, Record
from onefunnel.judge.instants import instant, micros
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.words import normal, truth, whole_number

SALES = "sales"
YES = ("true", "yes", "y", "1")
SPOKEN = ("call", "meeting")


@dataclass(frozen=True)
class Contact:
    """Something that a person of sales did with a lead; seconds are those of a call or meeting, None of all else."""

    at: int
    is_attempt: bool
    seconds: int | None


@dataclass(frozen=True)
class Handover:
    """One handover and what bounds it; advanced_at and disposed_at are the first that are its own; microseconds.

    disposition: the agreement's for the last word on it; is_explained: is there any, None where the record is lost.
    """

    lead_id: str
    at: int
    started_at: int
    recycled_at: int | None
    advanced_at: int | None
    disposed_at: int | None
    is_disposed_undated: bool
    disposition: str | None
    is_set_aside: bool
    is_explained: bool | None
    is_marketing: bool


@dataclass(frozen=True)
class Handed:
    """handovers: by handover_id. contacts: by the id of the lead record they are with, in no order."""

    handovers: dict[str, Handover]
    contacts: dict[str, list[Contact]]


@dataclass(frozen=True)
class Told:
    """What is known of the leads: raw cells and deals by lead_id, stage by word of a status, the channels' rules.

    dispositions: word of sales -> ours, and whether it says nothing against the lead.
    """

    cells: dict[str, dict]
    deals: dict[str, list[Deal]]
    statuses: dict[str, str]
    dispositions: dict[str, tuple[str, bool]]
    marketing: list
    campaign_types: dict[str, str]


def read_handed(
    lake: Lake, folder: Path, agreement: Agreement, handovers: pd.DataFrame, leads: dict[str, Lead],
    cells: dict[str, dict], mine: dict[str, list[Deal]], statuses: dict[str, str],
) -> Handed:  # fmt: skip
    """handovers: the judge's. mine: the deals of each lead, by lead_id. statuses: word of a status -> stage."""
    types = lake.con.execute("select _ids_of || ':' || _key, type from campaigns where is_chosen and fate = 'out'")
    says = {normal(r["source_word"]): (r["disposition"], truth(r["says_not_qualified"]) is False)
            for r in rows_of(folder, "dispositions")}  # fmt: skip
    told = Told(cells, mine, statuses, says, read_channels_of_marketing(folder), dict(types.fetchall()))
    found = {}
    for lead_id, rows in handovers.groupby("lead_id"):
        instants = [micros(at.to_pydatetime()) for at in rows["handed_over_at"]]
        of_lead = _handovers(leads[lead_id], told, instants, recycles(leads[lead_id], agreement))
        found |= dict(zip(rows["handover_id"], of_lead, strict=True))
    return Handed(found, _contacts(lake, _lead_of(mine)))


def _handovers(lead: Lead, told: Told, instants: list[int], back: list[int]) -> list[Handover]:
    """Those of one lead; instants: when, in time order. back: its recycles in time order."""
    advances, disposals = _advances(lead, told), _disposals(lead, told.statuses, back)
    is_marketing, found = _is_marketing(lead, told), []
    for at, until in pairwise([*instants, lead.as_of + 1]):
        started = at if lead.created_at > at else max([lead.created_at, *(b for b in back if b <= at)])
        gone, is_latest = min((d for d in disposals if at <= d < until), default=None), at == instants[-1]
        word = word_on(lead.records, at, until, gone, is_latest)
        disposition, is_set_aside = told.dispositions.get(word.disposition, (None, False)) if word else (None, False)
        found.append(
            Handover(
                lead_id=lead.lead_id,
                at=at,
                started_at=started,
                recycled_at=min((b for b in back if b > at), default=None),
                advanced_at=min((a for a in advances if started <= a < until), default=None),
                disposed_at=gone,
                is_disposed_undated=word is not None and word.disposed_at is None,
                disposition=disposition,
                is_set_aside=is_set_aside,
                is_explained=True if word else _is_silent(lead, gone, until, is_latest),
                is_marketing=is_marketing,
            )
        )
    return found


def _advances(lead: Lead, told: Told) -> list[int]:
    """Each time sales confirmed the lead: by its status, by the source's word, by a deal no older than the lead."""
    row = told.cells[lead.lead_id]
    said = instant(row["claimed_sql_at"], row["zone"], row["day_first"])
    changes = [at for at, _, new in lead.changes.get("status", []) if told.statuses.get(normal(new)) == "sql"]
    opened = [deal.opportunity_at for deal in told.deals.get(lead.lead_id, ()) if deal.opportunity_at is not None]
    return [*changes, *([] if said is None else [said]), *(at for at in opened if at >= lead.created_at)]


def _disposals(lead: Lead, statuses: dict[str, str], back: list[int]) -> list[int]:
    """Each time sales gave the lead up; a status written once more is no new one."""
    changes = [
        at
        for at, old, new in lead.changes.get("status", [])
        if statuses.get(normal(new)) in ("recycled", "disqualified") and normal(old) != normal(new)
    ]
    return [*changes, *back, *(at for _, at in lead.disposals)]


def word_on(records: list[Record], at: int, until: int, gone: int | None, is_latest: bool) -> Record | None:
    """The newest record with a word on the handover of `at`, which the next one ends; gone: when it was given up.

    A date says whose a word is. One without is the latest's while it stands; an older one tells of what was over.
    """
    for record in sorted(reversed(records), key=lambda record: not record.is_current):
        if record.disposed_at is not None:
            is_of_it = at <= record.disposed_at < until
        elif record.is_current and is_latest:
            is_of_it = True
        else:
            is_of_it = _is_written(record, gone, until)
        if record.disposition and is_of_it:
            return record
    return None


def _is_silent(lead: Lead, gone: int | None, until: int, is_latest: bool) -> bool | None:
    """False where the record was seen without a word after it was given up; None where it was written over since."""
    return False if is_latest or any(_is_written(record, gone, until) for record in lead.records) else None


def _is_written(record: Record, gone: int | None, until: int) -> bool:
    return gone is not None and record.version_at is not None and gone <= record.version_at < until


def _is_marketing(lead: Lead, told: Told) -> bool:
    """By the lead source that was known first and the campaign's type."""
    words = first_words(lead, told.cells[lead.lead_id], told.campaign_types)
    return channel_of(told.marketing, **words) is True


def _lead_of(mine: dict[str, list[Deal]]) -> dict[str, str]:
    """deal_id -> the lead that it came of: the one it names, else the one that was converted into it."""
    found: dict[str, str] = {}
    for lead_id in sorted(mine):
        for deal in mine[lead_id]:
            found.setdefault(deal.cells["id"], deal.lead_id or lead_id)
    return found


def _contacts(lake: Lake, lead_of: dict[str, str]) -> dict[str, list[Contact]]:
    """What people did who are not known to be of another team than sales, by each lead that they did it with."""
    teams, found = read_teams(lake).by_id, {}
    rows = lake.con.execute(
        """select _ids_of, lead_id, deal_id, owner_id, happened_at, kind, direction, duration_seconds, is_automated
        from activities where is_chosen and fate = 'out'"""
    )
    for space, lead_id, deal_id, owner, at, kind, direction, seconds, automated in rows.fetchall():
        if normal(automated) in YES or (teams.get((space, owner)) or SALES) != SALES:
            continue
        spoken = whole_number(seconds) if kind in SPOKEN else None
        contact = Contact(at, normal(direction) != "inbound", spoken)
        for named in {f"{space}:{lead_id}" if lead_id else None, lead_of.get(f"{space}:{deal_id}")} - {None}:
            found.setdefault(named, []).append(contact)
    return found


class Persons:
    """The contacts of each person, whichever of their records they were with."""

    def __init__(self, contacts: dict[str, list[Contact]], first_of: dict[str, str]):
        self.first_of = first_of
        self.contacts: dict[str, list[Contact]] = {}
        for lead_id in contacts:
            self.contacts.setdefault(first_of.get(lead_id, lead_id), []).extend(contacts[lead_id])

    def firsts(self, handover: Handover, spoken_from: int | None) -> tuple[int | None, int | None]:
        """The handover's first contact and first conversation.

        spoken_from: seconds that make a conversation; None where nobody has agreed on any, and there is none.
        """
        attempts, conversations = [], []
        for contact in self.contacts.get(self.first_of.get(handover.lead_id, handover.lead_id), ()):
            if contact.at < handover.started_at or contact.at >= (handover.recycled_at or contact.at + 1):
                continue
            if spoken_from is not None and contact.seconds is not None and contact.seconds >= spoken_from:
                conversations.append(contact.at)
            elif contact.is_attempt:
                attempts.append(contact.at)
        return min([*attempts, *conversations], default=None), min(conversations, default=None)
