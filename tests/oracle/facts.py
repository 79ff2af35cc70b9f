"""The facts the metrics count: frames with a day, the dimensions and what is added up (money in paisa)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd

from tests.oracle import costs, history
from tests.oracle.attribution import eligible_by_account, first_records, path_to, settings
from tests.oracle.reading import Company, listed, words

DIMENSIONS = ("total", "channel", "segment", "region", "owner_team")
UNKNOWN = "unknown"
NOBODY = dict.fromkeys(DIMENSIONS, UNKNOWN) | {"total": "all"}
SOURCED_RULES = ("lead_source", "any_touch", "first_touch")


def frame(rows: list[dict], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*columns, *DIMENSIONS], dtype=object)


def where(rows: pd.DataFrame, mask) -> pd.DataFrame:
    """The rows for which the mask holds, also of an empty frame."""
    return rows[np.fromiter(map(bool, mask), dtype=bool, count=len(rows))]


def dimensions(row, team: str | None) -> dict[str, str]:
    said = {"channel": row.channel, "segment": row.segment, "region": row.region, "owner_team": team}
    return {"total": "all"} | {name: value or UNKNOWN for name, value in said.items()}


def day_or_none(company: Company, at: int | None) -> int | None:
    return None if at is None else company.calendar.day(at)


def leads(company: Company) -> pd.DataFrame:
    """A row per person: its first record's created_at and dimensions, the earliest of its records' milestones."""
    first, owners = first_records(company), history.lead_owners(company)
    teams, records = history.owner_teams(company), defaultdict(list)
    for row in company.rows("metrics.leads"):
        records[first[row.lead_id]].append(row)
    found = []
    for person, rows in records.items():
        row = next((row for row in rows if row.lead_id == person), None)
        if row is None or row.created_at is None:
            continue
        moments = {
            name: min((getattr(r, name) for r in rows if getattr(r, name) is not None), default=None)
            for name in ("mql_at", "opportunity_at")
        }
        at = {"created_at": row.created_at, "day": company.calendar.day(row.created_at)}
        at["mql_on"] = day_or_none(company, moments["mql_at"])
        found.append({"lead_id": person} | at | moments | dimensions(row, teams.get(owners.get(person))))
    return frame(found, "lead_id", "created_at", "day", "mql_at", "mql_on", "opportunity_at")


def contacts(company: Company, people: pd.DataFrame) -> pd.DataFrame:
    """Glossary, speed to lead: "inquiry to first human touch, elapsed" - of any record of the person, in days."""
    first = first_records(company)
    of_deal = {row.deal_id: first.get(row.lead_id) for row in company.rows("metrics.deals")}
    made, kept = defaultdict(list), {}
    for row in company.rows("core_activities"):
        if row.happened_at is not None:
            kept[row.ids_of] = min(row.happened_at, kept.get(row.ids_of, row.happened_at))
        if not row.is_automated and row.happened_at is not None:
            for person in {first.get(row.lead_id), of_deal.get(row.deal_id)} - {None}:
                made[person].append(row.happened_at)
    found, whose = [], {row.lead_id: row.ids_of for row in company.rows("core_leads")}
    for lead in people.to_dict("records"):
        later = [at for at in made[lead["lead_id"]] if at >= lead["created_at"]]
        # a lead from before its source kept activities: nobody knows when it was spoken to first
        if later and lead["created_at"] >= kept.get(whose.get(lead["lead_id"]), lead["created_at"] + 1):
            found.append({"day": lead["day"], "days": (min(later) - lead["created_at"]) / 8.64e10} | picked(lead))
    return frame(found, "day", "days")


def picked(row: dict) -> dict:
    return {name: row[name] for name in DIMENSIONS}


def touched(seen: list, marketing: set[str], channel: str | None) -> dict:
    """What the touches before its opportunity say of a deal, and (glossary, marketing-sourced) by each rule."""
    return {
        "influenced_by": sorted({touch.channel for touch in seen if touch.is_marketing}),
        "first_touch": bool(seen) and seen[0].is_marketing,
        "any_touch": any(touch.is_marketing for touch in seen),
        "lead_source": channel in marketing,
    }


def deals(company: Company, touches: pd.DataFrame) -> pd.DataFrame:
    """A row per deal with its days, paisa and what its touches say; in_scope: of a type that counts as revenue."""
    teams, scope = history.owner_teams(company), listed(company.context.deal_types_in_scope)
    marketing = {row.channel for row in company.rows("agreement.channels") if row.is_marketing}
    of_account, lookback, found = eligible_by_account(touches), settings(company).lookback, []
    for row in company.rows("metrics.deals"):
        before = of_account.get(row.account_id, []) if row.opportunity_at is not None else []
        facts = {name: getattr(row, name) for name in ("deal_id", "account_id", "status", "created_at", "closed_at")}
        facts |= {"row": row, "in_scope": row.deal_type is None or words(row.deal_type) in scope}
        facts |= {
            "created_on": day_or_none(company, row.created_at),
            "opportunity_on": day_or_none(company, row.opportunity_at),
            "day": day_or_none(company, row.closed_at),
        }
        facts |= {"paisa": int((row.deal_amount or 0) * 100), "has_amount": row.deal_amount is not None}
        facts |= touched(path_to(before, row.opportunity_at, lookback), marketing, row.channel)
        found.append(facts | dimensions(row, teams.get(row.owner_id)))
    names = ("deal_id account_id row status in_scope created_at closed_at created_on opportunity_on day paisa "
             "has_amount influenced_by first_touch any_touch lead_source").split()  # fmt: skip
    return frame(found, *names)


def invoices(company: Company, all_deals: pd.DataFrame) -> pd.DataFrame:
    """Counted invoices: not cancelled, with an amount and a rate; dimensions and scope are their deal's."""
    rates, void = costs.rates_of(company), listed(company.context.invoice_statuses_not_counted)
    accounts = {(row.entity, row.record_id): row.account_id for row in company.rows("identity.accounts")}
    of_deal, found = {deal["deal_id"]: deal for deal in all_deals.to_dict("records")}, []
    for row in company.rows("core_invoices"):
        paisa = rates.paisa(row.amount, row.currency, row.issued_on)
        if paisa is None or row.issued_on is None or words(row.status) in void:
            continue
        deal = of_deal.get(row.deal_id)
        account = accounts.get(("company", row.company_id)) or (deal and deal["account_id"])
        facts = {"invoice_id": row.invoice_id, "account_id": account, "day": row.issued_on, "paisa": paisa}
        facts |= {"with_deal": deal is not None, "in_scope": deal is None or deal["in_scope"]}
        facts |= {rule: deal is not None and deal[rule] for rule in SOURCED_RULES}
        found.append(facts | (picked(deal) if deal else NOBODY))
    names = ("invoice_id", "account_id", "day", "paisa", "with_deal", "in_scope", *SOURCED_RULES)
    return frame(found, *names)


