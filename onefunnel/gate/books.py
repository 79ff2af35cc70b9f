"""What happened on which day, gathered anew from judged deals, leads, invoices and spend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from onefunnel.agreement.settings import Settings
from onefunnel.gate.cohorts import PERIODS, starts_of
from onefunnel.gate.persons import people, same_persons
from onefunnel.judge.words import normal

Facts = dict[str, pd.DataFrame]  # name -> one row per fact: day_on, amount and what else


@dataclass
class Books:
    """facts: what happened on which local day, by name; settings and as_of as the gate was given them."""

    facts: Facts
    settings: Settings
    as_of: pd.Timestamp

    def of_whole_days(self) -> Books:
        """The same without what happened at AS_OF itself, where that is the first instant of a day."""
        last_on = (self.as_of - pd.Timedelta(microseconds=1)).tz_convert(self.settings.timezone)
        last_on = last_on.tz_localize(None).normalize()
        return replace(self, facts={name: rows[rows["day_on"] <= last_on] for name, rows in self.facts.items()})

    def of(self, name: str, kind: str) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
        """The facts by the period that their day lies in."""
        fact = self.facts[name]
        if len(fact):
            yield from fact.groupby(starts_of(fact["day_on"], kind, self.settings.fiscal_year_start_month))

    def counted(self, name: str, kind: str) -> dict:
        """Start of the period -> how many of the facts lie in it."""
        return {start: len(rows) for start, rows in self.of(name, kind)}

    def summed(self, name: str, kind: str) -> dict:
        """Start of the period -> the sum of the facts' known amounts, exact."""
        return {start: sum(rows["amount"].dropna()) for start, rows in self.of(name, kind)}

    def ends(self, start: pd.Timestamp, kind: str) -> pd.Timestamp:
        """The first day after the period."""
        return start + (timedelta(days=7) if PERIODS[kind] is None else pd.DateOffset(months=PERIODS[kind]))

    def is_over(self, start: pd.Timestamp, kind: str, days: int = 0) -> bool:
        """Whether the period, and so many days after it, have passed."""
        ended = self.ends(start, kind).tz_localize(self.settings.timezone)
        return self.as_of - ended >= pd.Timedelta(days=days)


def open_books(con, judged) -> Books:
    """What the gate judged, by the accounts and persons of the candidate."""
    persons = people(judged.leads, same_persons(con))
    rows = con.execute("select entity, record_id, account_id from metrics.account_records").fetchall()
    accounts = {(entity, record_id): account_id for entity, record_id, account_id in rows}
    settings, zone = judged.settings, judged.settings.timezone
    deals = judged.deals.assign(account_id=[accounts.get(("deal", deal_id)) for deal_id in judged.deals["deal_id"]])
    types = {normal(word) for word in settings.deal_types_in_scope.split(";")}
    amounts = [None if amount is None else Decimal(amount) for amount in deals["deal_amount"]]
    deals = deals.assign(amount=pd.Series(amounts, deals.index, dtype=object))
    deals = deals.assign(
        is_in_scope=pd.Series([_in_scope(t, types) for t in deals["deal_type"]], deals.index, dtype=bool)
    )
    scoped = deals[deals["is_in_scope"]]
    closed = {status: scoped[scoped["status"] == status] for status in ("won", "lost")}
    in_time = pd.Timedelta(days=settings.maturity_days)
    took = persons["opportunity_at"] - persons["created_at"]
    facts = {
        "leads": _dated(persons, "created_at", zone),
        "leads in time": _dated(persons[(took >= pd.Timedelta(0)) & (took < in_time)], "created_at", zone),
        "mqls": _dated(persons, "mql_at", zone),
        "opportunities": _dated(scoped, "opportunity_at", zone),
        "won": _dated(closed["won"], "closed_at", zone),
        "lost": _dated(closed["lost"], "closed_at", zone),
        "came to opportunity": _dated(deals, "opportunity_at", zone),
        "came to won": _dated(deals[deals["status"] == "won"], "closed_at", zone),
        "spend": _spent(judged.market.spend),
        **_invoiced(judged.market.invoices, deals, settings),
    }
    facts["orders"] = _orders(facts["won"], facts["without a deal"], accounts)
    known = facts["orders"][facts["orders"]["account_id"].notna()]
    facts["first orders"] = known.sort_values("day_on").drop_duplicates("account_id")
    return Books(facts, settings, judged.as_of)


def _in_scope(deal_type, types: set) -> bool:
    return normal(deal_type if isinstance(deal_type, str) else None) in (None, *types)


def _dated(rows: pd.DataFrame, column: str, zone: str) -> pd.DataFrame:
    """The rows that have the instant, with its local day."""
    rows = rows[rows[column].notna()]
    return rows.assign(day_on=rows[column].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize())


def _spent(spend: pd.DataFrame) -> pd.DataFrame:
    return spend.assign(day_on=pd.to_datetime(spend["spent_on"]).astype("datetime64[us]"))


def _invoiced(invoices: pd.DataFrame, deals: pd.DataFrame, settings: Settings) -> Facts:
    """Invoices that are revenue: not void, and of no deal that is out of scope."""
    void = {normal(word) for word in settings.invoice_statuses_not_counted.split(";")}
    counts = [normal(word if isinstance(word, str) else None) not in void for word in invoices["status"]]
    counted = invoices[pd.Series(counts, invoices.index, dtype=bool)]
    counted = counted.assign(day_on=pd.to_datetime(counted["issued_on"]).astype("datetime64[us]"))
    known, foreign = set(deals["deal_id"]), set(deals.loc[~deals["is_in_scope"], "deal_id"])
    return {
        "invoices": counted[~counted["deal_id"].isin(foreign)],
        "without a deal": counted[~counted["deal_id"].isin(known)],
    }


def _orders(won: pd.DataFrame, invoices: pd.DataFrame, accounts: dict) -> pd.DataFrame:
    """Deals won and invoices that belong to none: account_id, day_on."""
    invoices = invoices.assign(account_id=[accounts.get(("company", c)) for c in invoices["company_id"]])
    return pd.concat([won[["account_id", "day_on"]], invoices[["account_id", "day_on"]]], ignore_index=True)
