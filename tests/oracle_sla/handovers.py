"""A handover: when sales answered it, what became of it, and what each side may say of that."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from tests.oracle.days import DAY
from tests.oracle.reading import words
from tests.oracle_sla.clock import HOUR, Terms
from tests.oracle_sla.given import CRITERIA, Given

NO_AGREEMENT, NO_ACTIVITIES = "unavailable: no agreement in force", "unavailable: no activities"
AT_ALL_TIMES = 2**62
GIVEN_UP = ("not_qualified", "set_aside", "unknown")


class Contact(NamedTuple):
    """What a person of sales did; seconds None where it was no call or meeting of a known length."""

    happened_at: int
    seconds: int | None
    is_attempt: bool

    def is_conversation(self, terms: Terms | None) -> bool:
        return terms is not None and self.seconds is not None and self.seconds >= terms.conversation_seconds


def contacts(given: Given) -> dict[str, list[Contact]]:
    """Person (its first lead record) -> what sales did until AS_OF, in order."""
    whose = {row.deal_id: row.lead_id for row in given.company.rows("metrics.deals")}
    found = defaultdict(list)
    for row in given.company.rows("core_activities"):
        if row.is_automated or not of_sales(given, row.owner_id):
            continue
        if row.happened_at is None or row.happened_at > given.as_of:
            continue
        spoken = words(row.kind) in ("call", "meeting")
        contact = Contact(row.happened_at, row.duration_seconds if spoken else None, words(row.direction) != "inbound")
        records = {row.lead_id, whose.get(row.deal_id)} - {None}
        for person in {given.persons.get(record) for record in records} - {None}:
            found[person].append(contact)
    return {person: sorted(made, key=lambda contact: contact.happened_at) for person, made in found.items()}


def of_sales(given: Given, owner: str | None) -> bool:
    """Not known to be of another team."""
    user = given.users.get(owner)
    return user is None or words(user.team) in (None, "sales")


class Life(NamedTuple):
    """One handover of a lead among its others; instants, None where there is none."""

    row: object
    lead: object
    start: int
    next: int | None
    is_latest: bool

    @property
    def at(self) -> int:
        return self.row.handed_over_at

    def during(self, moments, since: int, as_of: int) -> int | None:
        """The earliest of the moments from `since` until the next handover."""
        until = AT_ALL_TIMES if self.next is None else self.next
        return min((at for at in moments if at is not None and since <= at < until and at <= as_of), default=None)


def lives(given: Given) -> list[Life]:
    """Every handover with the instant from which what sales does counts for it."""
    of_lead, found = defaultdict(list), []
    for row in given.company.rows("metrics.handovers"):
        of_lead[row.lead_id].append(row)
    for lead_id, rows in of_lead.items():
        rows.sort(key=lambda row: row.handed_over_at)
        lead = given.leads[lead_id]
        for row, later in zip(rows, [*rows[1:], None]):
            following = None if later is None else later.handed_over_at
            found.append(Life(row, lead, start_of(given, lead, row.handed_over_at), following, later is None))
    return found


def start_of(given: Given, lead, at: int) -> int:
    """After the lead's creation, or after its last recycling; a lead created later counts from the handover."""
    if lead.created_at is not None and lead.created_at > at:
        return at
    recycled = [row.recycled_at for row in given.recycles.get(lead.lead_id, []) if row.recycled_at <= at]
    known = [*recycled, *([] if lead.created_at is None else [lead.created_at])]
    return max(known, default=at)


def handovers(given: Given) -> list[dict]:
    """One row per handover, with every column that the contract names and that is not given."""
    made = contacts(given)
    return [handover(given, life, made.get(given.persons[life.lead.lead_id], [])) for life in lives(given)]


