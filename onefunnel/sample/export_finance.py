"""Finance's files, which use the CRM's ids."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import finance, words
from onefunnel.sample.clock import on
from onefunnel.sample.tables import Table


def tables(w: SimpleNamespace) -> list[Table]:
    """invoices, expenses, ad_spend and fx_rates."""
    return [_invoices(w), _expenses(w), _ad_spend(w), _fx_rates(w)]


def _invoices(w: SimpleNamespace) -> Table:
    amount = w.deal_journal.current["amount"].astype(np.int64)
    won = w.deal_journal.current["stage"] == words.WON
    rows = finance.invoices(w.seed, w.deals, amount, w.deal_company, won, w.companies)
    return Table.of(
        "invoices",
        {
            "invoice_id": [f"SFS/{n:05d}" for n in range(1, len(rows) + 1)],
            "company_id": [w.company_ids[r[1]] if r[1] >= 0 else "" for r in rows],
            "deal_id": [w.deal_ids[r[2]] if r[2] >= 0 else "" for r in rows],
            "issued_on": on([r[0] for r in rows]),
            "amount": [f"{r[3]:.2f}" for r in rows],
            "tax": [f"{r[3] * finance.GST if r[5] == 'INR' else 0:.2f}" for r in rows],
            "currency": [r[5] for r in rows],
            "status": [r[4] for r in rows],
        },
    )


def _expenses(w: SimpleNamespace) -> Table:
    return Table("expenses", ["month", "team", "kind", "amount", "currency"], finance.expenses(w.seed))


def _ad_spend(w: SimpleNamespace) -> Table:
    dollar = {day: rate for day, currency, rate in w.fx if currency == "USD"}
    rows = finance.ad_spend(w.seed, w.campaigns, dollar)
    header = [
        "platform",
        "account",
        "campaign_id",
        "spent_on",
        "amount",
        "currency",
        "time_zone",
        "impressions",
        "clicks",
    ]
    days = on([r[3] for r in rows])
    return Table("ad_spend", header, [(*r[:3], day, *r[4:]) for r, day in zip(rows, days)])


def _fx_rates(w: SimpleNamespace) -> Table:
    days = on([r[0] for r in w.fx])
    return Table(
        "fx_rates",
        ["rate_on", "currency", "rate"],
        [(day, r[1], f"{r[2]:.4f}") for day, r in zip(days, w.fx)],
    )
