"""One deal as its source tells it, at any instant."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from onefunnel.judge.history import Rates
from onefunnel.judge.instants import instant, local_date
from onefunnel.judge.rules import Agreement
from onefunnel.judge.words import money

ZOHO_TYPES = {"new business": "new", "existing business": "repeat"}
PAISA = Decimal("0.01")
# the same few words stand in many cells
money_of = lru_cache(2**16)(money)
instant_of = lru_cache(2**16)(instant)


@dataclass
class Deal:
    """One deal as it stands at AS_OF, and as its cells read at any instant before; instants in microseconds."""

    cells: dict
    as_of: int
    changes: dict[str, list[tuple[int, str | None, str | None]]] = field(default_factory=dict)
    stage: str | None = None
    status: str | None = None
    deal_amount: Decimal | None = None
    opportunity_at: int | None = None
    closed_at: int | None = None
    is_closed_since: bool = False  # it closed after AS_OF, and nothing had been heard of it by then
    gone_at: int | None = None  # when it was deleted
    linked_at: int | None = None  # when it was first seen with its lead, where it had been seen without

    @property
    def deal_type(self) -> str | None:
        """As the source says, Zoho's own two words in ours."""
        told = self.cells["deal_type"]
        return ZOHO_TYPES.get((told or "").lower(), told) if self.cells["_kind"] == "zoho_crm" else told

    @property
    def lead_id(self) -> str | None:
        """The lead that the deal itself names."""
        return f"{self.cells['_ids_of']}:{self.cells['lead_id']}" if self.cells["lead_id"] else None

    def at(self, name: str, moment: int) -> str | None:
        """The cell as it stood: the last change's new value, else the first one's old, else the current one.

        In which stage a deal was that has closed since, nobody knows without a change of it."""
        changes = self.changes.get(name)
        if not changes:
            return None if name == "stage" and self.is_closed_since else self.cells[name]
        place = bisect_right(changes, moment, key=lambda change: change[0])
        return changes[place - 1][2] if place else changes[0][1]

    def set_at(self, moment: int, *names: str) -> int:
        """When the last of these cells took the value it had at the moment."""
        changed = [c[0] for name in names for c in self.changes.get(name, []) if c[0] <= moment]
        return max(changed, default=self.cells["born"])

    def instant(self, cell: str | None) -> int | None:
        """The instant that a cell of this deal's source names."""
        return instant_of(cell, self.cells["zone"], self.cells["day_first"])

    def currency(self, moment: int) -> str | None:
        """As the source writes it, beside the amount or in it, or declares it."""
        told = self.at("currency", moment) if self.changes.get("currency") else currency_of(self.cells)
        return told.upper() if told else None

    def worth(self, moment: int, agreement: Agreement, rates: Rates) -> Decimal | None:
        """In the reporting currency, at the rate of the day on which amount and currency had last been set."""
        amount, currency = money_of(self.at("amount", moment))[0], self.currency(moment)
        if amount is None or currency is None:
            return None
        amount = amount.quantize(PAISA, ROUND_HALF_UP)
        if currency == agreement.currency:
            return amount
        rate = rates.on(currency, local_date(self.set_at(moment, "amount", "currency"), agreement.zone))
        return None if rate is None else (amount * rate).quantize(PAISA, ROUND_HALF_UP)


def currency_of(cells: dict) -> str | None:
    """As the record has it: beside the amount, in it, or declared for the whole source."""
    return cells["currency"] or money_of(cells["amount"])[1] or cells["_currency"]