def handover(given: Given, life: Life, made: list[Contact]) -> dict:
    terms = given.terms.get(life.row.agreement_version)
    row = {"handover_id": life.row.handover_id, "lead_id": life.row.lead_id, "campaign_id": life.lead.campaign_id}
    row["campaign_name"] = given.campaigns.get(life.lead.campaign_id)
    row |= {"agreement_version": given.version_at(life.at), "is_latest": life.is_latest}
    row |= {name: getattr(given.published_leads[life.row.lead_id], name) for name in ("record_url", "company_name")}
    row |= judged(life.row, terms)
    row["system_delay_hours"] = (life.at - life.start) / HOUR
    mql_at = given.published_leads[life.row.lead_id].mql_at
    held = mql_at is not None and mql_at <= life.at
    row["mql_to_handover_hours"] = min(life.at - mql_at, life.at - life.start) / HOUR if held else None
    row["is_received_in_office_hours"] = terms.office.is_open(life.at) if terms else None
    row |= contacted(given, life, terms, made)
    row |= disposed(given, life, terms)
    row |= owned(given, life, "", life.at)
    row |= owned(given, life, "contact_", row["contact_due_at"])
    row |= owned(given, life, "disposition_", row["disposition_due_at"])
    return row


def judged(row, terms: Terms | None) -> dict:
    """Glossary, qualified: "all criteria true", each that is not is named; without a version no verdict."""
    fits = {name: getattr(row, f"{name}_fits") for name in CRITERIA}
    named = {name: name.replace("_", " ") for name in CRITERIA}
    failed = [f"unknown: {named[n]}" if fit is None else f"not {named[n]}" for n, fit in fits.items() if not fit]
    if terms is None:
        return {"failed_criteria": "no agreement in force", "definition_met": None}
    return {"failed_criteria": "; ".join(failed) or None, "definition_met": not failed}


def contacted(given: Given, life: Life, terms: Terms | None, made: list[Contact]) -> dict:
    """Glossary, response time: "handover to first sales contact in business hours of the agreement's calendar"."""
    end = AT_ALL_TIMES if life.row.recycled_at is None else life.row.recycled_at
    here = [contact for contact in made if life.start <= contact.happened_at < end]
    spoken = [contact.happened_at for contact in here if contact.is_conversation(terms)]
    first = min([c.happened_at for c in here if c.is_attempt] + spoken, default=None)
    due = terms.office.due(life.at, terms.contact_within) if terms else None
    return {
        "first_contact_at": first,
        "first_conversation_at": min(spoken, default=None),
        "response_business_hours": None if first is None or not terms else terms.office.worked(life.at, first) / HOUR,
        "response_elapsed_hours": None if first is None else max(0, first - life.at) / HOUR,
        "is_contacted_before_handover": None if first is None else first < life.at,
        "contact_due_at": due,
        "contact_status": contact_status(given, life, terms, first, due),
    }


def contact_status(given: Given, life: Life, terms: Terms | None, first: int | None, due: int | None) -> str:
    if terms is None:
        return NO_AGREEMENT
    if not given.delivers("activities", life.lead.ids_of):
        return NO_ACTIVITIES
    if due is None:
        return "pending"
    if first is not None:
        return "met" if first <= due else "breached"
    return "breached" if due <= given.as_of else "pending"


def disposed(given: Given, life: Life, terms: Terms | None) -> dict:
    """Glossary: "a handover must reach SQL, opportunity or a disposition within D days; accepting alone is not"."""
    advanced = life.during(advances(given, life.lead), life.start, given.as_of)
    gone = life.during(dispositions(given, life), life.at, given.as_of)
    due = life.at + terms.disposition_within if terms else None
    resolved = min((at for at in (advanced, gone) if at is not None), default=None)
    said = last_word(given, life, gone)
    undated = resolved is None and said is not None and said.disposed_at is None
    status = disposition_status(given, due, advanced, gone, undated)
    verdict = sales_verdict(given, advanced, gone, undated, said)
    why = explained(given, life, gone, said) if verdict in GIVEN_UP else None
    if verdict in GIVEN_UP and why is None:
        verdict = "unknown"  # it was written over, and may have said anything
    return {
        "advanced_at": advanced,
        "disposed_at": gone,
        "disposition_due_at": due,
        "resolved_at": resolved,
        "disposition_status": status,
        "disposition": None if said is None else given.disposition_words.get(said.words, {}).get("disposition"),
        "is_disposition_explained": why,
        "aging_days": aging(given, life, resolved, status),
        "sales_verdict": verdict,
    }


def advances(given: Given, lead) -> list[int]:
    """Dated SQL, and opportunities that are not dated before the lead (glossary: those are data faults)."""
    deals = [deal.opportunity_at for deal in given.deals_of.get(lead.lead_id, []) if deal.opportunity_at is not None]
    after = [at for at in deals if lead.created_at is None or at >= lead.created_at]
    return [*given.entries(lead.lead_id, "sql"), lead.claimed_sql_at, *after]


