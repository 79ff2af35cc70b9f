"""The CRM's record of what changed and what its people did."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import people
from onefunnel.sample.clock import NEVER, local, zoned
from onefunnel.sample.tables import Table


def lead_changes(w: SimpleNamespace) -> Table:
    """lead_changes.csv: status, owner and the attributes somebody edited."""
    journal, x = w.lead_journal, w.leads
    for field, name, spell in (
        ("word", "industry", people.industry),
        ("title", "job_title", people.title),
        ("employees", "employee_count", people.number),
    ):
        at = getattr(x, field + "_at")
        who = np.flatnonzero(at < NEVER)
        journal.record(
            name,
            who,
            at[who],
            [spell(v) for v in getattr(x, field)[who].tolist()],
            [spell(v) for v in getattr(x, field + "_later")[who].tolist()],
        )
    return _changes("lead_changes", "lead_id", journal, w.lead_ids, x.desk)


def deal_changes(w: SimpleNamespace) -> Table:
    """deal_changes.csv: stage, amount, due date and owner."""
    return _changes("deal_changes", "deal_id", w.deal_journal, w.deal_ids, w.deals.desk)


def _changes(name: str, key: str, journal, ids: list[str], desk: np.ndarray) -> Table:
    who, at, field, old, new = journal.rows()
    columns = {
        key: [ids[i] for i in who.tolist()],
        "changed_at": zoned(at),
        "field": field,
        "old": old,
        "new": new,
    }
    return Table.only(name, columns, ~desk[who])


def activities(w: SimpleNamespace) -> Table:
    """activities.csv: Indian time without a zone."""
    a = w.activities
    company = w.deal_company[a.deal]
    call = np.isin(a.kind.astype(str), ("call", "meeting"))
    return Table.of(
        "activities",
        {
            "activity_id": [_activity_id(n) for n in range(a.n)],
            "kind": a.kind.tolist(),
            "direction": np.where(a.inbound, "inbound", "outbound").tolist(),
            "happened_at": local(a.at),
            "duration_seconds": [str(s) if c else "" for s, c in zip(a.seconds.tolist(), call.tolist())],
            "is_automated": np.where(a.automated, "true", "false").tolist(),
            "lead_id": [w.lead_ids[i] if i >= 0 else "" for i in a.lead.tolist()],
            "contact_id": [""] * a.n,
            "company_id": [w.company_ids[c] if k >= 0 else "" for c, k in zip(company.tolist(), a.deal.tolist())],
            "deal_id": [w.deal_ids[k] if k >= 0 else "" for k in a.deal.tolist()],
            "owner_id": a.owner.tolist(),
            "outcome": a.outcome.tolist(),
        },
    )


def objections(w: SimpleNamespace) -> Table:
    """objections.csv: the sheet of the reps."""
    x = w.objections
    return Table.of(
        "objections",
        {
            "objection_id": _objection_ids(x),
            "raised_at": zoned(x.at),
            "logged_at": zoned(x.logged_at),
            "lead_id": [w.lead_ids[i] if i >= 0 else "" for i in x.lead.tolist()],
            "deal_id": [w.deal_ids[k] if k >= 0 else "" for k in x.deal.tolist()],
            "team": ["sales"] * x.n,
            "owner_id": x.owner.tolist(),
            "category": x.typed,
            "words": x.said,
            "surprised": np.where(x.surprised, "true", "false").tolist(),
            "competitor": x.competitor.tolist(),
            "answered_at": zoned(x.answered_at),
            "marketing_action": x.answer.tolist(),
        },
    )


def digests(w: SimpleNamespace) -> Table:
    """digests.csv: which objection of the sheet, call or lost deal of the CRM the digest of which day showed."""
    x, mine = w.objections, ~w.deals.desk[w.objections.losses]
    ids = [
        *_objection_ids(x),
        *(f"activity:{_activity_id(n)}" for n in x.calls.tolist()),
        *(f"deal:{w.deal_ids[k]}" for k in x.losses[mine].tolist()),
    ]
    at = np.concatenate([x.shown_at, x.calls_shown_at, x.losses_shown_at[mine]])
    shown = Table.only("digests", {"objection_id": ids, "shown_at": zoned(at)}, at < NEVER)
    shown.rows.sort(key=lambda row: (row[1], row[0]))
    return shown


def _activity_id(number: int) -> str:
    return f"A{500_001 + number}"


def _objection_ids(x: SimpleNamespace) -> list[str]:
    return [f"OBJ-{number:05d}" for number in range(1, x.n + 1)]
