"""The CRM's companies and contacts: who became an account, and who already was one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import lookalikes, names, people, words
from onefunnel.sample.clock import DAY, EXPORTED, NEVER, START, stream


def open_accounts(
    seed: int, scale: float, deals: SimpleNamespace, firms: SimpleNamespace, won: np.ndarray
) -> tuple[SimpleNamespace, np.ndarray]:
    """Companies in order of creation, and each deal's company row (-1 for the export desk's)."""
    rng = stream(seed, "accounts")
    deal_key = deals.firm * 2 + deals.branch
    old = rng.choice(int(firms.n * 0.9), max(8, int(180 * scale)), replace=False)
    keys = np.unique(np.concatenate([deal_key[~deals.desk], old * 2]))
    created, since = np.full(len(keys), NEVER), np.full(len(keys), NEVER)
    row = np.searchsorted(keys, deal_key)
    mine = np.flatnonzero(~deals.desk)
    np.minimum.at(created, row[mine], deals.created[mine])
    buys = np.flatnonzero(~deals.desk & won & (deals.closed_at <= EXPORTED))
    np.minimum.at(since, row[buys], deals.closed_at[buys])
    was = np.searchsorted(keys, old * 2)
    created[was] = since[was] = START - rng.integers(30, 1500, len(was)) * DAY
    order = np.argsort(created, kind="stable")
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys))
    companies = SimpleNamespace(
        n=len(keys),
        firm=keys[order] // 2,
        branch=keys[order] % 2 == 1,
        created=created[order],
        customer_since=since[order],
        orders_a_year=rng.gamma(0.9, 1.7, len(keys)),
    )
    return companies, np.where(deals.desk, -1, rank[np.minimum(row, len(keys) - 1)])


def company_columns(seed: int, companies: SimpleNamespace, firms: SimpleNamespace) -> dict[str, list]:
    """The descriptive cells of companies.csv, better filled than those of leads."""
    rng = stream(seed, "company cells")
    f, n = companies.firm, companies.n
    far = firms.abroad[f]
    city = np.where(companies.branch, firms.branch_city[f], firms.city[f])
    told = rng.random((4, n)) < np.array([[0.9], [0.8], [0.7], [0.85]])
    place = [
        names.CITIES[c] if not a else (names.ABROAD[x][0], "", "")
        for c, a, x in zip(city.tolist(), far.tolist(), firms.foreign_city[f].tolist())
    ]
    gst = people.registrations(firms, f, companies.branch)
    return {
        "name": [firms.name[i] + (f" - {p[0]}" if b else "") for i, b, p in zip(f.tolist(), companies.branch, place)],
        "website": [f"https://www.{firms.slug[i]}.example" for i in f.tolist()],
        "gstin": np.where(firms.has_gstin[f] & ~far & told[0], gst, "").tolist(),
        "industry": [people.industry(w) if t else "" for w, t in zip(firms.word[f].tolist(), told[1])],
        "employee_count": [str(e) if t else "" for e, t in zip(firms.employees[f].tolist(), told[2])],
        "annual_revenue": [str(r) if t else "" for r, t in zip(firms.revenue[f].tolist(), told[3])],
        "country": [names.ABROAD[x][1] if a else "India" for a, x in zip(far.tolist(), firms.foreign_city[f].tolist())],
        "state": [p[1] for p in place],
        "city": [p[0] for p in place],
    }


def contacts(
    seed: int,
    leads: SimpleNamespace,
    spelled: SimpleNamespace,
    lead_company: np.ndarray,
    companies: SimpleNamespace,
    firms: SimpleNamespace,
) -> tuple[list[tuple], np.ndarray]:
    """(company row, e-mail, phone, title, created) and each lead's contact row, -1 without one."""
    rng = stream(seed, "contacts")
    of_lead = np.full(leads.n, -1)
    rows = []
    taken = {address.lower(): -1 for address in spelled.email}
    for i in np.flatnonzero((lead_company >= 0) & (leads.converted_at <= EXPORTED)).tolist():
        of_lead[i] = len(rows)
        rows.append(
            (
                int(lead_company[i]),
                spelled.email[i],
                spelled.phone[i],
                spelled.title[i],
                int(leads.converted_at[i]),
            )
        )
    for company in np.flatnonzero(rng.random(companies.n) < 0.4).tolist():
        first, last = rng.choice(names.FIRST_NAMES), rng.choice(names.SURNAMES)
        mail = f"{first}.{last}@{firms.slug[companies.firm[company]]}.example"
        position = words.TITLES[int(rng.integers(0, len(words.TITLES)))][0]
        mail = lookalikes.own_address(mail, company, taken)
        rows.append((company, mail, "", position, int(companies.created[company]) + 3600))
    return rows, of_lead