def dispositions(given: Given, life: Life) -> list[int]:
    """The dates at which sales gave the lead up, as far as they were known at AS_OF."""
    lead = life.lead
    versions = given.versions.get(lead.lead_id, [])
    told = [lead, *(row for row in versions if row.holds_from_at is None or row.holds_from_at <= given.as_of)]
    dated = [row.disposed_at for row in told if words(row.disposition)]
    return [*given.entries(lead.lead_id, "recycled", "disqualified", from_elsewhere=True), *dated, life.row.recycled_at]


def disposition_status(given: Given, due: int | None, advanced: int | None, gone: int | None, undated: bool) -> str:
    if due is None:
        return NO_AGREEMENT
    if advanced is not None and advanced <= due and (gone is None or advanced <= gone):
        return "not_needed"
    if gone is not None and gone <= due:
        return "given"
    if advanced is not None or gone is not None:
        return "late"
    if undated:
        return "given"
    return "missing" if due <= given.as_of else "pending"


class Said(NamedTuple):
    """What a version of the lead's record says of it; disposed_at None where it bears no date."""

    words: str
    disposed_at: int | None


def known_versions(given: Given, lead) -> list:
    """The lead's versions by AS_OF, the newest first."""
    rows = [row for row in given.versions.get(lead.lead_id, []) if row.holds_from_at is not None]
    known = [row for row in rows if row.holds_from_at <= given.as_of]
    return sorted(known, key=lambda row: (row.holds_from_at, row.version_number or 0), reverse=True)


def last_word(given: Given, life: Life, gone: int | None) -> Said | None:
    """The newest word on the lead that belongs to this handover.

    A dated one belongs to the handover in whose time its date lies. One without a date is said of the latest handover
    while it stands on the record, and else of the one that had been given up when the record was written so.
    """

    def is_of_it(row, written_at: int | None) -> bool:
        if row.disposed_at is not None:
            return life.during([row.disposed_at], life.at, given.as_of) is not None
        if written_at is None:
            return life.is_latest
        return gone is not None and life.during([written_at], gone, given.as_of) is not None

    records = [(life.lead, None), *((row, row.holds_from_at) for row in known_versions(given, life.lead))]
    said = (row for row, written_at in records if words(row.disposition) and is_of_it(row, written_at))
    return next((Said(words(row.disposition), row.disposed_at) for row in said), None)


def explained(given: Given, life: Life, gone: int | None, said: Said | None) -> bool | None:
    """Did sales say why? Unknown of an earlier handover, where the record was not seen between its end and the next."""
    if said is not None:
        return True
    seen = [row.holds_from_at for row in known_versions(given, life.lead)]
    return False if life.is_latest or life.during(seen, gone, given.as_of) is not None else None


def aging(given: Given, life: Life, resolved: int | None, status: str) -> float | None:
    """Glossary, MQL aging: "days since handover of leads open without disposition"."""
    closed = any(words(deal.status) in ("won", "lost") for deal in given.deals_of.get(life.lead.lead_id, []))
    if not life.is_latest or resolved is not None or status not in ("missing", "pending") or closed:
        return None
    return (given.as_of - life.at) / DAY


def sales_verdict(given: Given, advanced: int | None, gone: int | None, undated: bool, said: Said | None) -> str:
    """A lead given up for what says nothing against its qualification is set aside; without such a word it was not."""
    if advanced is not None and (gone is None or advanced <= gone):
        return "qualified"
    if gone is None and not undated:
        return "pending"
    meant = given.disposition_words.get(said.words, {}) if said is not None else {}
    return "set_aside" if meant.get("says_not_qualified", "").lower() == "false" else "not_qualified"


def owned(given: Given, life: Life, which: str, due: int | None) -> dict:
    """Glossary: "the owner is the one at the deadline", or now while it is still to come; '' at the handover."""
    owner = given.owner_at(life.lead.lead_id, given.as_of if due is None else min(due, given.as_of))
    found = {"owner_id": owner, "owner_name": given.name(owner), "owner_team": given.team(owner)}
    lacking = {"": "owner_team", "disposition_": "owner_name"}  # not published
    return {f"{which}{name}": value for name, value in found.items() if name != lacking.get(which)}
