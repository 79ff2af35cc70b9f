"""What is told of many handovers at once: how long they took, and what sales still owes an outcome."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from tests.oracle.reading import words
from tests.oracle_sla.drivers import denied
from tests.oracle_sla.given import Given

ALL, UNKNOWN = "(all)", "unknown"
PERIODS = ("month", "fiscal_quarter")
SHARES = {"median": Fraction(1, 2), "p90": Fraction(9, 10)}


def percentile(values: list[float], share: Fraction) -> float | None:
    """The value at the share of the way from the smallest to the largest, linear between two neighbours."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = place.numerator // place.denominator
    above = min(below + 1, len(ordered) - 1)
    return float(Fraction(ordered[below]) + (place - below) * (Fraction(ordered[above]) - Fraction(ordered[below])))


def handover_delays(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per period, team and channel, and of all of them, of what was handed over under an agreement."""
    facts = {row.handover_id: row for row in given.company.rows("metrics.handovers")}
    cut = defaultdict(list)
    for row in handovers:
        fact = facts[row["handover_id"]]
        if row["agreement_version"] is None:
            continue
        day = given.company.calendar.day(fact.handed_over_at)
        for kind in PERIODS:
            start = given.company.calendar.period(kind, day).start
            for team in (row["contact_owner_team"], ALL):
                for channel in (fact.channel, ALL):
                    cut[kind, start, team, channel].append(row)
    return [delay_row(key, rows) for key, rows in cut.items()]


def delay_row(key: tuple, rows: list[dict]) -> dict:
    told = [row for row in rows if not row["contact_status"].startswith("unavailable")]
    answered = [row for row in told if row["first_contact_at"] is not None]
    qualified = [row for row in rows if row["mql_to_handover_hours"] is not None]
    lengths = {
        "system_delay": [row["system_delay_hours"] for row in rows],
        "mql_to_handover": [row["mql_to_handover_hours"] for row in qualified],
        "response_business": [row["response_business_hours"] for row in answered],
        "response_elapsed": [row["response_elapsed_hours"] for row in answered],
    }
    counts = {"handovers": len(rows), "contacted": len(answered), "unavailable": len(rows) - len(told)}
    counts |= {"qualified": len(qualified)}
    return dict(zip(("period_kind", "period_start_on", "team", "channel"), key)) | counts | {
        f"{what}_{name}_hours": percentile(hours, share)
        for what, hours in lengths.items()
        for name, share in SHARES.items()
    }  # fmt: skip


def bands(given: Given) -> list[tuple[str, int, int]]:
    """Name, first and last whole day of each band of age that both sides agreed on; the last is open."""
    ends = [int(word) for word in given.setting("aging_bands_days").split(";")]
    starts = [0, *(end + 1 for end in ends)]
    named = [(f"{start}-{end} days", start, end) for start, end in zip(starts, ends)]
    return [*named, (f"over {ends[-1]} days", starts[-1], 10**6)]


def handover_aging(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per band and owner: whoever owns the lead at AS_OF must act now, whoever let the deadline pass."""
    cut = defaultdict(list)
    for row in handovers:
        if row["aging_days"] is not None:
            owner = given.owner_at(row["lead_id"], given.as_of)
            (name,) = (name for name, first, last in bands(given) if first <= int(row["aging_days"]) <= last)
            cut[name, given.team(owner), owner or UNKNOWN].append(row["aging_days"])
    return [
        {
            "age_band": band,
            "team": team,
            "owner_id": owner,
            "owner_name": given.name(owner),
            "handovers": len(days),
            "oldest_days": max(days),
            "median_days": percentile(days, SHARES["median"]),
        }
        for (band, team, owner), days in cut.items()
    ]


FURTHEST = ("won", "open", "lost")


def qualification_disputes(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per handover that the definition passes and sales calls not qualified, or the other way round."""
    judged = {row["handover_id"]: row for row in handovers}
    of_account = defaultdict(list)
    for deal in given.company.rows("metrics.deals"):
        of_account[deal.account_id].append(deal)
    by_lead = defaultdict(list)
    for deal in given.company.rows("metrics.deals"):
        by_lead[deal.lead_id].append(deal)
    found = []
    for row in given.company.rows("metrics.handovers"):
        told, lead = judged[row.handover_id], given.published_leads[row.lead_id]
        verdict = told["sales_verdict"]
        if row.agreement_version not in given.terms:
            continue
        if (verdict, bool(row.definition_met)) not in (("qualified", False), ("not_qualified", True)):
            continue
        same = [] if lead.account_id is None else of_account[lead.account_id]
        later = outcome([deal for deal in same if deal.created_at >= row.handed_over_at])
        of_lead = outcome(by_lead[row.lead_id])
        found.append(
            {"handover_id": row.handover_id, "record_url": lead.record_url, "company_name": lead.company_name}
            | {"owner_id": told["owner_id"], "owner_name": told["owner_name"]}
            | {"criterion_denied": denied(given, told["disposition"]) if verdict == "not_qualified" else None}
            | {"later_outcome": of_lead[0], "later_amount": of_lead[1]}
            | {"account_outcome": later[0], "account_amount": later[1]}
        )
    return found


def outcome(deals: list) -> tuple[str, object]:
    """How far the furthest of the deals have come, and what those are worth together."""
    for status in FURTHEST:
        reached = [deal for deal in deals if words(deal.status) == status]
        if reached:
            amounts = [deal.deal_amount for deal in reached if deal.deal_amount is not None]
            return status, sum(amounts) if amounts else None
    return "no deal", None