def orders(company: Company, all_deals: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """An account's orders, first to last: won deals in scope, and invoices without a deal; ties: deal first, then id.

    place is 0 for the account's first order; second_month marks its first order outside the first one's month."""
    referred = {row.deal_id for row in company.rows("core_deals") if row.referred_by is not None}
    found = []
    for deal in all_deals.to_dict("records"):
        if deal["in_scope"] and deal["status"] == "won" and deal["day"] and deal["account_id"]:
            key = {"order": (deal["day"], 0, deal["deal_id"]), "referred": deal["deal_id"] in referred}
            found.append(key | {n: deal[n] for n in ("account_id", "day", "paisa", "has_amount")} | picked(deal))
    for row in counted.to_dict("records"):
        if not row["with_deal"] and row["account_id"]:
            key = {"order": (row["day"], 1, row["invoice_id"]), "referred": False, "has_amount": True}
            found.append(key | {n: row[n] for n in ("account_id", "day", "paisa")} | NOBODY)
    found = sorted((row for row in found if row["day"] <= company.last_on), key=lambda row: row["order"])
    number, months = defaultdict(int), defaultdict(set)
    for row in found:
        account, at = row["account_id"], date.fromordinal(row["day"])
        row["place"], number[account] = number[account], number[account] + 1
        row["second_month"] = len(months[account]) == 1 and (at.year, at.month) not in months[account]
        months[account].add((at.year, at.month))
    return frame(found, "account_id", "day", "paisa", "has_amount", "referred", "place", "second_month")


def customers(placed: pd.DataFrame) -> pd.DataFrame:
    """Glossary: new customer = no earlier order; the dimensions of a customer are those of its first order."""
    return where(placed, placed.place == 0)


def repeaters(placed: pd.DataFrame) -> pd.DataFrame:
    """Glossary: "customers with orders in two or more months", on the day they became one."""
    firsts = {row.account_id: row._asdict() for row in customers(placed).itertuples(index=False)}
    again = where(placed, placed.second_month)
    return frame([{"day": row.day} | picked(firsts[row.account_id]) for row in again.itertuples(index=False)], "day")
