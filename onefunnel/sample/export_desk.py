"""The export desk's files: its own headings, ids, words and dd-mm-yyyy dates; no change history."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import EXPORTED, NEVER, day_first
from onefunnel.sample.export_touches import touch_columns
from onefunnel.sample.tables import Table

# headings that sources.yml maps; the others are our names in words
HEADINGS = {
    "lead_id": "Enquiry No",
    "deal_id": "Order No",
    "created_at": "Entered On",
    "job_title": "Designation",
}


def heading(column: str) -> str:
    """The desk's heading of one of our columns."""
    return HEADINGS.get(column, column.replace("_", " ").title())


def leads(w: SimpleNamespace) -> Table:
    """leads.csv of the desk: handed over when `Handed Over At` says so."""
    x, s, rows = w.leads, w.spelled, np.flatnonzero(w.leads.desk)
    pick = rows.tolist()
    status = w.lead_journal.current["status"]
    return Table.of(
        "leads",
        {
            "lead_id": [w.lead_ids[i] for i in pick],
            "created_at": day_first(x.created[rows]),
            "email": [s.email[i] for i in pick],
            "phone": [s.phone[i] for i in pick],
            "company_name": [s.company[i] for i in pick],
            "website": [s.website[i] for i in pick],
            "gstin": [s.gstin[i] for i in pick],
            "industry": [s.industry[i] for i in pick],
            "employee_count": [s.employees[i] for i in pick],
            "annual_revenue": [s.revenue[i] for i in pick],
            "annual_revenue_currency": [("USD" if x.in_dollars[i] else "INR") if s.revenue[i] else "" for i in pick],
            "country": [w.places[i][0] for i in pick],
            "city": [w.places[i][2] for i in pick],
            "job_title": [s.title[i] for i in pick],
            "lead_source": [s.source[i] for i in pick],
            "owner_id": w.lead_journal.current["owner"][rows].tolist(),
            "status": [words.DESK_STATUS[status[i]] for i in pick],
            "handed_over_at": _seen(x.desk_handed_at[rows]),
            "accepted_at": _seen(x.accepted_at[rows]),
            "claimed_sql_at": _seen(x.sql_at[rows]),
            "disposition": x.disposition[rows].tolist(),
            "disposition_reason": x.reason[rows].tolist(),
            "disposed_at": _seen(x.disposed_at[rows]),
            "converted_at": _seen(x.converted_at[rows]),
            "converted_deal_id": [w.deal_ids[w.lead_deal[i]] if w.lead_deal[i] >= 0 else "" for i in pick],
        },
    )


def _seen(at: np.ndarray) -> list[str]:
    return day_first(np.where(at <= EXPORTED, at, NEVER))


def deals(w: SimpleNamespace) -> Table:
    """deals.csv of the desk, half of it in dollars."""
    d, now = w.deals, w.deal_journal.current
    rows = np.flatnonzero(d.desk)
    return Table.of(
        "deals",
        {
            "deal_id": [w.deal_ids[i] for i in rows.tolist()],
            "lead_id": [w.lead_ids[i] for i in d.lead[rows].tolist()],
            "name": [w.deal_names[i] for i in rows.tolist()],
            "amount": now["amount"][rows].tolist(),
            "currency": np.where(d.dollars[rows], "USD", "INR").tolist(),
            "stage": [words.DESK_STAGES[s] for s in now["stage"][rows].tolist()],
            "deal_type": ["new"] * len(rows),
            "created_at": day_first(d.created[rows]),
            "expected_close_on": [f"{t[8:]}-{t[5:7]}-{t[:4]}" for t in now["expected_close_on"][rows].tolist()],
            "closed_at": day_first(d.closed_at[rows]),
            "lost_reason": d.lost_reason[rows].tolist(),
            "competitor": d.competitor[rows].tolist(),
            "lead_source": [w.deal_sources[i] for i in rows.tolist()],
            "owner_id": now["owner"][rows].tolist(),
        },
    )


def touches(w: SimpleNamespace) -> Table:
    """touches.csv of the desk."""
    keep = np.flatnonzero(w.leads.desk[w.touches.lead])
    keep = keep[np.argsort(w.touches.at[keep], kind="stable")]
    cells = touch_columns(w, keep)
    kept = {name: cells[name] for name in ("kind", "lead_id", "email", "url")}
    ids = [f"EXT-{n:06d}" for n in range(1, len(keep) + 1)]
    return Table.of("touches", {"touch_id": ids, "happened_at": day_first(w.touches.at[keep]), **kept})


def digests(w: SimpleNamespace) -> Table:
    """digests.csv of the desk: which of its lost deals the digest of which day showed."""
    x = w.objections
    keep = w.deals.desk[x.losses] & (x.losses_shown_at < NEVER)
    ids = [f"deal:{w.deal_ids[k]}" for k in x.losses[keep].tolist()]
    return Table.of("digests", {"objection_id": ids, "shown_at": day_first(x.losses_shown_at[keep])})


def users() -> Table:
    """users.csv of the desk."""
    return Table("users", ["user_id", "name", "team", "manager_id"], staff.desk_users())


def write(tables: list[Table], folder: Path) -> None:
    """Writes the tables under the desk's own headings."""
    for table in tables:
        table.write(folder, {h: heading(h) for h in table.header})
