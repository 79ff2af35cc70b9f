"""The CRM's records: date-times with a zone, or plain ISO Indian time."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import people, staff, words
from onefunnel.sample.clock import AS_OF, DAY, EXPORTED, NEVER, on, stream, zoned
from onefunnel.sample.tables import Table

HOST = "https://crm.sahyadri.example"


def leads(w: SimpleNamespace) -> Table:
    """leads.csv of the CRM, every lead that is not the export desk's."""
    rng = stream(w.seed, "crm leads")
    x, s = w.leads, w.spelled
    consent = np.where(rng.random(x.n) < 0.7, x.created, NEVER)
    taken_back = np.where(rng.random(x.n) < 0.015, x.created + 40 * DAY, NEVER)
    updated = np.maximum.reduce(
        [
            x.created,
            w.lead_journal.last_change(x.n),
            *(np.where(t <= EXPORTED, t, 0) for t in (x.word_at, x.employees_at, x.title_at)),
        ]
    )
    deal = [w.deal_ids[d] if d >= 0 else "" for d in w.lead_deal.tolist()]
    company = [w.company_ids[c] if c >= 0 else "" for c in w.lead_company.tolist()]
    columns = {
        "lead_id": w.lead_ids,
        "created_at": zoned(x.created),
        "updated_at": zoned(updated),
        "email": s.email,
        "phone": s.phone,
        "company_name": s.company,
        "website": s.website,
        "gstin": s.gstin,
        "industry": s.industry,
        "employee_count": s.employees,
        "annual_revenue": s.revenue,
        "annual_revenue_currency": ["INR" if r else "" for r in s.revenue],
        "country": [p[0] for p in w.places],
        "state": [p[1] for p in w.places],
        "city": [p[2] for p in w.places],
        "job_title": s.title,
        "lead_source": s.source,
        "campaign_id": [w.campaigns.ids[c] if c >= 0 else "" for c in x.campaign.tolist()],
        "owner_id": w.lead_journal.current["owner"].tolist(),
        "status": w.lead_journal.current["status"].tolist(),
        "claimed_mql_at": zoned(x.claimed_mql_at),
        "handed_over_at": [""] * x.n,
        "accepted_at": zoned(x.accepted_at),
        "claimed_sql_at": zoned(x.sql_at),
        "disposition": x.disposition.tolist(),
        "disposition_reason": x.reason.tolist(),
        "disposed_at": zoned(x.disposed_at),
        "converted_at": zoned(x.converted_at),
        "converted_deal_id": deal,
        "converted_company_id": company,
        "consent_given_at": zoned(consent),
        "consent_withdrawn_at": zoned(
            np.where(consent < taken_back, np.where(taken_back <= EXPORTED, taken_back, NEVER), NEVER)
        ),
        "record_url": [f"{HOST}/leads/{i}" for i in w.lead_ids],
    }
    return Table.only("leads", columns, ~x.desk)


def companies(w: SimpleNamespace) -> Table:
    """companies.csv: the accounts."""
    cells = w.company_cells
    currency = ["INR" if r else "" for r in cells["annual_revenue"]]
    columns = {"company_id": w.company_ids, **cells, "created_at": zoned(w.companies.created)}
    ordered = {}
    for name, values in columns.items():
        ordered[name] = values
        if name == "annual_revenue":
            ordered["annual_revenue_currency"] = currency
    return Table.of("companies", ordered)


def contacts(w: SimpleNamespace) -> Table:
    """contacts.csv: the people of accounts."""
    rows = w.contacts
    return Table.of(
        "contacts",
        {
            "contact_id": w.contact_ids,
            "company_id": [w.company_ids[r[0]] for r in rows],
            "email": [r[1] for r in rows],
            "phone": [r[2] for r in rows],
            "job_title": [r[3] for r in rows],
            "created_at": zoned(np.array([r[4] for r in rows], dtype=np.int64)),
        },
    )


def deals(w: SimpleNamespace) -> Table:
    """deals.csv of the CRM."""
    d, now = w.deals, w.deal_journal.current
    rng = stream(w.seed, "crm deals")
    stage = now["stage"].tolist()
    chance = dict(zip((*words.STAGES, words.WON), ("10", "25", "40", "60", "80", "100")))
    category = {words.STAGES[3]: "best case", words.STAGES[4]: "commit", words.WON: "closed"}
    style = np.where(now["amount"] == d.amount.astype(str), rng.choice(4, d.n, p=[0.94, 0.03, 0, 0.03]), 0).tolist()
    columns = {
        "deal_id": w.deal_ids,
        "company_id": [w.company_ids[c] if c >= 0 else "" for c in w.deal_company.tolist()],
        "lead_id": [w.lead_ids[i] if i >= 0 else "" for i in d.lead.tolist()],
        "name": w.deal_names,
        "amount": [people.rupees(int(a), k) for a, k in zip(now["amount"].tolist(), style)],
        "currency": ["INR"] * d.n,
        "stage": stage,
        "probability": [chance.get(s, "0") for s in stage],
        "forecast_category": ["omitted" if lost else category.get(s, "pipeline") for s, lost in zip(stage, d.lost)],
        "deal_type": [("new", "repeat", "expansion")[k] for k in d.kind.tolist()],
        "created_at": zoned(d.created),
        "expected_close_on": now["expected_close_on"].tolist(),
        "closed_at": zoned(d.closed_at),
        "lost_reason": d.lost_reason.tolist(),
        "competitor": d.competitor.tolist(),
        "lead_source": w.deal_sources,
        "campaign_id": [
            w.campaigns.ids[w.leads.campaign[i]] if i >= 0 and w.leads.campaign[i] >= 0 else "" for i in d.lead.tolist()
        ],
        "referred_by": w.referred_by,
        "owner_id": now["owner"].tolist(),
        "updated_at": zoned(np.maximum(d.created, w.deal_journal.last_change(d.n))),
        "record_url": [f"{HOST}/deals/{i}" for i in w.deal_ids],
    }
    return Table.only("deals", columns, ~d.desk)


def campaigns(w: SimpleNamespace) -> Table:
    """campaigns.csv."""
    rng = stream(w.seed, "campaign cost")
    rows = w.campaigns.rows
    spent = [
        b * (1 + rng.normal(0.02, 0.05)) * float(np.clip((AS_OF - s) / max(1, e - s), 0, 1)) for *_, s, e, b in rows
    ]
    return Table.of(
        "campaigns",
        {
            "campaign_id": [r[0] for r in rows],
            "name": [r[1] for r in rows],
            "type": [r[2] for r in rows],
            "starts_on": on([r[3] for r in rows]),
            "ends_on": on([r[4] for r in rows]),
            "budget": [str(r[5]) for r in rows],
            "actual_cost": [f"{c:.2f}" for c in spent],
            "currency": ["INR"] * len(rows),
        },
    )


def users() -> Table:
    """users.csv."""
    return Table("users", ["user_id", "name", "team", "manager_id"], staff.crm_users())
