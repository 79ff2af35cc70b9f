"""What sales heard, wherever it was told: in its log, in a call, as the reason of a loss. Each counts once."""

from __future__ import annotations

from typing import NamedTuple

from tests.oracle.reading import words
from tests.oracle_sla.given import Given


class Heard(NamedTuple):
    """One telling: `about` is what it may be told of again, `kind` what makes two tellings one objection."""

    objection_id: str
    found_in: str
    raised_at: int
    logged_at: int | None
    owner_id: str | None
    about: frozenset
    kind: tuple | None


def that_count(given: Given) -> list[Heard]:
    """A reason of a loss that was told before, of the deal or of its lead alone, is left out."""
    listed = {
        (row.found_in, row.source_word): row.category for row in given.company.rows("agreement.objection_categories")
    }
    deals = {row.deal_id: row for row in given.company.rows("metrics.deals")}
    told = [*of_the_sheet(given, listed, deals), *of_calls(given, listed, deals)]
    found = list(told)
    for loss in of_losses(given, listed, deals):
        if not any(one.kind == loss.kind and one.about & loss.about and one.raised_at < loss.raised_at for one in told):
            found.append(loss)
    return found


def kind(listed: dict, found_in: str, word: str | None) -> tuple | None:
    """The agreement's category; where it has none, the word itself."""
    word = words(word)
    category = listed.get((found_in, word))
    return ("a category", category) if category else ("a word", word) if word else None


def record(row, deals: dict) -> frozenset:
    """The deal where we know it, else the lead."""
    if row.deal_id in deals:
        return frozenset({("deal", row.deal_id)})
    return frozenset({("lead", row.lead_id)} if row.lead_id else ())


def of_the_sheet(given: Given, listed: dict, deals: dict) -> list[Heard]:
    """Entries that were there at AS_OF; one that does not say when it was written is taken to have been."""
    return [
        Heard(
            *(row.objection_id, "sheet", row.raised_at, row.logged_at, row.owner_id),
            *(record(row, deals), kind(listed, "sheet", row.category)),
        )
        for row in given.company.rows("core_objections")
        if row.logged_at is None or row.logged_at <= given.as_of
    ]


def of_calls(given: Given, listed: dict, deals: dict) -> list[Heard]:
    """What people did whose outcome is agreed to be an objection; told and logged at once."""
    found = []
    for row in given.company.rows("core_activities"):
        if listed.get(("call_outcome", words(row.outcome))) and not row.is_automated:
            at, mine = row.happened_at, (record(row, deals), kind(listed, "call_outcome", row.outcome))
            found.append(Heard(f"activity:{row.activity_id}", "call_outcome", at, at, row.owner_id, *mine))
    return found


def of_losses(given: Given, listed: dict, deals: dict) -> list[Heard]:
    """Why a deal was lost, in whatever words, at its closing."""
    reasons = {row.deal_id: row.lost_reason for row in given.company.rows("core_deals")}
    found = []
    for deal_id, deal in deals.items():
        why = kind(listed, "lost_reason", reasons.get(deal_id))
        if deal.status == "lost" and deal.closed_at is not None and why:
            about = frozenset({("deal", deal_id), ("lead", deal.lead_id)} if deal.lead_id else {("deal", deal_id)})
            found.append(Heard(f"deal:{deal_id}", "lost_reason", deal.closed_at, deal.closed_at, None, about, why))
    return found
