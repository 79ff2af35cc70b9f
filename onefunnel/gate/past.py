"""What each deal in scope was at each instant, again from the raw lake: the gate's own side of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

from onefunnel.gate.channels import Rules, channel_of, first_words, read_rules
from onefunnel.gate.deal import Deal, instant_of
from onefunnel.judge.history import Lead, Rates
from onefunnel.judge.instants import instant, local_date
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.verdict import read_rates
from onefunnel.judge.words import normal

MOVING = ("stage", "amount", "currency", "expected_close_on", "forecast_category")
OPEN, SCRUBBED, OMITTED = "open", "scrubbed", "omitted"


@dataclass(frozen=True, slots=True)
class State:
    """What a deal brings to which cell of the pipeline while it is open; amount in the reporting currency."""

    status: str
    source: str
    quarter: str
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class Origin:
    """The channel of a deal, and the one it had before its lead was known, until changed_at (None: it never had)."""

    source: str
    before: str
    changed_at: int | None

    def at(self, moment: int) -> str:
        return self.before if self.changed_at is not None and moment < self.changed_at else self.source


@dataclass
class Past:
    """The deals in scope, also those deleted since, by deal_id, and how their words and amounts are read."""

    deals: dict[str, Deal]
    origins: dict[str, Origin]
    statuses: dict[str, str]
    categories: dict[str, str]
    rates: Rates
    agreement: Agreement
    as_of: int

    @cached_property
    def last_day(self) -> date:
        """The day that ends at AS_OF, or that it lies in."""
        return local_date(self.as_of - 1, self.agreement.zone)

    def day_of(self, moment: int) -> date:
        """The local day it counts on; what happens at AS_OF itself is of the last day."""
        return min(local_date(moment, self.agreement.zone), self.last_day)

    def states(self, deal_id: str) -> Iterator[tuple[int, State]]:
        """(since when, what it was), from its creation to AS_OF; neighbours may be the same."""
        deal = self.deals[deal_id]
        closed_at = self._closed_at(deal)
        moments = {change[0] for name in MOVING for change in deal.changes.get(name, ())}
        moments |= {deal.cells["born"], closed_at, deal.gone_at, self.origins[deal_id].changed_at}
        for moment in sorted(m for m in moments if m is not None and deal.cells["born"] <= m <= self.as_of):
            yield moment, self.state(deal_id, moment)

    def state(self, deal_id: str, moment: int) -> State:
        deal = self.deals[deal_id]
        return State(
            status=self._status(deal, moment),
            source=self.origins[deal_id].at(moment),
            quarter=self.quarter(deal, moment),
            amount=deal.worth(moment, self.agreement, self.rates),
            currency=deal.currency(moment),
        )

    def quarter(self, deal: Deal, moment: int) -> str:
        """The fiscal quarter, as FY26-Q1, of the date on which it was then expected to close."""
        cells = deal.cells
        starts_in = int(self.agreement.settings["fiscal_year_start_month"])
        return _quarter(deal.at("expected_close_on", moment), cells["zone"], cells["day_first"], starts_in)

    def is_omitted(self, deal: Deal, moment: int) -> bool:
        """A category that has no history says nothing of the time before its record closed."""
        has_history = bool(deal.changes.get("forecast_category"))
        if not has_history and self._said(deal.cells["stage"]) != OPEN:
            return False
        return self.categories.get(normal(deal.at("forecast_category", moment))) == OMITTED

    def _status(self, deal: Deal, moment: int) -> str:
        if deal.gone_at is not None and deal.gone_at <= moment:
            return SCRUBBED
        status, closed_at = self._said(deal.at("stage", moment)), self._closed_at(deal)
        if status != OPEN and not deal.changes.get("stage") and closed_at is not None and closed_at > moment:
            status = OPEN  # when it closed is all that is known of its stages
        return SCRUBBED if status == OPEN and self.is_omitted(deal, moment) else status

    def _said(self, word: str | None) -> str:
        return self.statuses.get(normal(word)) or OPEN

    def _closed_at(self, deal: Deal) -> int | None:
        told = deal.instant(deal.cells["closed_at"])
        return told if told is not None and told <= self.as_of else None


@lru_cache(2**16)
def _quarter(text: str | None, zone: str, day_first: bool, starts_in: int) -> str:
    due = instant_of(text, zone, day_first)
    if due is None:
        return "none"
    day = local_date(due, zone)
    months = day.year * 12 + day.month - starts_in
    return f"FY{(months // 12 + (starts_in > 1)) % 100:02d}-Q{months % 12 // 3 + 1}"


def read_past(
    lake: Lake, folder: Path, agreement: Agreement, deals: dict[str, Deal], leads: dict[str, Lead], cells: dict
) -> Past:
    """deals: all that were ever known. cells: the leads' raw ones, by lead_id."""
    types = {normal(word) for word in (agreement.settings["deal_types_in_scope"] or "").split(";")}
    scoped = {key: deal for key, deal in deals.items() if normal(deal.deal_type) in (None, *types)}
    found = lake.con.execute("select _ids_of || ':' || _key, type from campaigns where is_chosen and fate = 'out'")
    campaigns, rules, converted = dict(found.fetchall()), read_rules(folder), _converted(cells, lake.as_of)
    origins = {}
    for key, deal in scoped.items():
        lead = leads.get(deal.lead_id or converted.get(key))
        of_lead = channel_of(rules, **first_words(lead, cells[lead.lead_id], campaigns)) if lead else None
        origins[key] = _origin(deal, of_lead, _own_channel(rules, deal, campaigns), key in converted)
    lines = [line for line in rows_of(folder, "stages") if line["entity"] == "deal"]
    statuses = {normal(line["source_word"]): normal(line["status"]) for line in lines}
    categories = {normal(line["source_word"]): line["category"] for line in rows_of(folder, "forecast_categories")}
    return Past(scoped, origins, statuses, categories, read_rates(lake, agreement), agreement, lake.as_of)


def _converted(cells: dict, as_of: int) -> dict[str, str]:
    """deal_id -> the first by id of the leads that were converted into it."""
    found = {}
    for lead_id in sorted(cells, reverse=True):
        row = cells[lead_id]
        at = instant(row["converted_at"], row["zone"], row["day_first"])
        if row["converted_deal_id"] and (at is None or at <= as_of):
            found[f"{row['_ids_of']}:{row['converted_deal_id']}"] = lead_id
    return found


def _own_channel(rules: Rules, deal: Deal, campaigns: dict[str, str]) -> str:
    campaign = campaigns.get(f"{deal.cells['_ids_of']}:{deal.cells['campaign_id']}")
    return channel_of(rules, lead_source=deal.cells["lead_source"], campaign_type=campaign)


def _origin(deal: Deal, of_lead: str | None, own: str, is_converted: bool) -> Origin:
    """When a conversion named the lead nobody knows."""
    source = of_lead or own
    return Origin(source, own, None if source == own or is_converted else deal.linked_at)
