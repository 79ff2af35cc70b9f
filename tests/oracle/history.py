"""What was true of a deal or a lead at an earlier moment: the last change before it, else the first one's old value."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

from tests.oracle.costs import Rates, rates_of
from tests.oracle.reading import Company, words

ALWAYS, FOREVER = -(2**62), 2**62


def histories(company: Company, name: str, key: str) -> dict[tuple, list]:
    """(record, field) -> its changes in the order they were made."""
    found = defaultdict(list)
    for row in company.rows(name):
        found[getattr(row, key), words(row.field)].append(row)
    for changes in found.values():
        changes.sort(key=lambda row: (row.changed_at, row.source_row or 0))
    return found


def just_before(changes: list, at: int) -> tuple[str | None, int | None]:
    """(the value just before the moment, when it was set; None: before any change)."""
    earlier = [row for row in changes if row.changed_at < at]
    return (earlier[-1].new, earlier[-1].changed_at) if earlier else (changes[0].old, None)


def stretches(changes: list) -> list[tuple[int, int, str | None]]:
    """(from, to, value): the value held just before every moment m with from < m <= to."""
    starts = [ALWAYS, *(row.changed_at for row in changes)]
    values = [changes[0].old, *(row.new for row in changes)]
    return list(zip(starts, [*starts[1:], FOREVER], values))


def number(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").replace(",", "").strip())
    except InvalidOperation:
        return None


def day(text: str | None) -> int | None:
    try:
        return date.fromisoformat((text or "").strip()[:10]).toordinal()
    except ValueError:
        return None


class Deals:
    """The state of every deal at earlier moments."""

    def __init__(self, company: Company):
        self.changes = histories(company, "core_deal_changes", "deal_id")
        self.core = {row.deal_id: row for row in company.rows("core_deals")}
        self.rates: Rates = rates_of(company)
        self.calendar = company.calendar
        stages = company.rows("agreement.stages")
        self.statuses = {words(row.source_word): words(row.status) for row in stages if words(row.entity) == "deal"}

    def open_stretches(self, deal) -> list[tuple[int, int]]:
        """(from, to): open just before every moment m with from < m <= to.

        By the stage history, an unknown word is open; without one: open until closed_at, then its status."""
        changes = self.changes.get((deal.deal_id, "stage"))
        if changes:
            held = stretches(changes)
            return [(a, b) for a, b, word in held if (self.statuses.get(words(word)) or "open") == "open"]
        if (deal.status or "open") == "open":
            return [(ALWAYS, FOREVER)]
        return [] if deal.closed_at is None else [(ALWAYS, deal.closed_at)]

    def is_open(self, deal, at: int) -> bool:
        return any(start < at <= end for start, end in self.open_stretches(deal))

    def amount(self, deal, at: int) -> int | None:
        """Paisa. Glossary: "converted at the rate of the event that set them, never revalued"."""
        amounts = self.changes.get((deal.deal_id, "amount"))
        currencies = self.changes.get((deal.deal_id, "currency"))
        if not amounts and not currencies:
            return None if deal.deal_amount is None else int(deal.deal_amount * 100)
        core = self.core[deal.deal_id]
        text, amount_at = just_before(amounts, at) if amounts else (str(core.amount), None)
        currency, currency_at = just_before(currencies, at) if currencies else (core.currency, None)
        times = [moment for moment in (amount_at, currency_at) if moment is not None]
        set_at = max(times) if times else deal.created_at
        set_on = None if set_at is None else self.calendar.day(set_at)
        return self.rates.paisa(number(text), currency, set_on)

    def due(self, deal, at: int) -> int | None:
        """expected_close_on as it was."""
        changes = self.changes.get((deal.deal_id, "expected_close_on"))
        if changes:
            return day(just_before(changes, at)[0])
        return self.core[deal.deal_id].expected_close_on if deal.deal_id in self.core else None


def lead_owners(company: Company) -> dict[str, str | None]:
    """The owner of each lead at AS_OF; a changed owner's value is an id without its prefix.

    A change after AS_OF tells what held before it: its old value.
    """
    changes, found = histories(company, "core_lead_changes", "lead_id"), {}
    for row in company.rows("core_leads"):
        of_lead = changes.get((row.lead_id, "owner"))
        if not of_lead:
            found[row.lead_id] = row.owner_id
            continue
        owner = just_before(of_lead, company.context.as_of_at + 1)[0]
        found[row.lead_id] = f"{of_lead[0].ids_of}:{owner.strip()}" if words(owner) else None
    return found


def owner_teams(company: Company) -> dict[str, str | None]:
    """User -> team; with the manager where that one is of the same team, or itself where it manages one of them."""
    users = {row.user_id: row for row in company.rows("core_users")}
    leading = {
        (user.manager_id, words(user.team)) for user in users.values() if user.manager_id is not None and user.team
    }
    found = {}
    for user in users.values():
        manager = users.get(user.manager_id)
        if user.team and manager is not None and words(manager.team) == words(user.team):
            found[user.user_id] = f"{user.team}: {manager.name}"
        elif (user.user_id, words(user.team)) in leading:
            found[user.user_id] = f"{user.team}: {user.name}"
        else:
            found[user.user_id] = user.team
    return found
