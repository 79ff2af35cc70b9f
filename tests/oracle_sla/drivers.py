"""What each dispute is about, and how common the same is where both sides call a lead not qualified."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from math import sqrt
from typing import NamedTuple

from tests.oracle.reading import words
from tests.oracle_sla.agreement import ALL, UNKNOWN, Z
from tests.oracle_sla.given import CRITERIA, Given

TAKEN, REFUSED = "definition fails, sales advances", "definition passes, sales rejects"
PERIODS = ("month", "fiscal_quarter", "fiscal_year")
NO_WORD = "no reason known"
KEYS = ["period_kind", "period_start_on", "segment", "dispute", "driver"]


class Refusal(NamedTuple):
    """A handover that somebody calls not qualified, in one of the disputes; what for: driver -> its criterion."""

    handover_id: str
    is_agreed: bool
    what_for: dict[str, str | None]
    is_by_definition: bool
    won: list | None  # the amounts of its lead's won deals


def dispute_drivers(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per period, segment, dispute and what at least one handover in it is disputed for."""
    segments = {row.lead_id: row.segment or UNKNOWN for row in given.company.rows("metrics.leads")}
    calendar, cut = given.company.calendar, defaultdict(list)
    judged = {row["handover_id"]: row for row in handovers}
    won = defaultdict(list)
    for deal in given.company.rows("metrics.deals"):
        if words(deal.status) == "won":
            won[deal.lead_id].append(deal.deal_amount)
    for fact in given.company.rows("metrics.handovers"):
        if fact.agreement_version not in given.terms:
            continue
        for dispute, refusal in refusals(given, fact, judged[fact.handover_id], won.get(fact.lead_id)):
            for kind in PERIODS:
                start = calendar.period(kind, calendar.day(fact.handed_over_at)).start
                for segment in (segments[fact.lead_id], ALL):
                    cut[kind, start, segment, dispute].append(refusal)
    return [row for key, found in cut.items() for row in driver_rows(given, key, found)]


def refusals(given: Given, fact, row: dict, won: list | None) -> list[tuple[str, Refusal]]:
    """In which disputes the handover counts: in dispute, or as one that both refuse."""
    verdict, is_met = row["sales_verdict"], bool(fact.definition_met)
    if verdict not in ("qualified", "not_qualified"):
        return []
    both, found = verdict == "not_qualified" and not is_met, []
    if not is_met:
        found.append((TAKEN, Refusal(fact.handover_id, both, missed(fact), True, won)))
    if verdict == "not_qualified":
        word = row["disposition"] or NO_WORD
        found.append((REFUSED, Refusal(fact.handover_id, both, {word: denied(given, word)}, False, won)))
    return found


def missed(fact) -> dict[str, str]:
    """Glossary: "false or null in any: not qualified, each named"."""
    told = {name: (name.replace("_", " "), getattr(fact, f"{name}_fits")) for name in CRITERIA}
    return {
        f"unknown: {words}" if fit is None else f"not {words}": words for words, fit in told.values() if fit is not True
    }


def denied(given: Given, disposition: str) -> str | None:
    """The criterion that sales says is missing, by the agreement's line on its word."""
    named = {line["disposition"]: line.get("criterion") for line in given.disposition_words.values()}
    return (named.get(disposition) or "").replace("_", " ").lower() or None


def driver_rows(given: Given, key: tuple, found: list[Refusal]) -> list[dict]:
    disputed, agreed = [r for r in found if not r.is_agreed], [r for r in found if r.is_agreed]
    fewest, rows = int(given.setting("signal_min_cases")), []
    for driver, criterion in {item for refusal in disputed for item in refusal.what_for.items()}:
        mine, same = ([r for r in side if driver in r.what_for] for side in (disputed, agreed))
        alone = [r for r in mine if r.is_by_definition and len(r.what_for) == 1]
        won = [r.won for r in mine if r.won]
        rows.append(
            dict(zip(KEYS, (*key, driver)))
            | {"criterion": criterion, "disputes": len(mine), "all_disputes": len(disputed)}
            | {"only_criterion_disputes": len(alone) if key[3] == TAKEN else None}
            | {"agreed": len(same), "all_agreed": len(agreed), "won": len(won)}
            | {"won_amount": sum((amount or 0 for amounts in won for amount in amounts), Decimal("0.00"))}
            | compared(len(mine), len(disputed), len(same), len(agreed), fewest)
        )
    return rows


def compared(x: int, n: int, y: int, m: int, fewest: int) -> dict:
    """The shares x of n and y of m, each with its interval, and how far apart they are."""
    (share, low, high), (other, other_low, other_high) = wilson(x, n), wilson(y, m)
    apart = apart_low = apart_high = None
    if m:
        apart = share - other
        apart_low = apart - sqrt((share - low) ** 2 + (other_high - other) ** 2)
        apart_high = apart + sqrt((high - share) ** 2 + (other - other_low) ** 2)
    if min(n, m) < fewest:
        status = "few cases"
    elif apart_low > 0:
        status = "drives the dispute"
    else:
        status = "rarer in the dispute" if apart_high < 0 else "as common where both agree"
    return {
        "dispute_share": share,
        "dispute_share_low": low,
        "dispute_share_high": high,
        "agreed_share": other,
        "agreed_share_low": other_low,
        "agreed_share_high": other_high,
        "share_difference": apart,
        "share_difference_low": apart_low,
        "share_difference_high": apart_high,
        "lift": x * m / (y * n) if y else None,
        "status": status,
    }


def wilson(x: int, n: int) -> tuple[float | None, float | None, float | None]:
    """A share with the 95 % interval of the shares from which it is less than z standard errors away (Wilson 1927)."""
    if not n:
        return None, None, None
    middle, half = (x + Z * Z / 2) / (n + Z * Z), Z * sqrt(x * (n - x) / n + Z * Z / 4) / (n + Z * Z)
    return x / n, 0.0 if x == 0 else middle - half, 1.0 if x == n else middle + half
