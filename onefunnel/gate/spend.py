"""Money spent and invoiced, added up from the raw lake by the gate's own hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from onefunnel.gate.channels import Rules, channel_of
from onefunnel.judge.history import Rates
from onefunnel.judge.instants import instant, local_date
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.verdict import read_rates
from onefunnel.judge.words import money

PAISA = Decimal("0.01")
SPEND = ("spent_on", "source_kind", "campaign_type", "platform", "channel", "amount")
INVOICES = ("invoice_id", "company_id", "deal_id", "issued_on", "amount", "status")


class Purse:
    """Amounts as the reporting currency knows them, and days as the company's clock does."""

    def __init__(self, lake: Lake, agreement: Agreement):
        self.currency, self.zone = agreement.currency, agreement.zone
        self.rates: Rates = read_rates(lake, agreement)
        self.last_on = local_date(lake.as_of - 1, agreement.zone)

    def day(self, cell: str | None, day_first: str | None) -> date | None:
        """The local day that a cell names."""
        at = instant(cell, self.zone, day_first == "true")
        return None if at is None else local_date(at, self.zone)

    def converted(self, amount: Decimal, currency: str | None, day: date) -> Decimal | None:
        """To the paisa, at the day's rate; None without one."""
        rate = Decimal(1) if currency == self.currency else self.rates.on(currency, day) if currency else None
        return None if rate is None else (amount * rate).quantize(PAISA, ROUND_HALF_UP)


def told(cell: str | None, column: str | None, declared: str | None) -> tuple[Decimal | None, str | None]:
    """The amount to the paisa and its currency: its column's, its sign's, or what the source declares."""
    amount, sign = money(cell)
    currency = column or sign or declared
    return (
        None if amount is None else amount.quantize(PAISA, ROUND_HALF_UP),
        currency.upper() if currency else None,
    )


def read_spend(lake: Lake, agreement: Agreement, rules: Rules) -> pd.DataFrame:
    """One row per ad_spend row, and per day of a campaign that has none of them, with SPEND."""
    purse = Purse(lake, agreement)
    types = dict(_chosen(lake, "campaigns", "type"))
    spent = list(_chosen(lake, "ad_spend", "campaign_id, platform, spent_on, amount, currency, _currency, _day_first"))
    rows = []
    for key, named, platform, cell, cost, currency, declared, day_first in spent:
        day, (amount, currency) = purse.day(cell, day_first), told(cost, currency, declared)
        if day and amount is not None:
            whose = types.get(f"{key.split(':')[0]}:{named}")
            rows.append(
                (day, "ad_spend", whose, platform, *_priced(purse, rules, day, amount, currency, whose, platform))
            )
    billed = {f"{key.split(':')[0]}:{named}" for key, named, *_ in spent}
    rows += [row for row in _campaign_days(lake, purse, rules) if row[-1] not in billed]
    rows = [row[: len(SPEND)] for row in rows if row[5] is not None and row[0] <= purse.last_on]
    return pd.DataFrame(rows, columns=SPEND)


def _priced(purse: Purse, rules: Rules, day, amount, currency, kind, platform) -> tuple[str, Decimal | None]:
    return channel_of(rules, campaign_type=kind, platform=platform), purse.converted(amount, currency, day)


def _campaign_days(lake: Lake, purse: Purse, rules: Rules):
    """A campaign's actual cost, spread over its days so that they add up to the paisa; its id stands last."""
    columns = "type, starts_on, ends_on, actual_cost, currency, _currency, _day_first"
    for key, kind, starts, ends, cost, currency, declared, day_first in _chosen(lake, "campaigns", columns):
        first, last = purse.day(starts, day_first), purse.day(ends, day_first)
        amount, currency = told(cost, currency, declared)
        if first is None or amount is None:
            continue
        days = max((last - first).days + 1, 1) if last else 1
        paisa = int(amount * 100)
        for place in range(days):
            part = Decimal(paisa * (place + 1) // days - paisa * place // days) / 100
            day = first + timedelta(days=place)
            yield (day, "campaign", kind, None, *_priced(purse, rules, day, part, currency, kind, None), key)


def read_invoices(lake: Lake, agreement: Agreement) -> pd.DataFrame:
    """One row per invoice with a day and an amount in the reporting currency, with INVOICES."""
    purse = Purse(lake, agreement)
    columns = "company_id, deal_id, issued_on, amount, currency, status, _currency, _day_first"
    rows = []
    for key, company, deal, issued, cell, currency, status, declared, day_first in _chosen(lake, "invoices", columns):
        day, (amount, currency) = purse.day(issued, day_first), told(cell, currency, declared)
        amount = purse.converted(amount, currency, day) if day and amount is not None else None
        if amount is not None and day <= purse.last_on:
            space = key.split(":")[0]
            ids = [f"{space}:{other}" if other else None for other in (company, deal)]
            rows.append((key, *ids, day, amount, status))
    return pd.DataFrame(rows, columns=INVOICES)


def _chosen(lake: Lake, entity: str, columns: str) -> list[tuple]:
    """Whose id it is and the cells, of each record once."""
    return lake.con.execute(
        f"""select distinct on (_ids_of, _key) _ids_of || ':' || _key, {columns} from {entity}
        where is_chosen and fate = 'out' order by _ids_of, _key, _source"""
    ).fetchall()
