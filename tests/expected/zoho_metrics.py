"""What metrics.shared_metrics and touch_credit must say of the Zoho CRM export, counted a second time.

Like zoho_export.py, whose reading of cells it uses: standard library only, nothing of onefunnel and
none of its SQL. The definitions are the glossary's, the words and settings the example's agreement's.
All times of the export are on the company's clock, so days are read off them without conversion.

    python -m tests.expected.zoho_metrics /path/to/export    stores the result beside this file
"""

import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.expected import zoho_export as export
from tests.expected.zoho_export import instant, money, word

STORED = Path(__file__).with_suffix(".json")
DAY = timedelta(days=1)
UNITS = 10**9
NO_TOUCH = "no marketing touch"


def setting(name: str) -> str:
    """A setting of the example's agreement."""
    return next(row["value"] for row in export.agreed("settings.csv") if row["setting"] == name)


def periods(day: date) -> dict[str, str]:
    """Period kind -> first day of the fiscal year, fiscal quarter and month in which a day lies."""
    opens = int(setting("fiscal_year_start_month"))
    months = day.year * 12 + day.month - 1
    into_year = (day.month - opens) % 12
    starts = {"month": months, "fiscal_quarter": months - into_year % 3, "fiscal_year": months - into_year}
    return {kind: date(n // 12, n % 12 + 1, 1).isoformat() for kind, n in starts.items()}


def channel_rules() -> tuple[dict[str, str], dict[str, str], set[str]]:
    """(lead source -> channel, campaign type -> channel, marketing's channels)."""
    rules = export.agreed("channels.csv")
    by_source = {word(r["lead_source"]): r["channel"] for r in rules if r["lead_source"]}
    by_type = {word(r["campaign_type"]): r["channel"] for r in rules if r["campaign_type"]}
    return by_source, by_type, {r["channel"] for r in rules if r["is_marketing"] == "true"}


def sums(pairs) -> dict:
    """Sum of the values by key, in the order of the keys."""
    found = defaultdict(int)
    for key, value in pairs:
        found[key] += value
    return dict(sorted(found.items()))


def nested(triples) -> dict:
    """Sum of the values by outer and inner key."""
    outer = defaultdict(list)
    for first, second, value in triples:
        outer[first].append((second, value))
    return {first: sums(outer[first]) for first in sorted(outer)}


def percentile(values: list[Fraction], share: Fraction) -> float:
    """Linearly interpolated between the two nearest ranks."""
    ranked = sorted(values)
    at = share * (len(ranked) - 1)
    low = int(at)
    high = min(low + 1, len(ranked) - 1)
    return float(ranked[low] + (ranked[high] - ranked[low]) * (at - low))


def spread_of(values: list[Fraction]) -> dict:
    """Median and 90th percentile as text that reads back as the same double."""
    if not values:
        return {"median": None, "p90": None}
    return {"median": repr(percentile(values, Fraction(1, 2))), "p90": repr(percentile(values, Fraction(9, 10)))}


def days_between(begin: datetime, end: datetime) -> Fraction:
    return Fraction((end - begin) // timedelta(microseconds=1), 86_400_000_000)


def split(total: int, weights: list[int]) -> list[int]:
    """A whole number divided by weights, the remainder to the largest fractions, then to the earlier."""
    shares = [divmod(total * w, sum(weights)) for w in weights]
    parts = [share for share, _ in shares]
    for i in sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))[: total - sum(parts)]:
        parts[i] += 1
    return parts


class Deal:
    """A potential with what the metrics ask of it."""

    def __init__(self, row: dict, lead: dict, by_source: dict[str, str], stages: dict[str, str]):
        self.lead_id = row["LEADID"]
        self.campaign_id = row["Campaign Id"]
        self.amount = money(row["Amount"])
        self.status = stages[word(row["Stage"])]
        self.created_at = instant(row["Created Time"])
        self.closed_at = instant(row["Closing Date"]) if self.status != "open" else None
        self.lead_created_at = instant(lead["Created Time"])
        self.channel = by_source[word(lead["Lead Source"])]
        self.own_channel = by_source.get(word(row["Lead Source"]), "unmapped")


def read_deals(tables: dict[str, list[dict]]) -> list[Deal]:
    stages = {word(r["source_word"]): r["status"] for r in export.agreed("stages.csv") if r["entity"] == "deal"}
    leads = {lead["LEADID"]: lead for lead in tables["leads"]}
    by_source = channel_rules()[0]
    return [Deal(row, leads[row["LEADID"]], by_source, stages) for row in tables["deals"]]


def closings(deals: list[Deal]) -> dict:
    """Won and lost by the period of their closing: numbers and amounts."""
    found = defaultdict(lambda: defaultdict(Counter))
    for deal in deals:
        if deal.closed_at:
            for kind, start in periods(deal.closed_at.date()).items():
                found[kind][start] += Counter({deal.status: 1, f"{deal.status}_amount": deal.amount})
    return {
        kind: {start: dict(sorted(starts[start].items())) for start in sorted(starts)} for kind, starts in found.items()
    }


def cycles(deals: list[Deal]) -> dict:
    """Days from created to won by fiscal year; negative ones are counted and left out."""
    found = defaultdict(list)
    for deal in deals:
        if deal.status == "won":
            found[periods(deal.closed_at.date())["fiscal_year"]].append(days_between(deal.created_at, deal.closed_at))
    return {
        year: {
            "won": len(found[year]),
            "negative": sum(days < 0 for days in found[year]),
            **spread_of([days for days in found[year] if days >= 0]),
        }
        for year in sorted(found)
    }


def daily_cost(campaigns: list[dict], last_on: date):
    """(day, channel, cents) of every campaign's actual cost, spread evenly; cents by the running total."""
    by_type = channel_rules()[1]
    for row in campaigns:
        begin, end = date.fromisoformat(row["Start Date"]), date.fromisoformat(row["End Date"])
        cents, days = int(money(row["Actual Cost"]) * 100), (end - begin).days + 1
        channel = by_type.get(word(row["Type"]), "unmapped")
        for n in range(days):
            if begin + n * DAY <= last_on:
                yield begin + n * DAY, channel, cents * (n + 1) // days - cents * n // days


def costs(campaigns: list[dict], last_on: date) -> dict:
    daily = [(periods(day), channel, Decimal(cents) / 100) for day, channel, cents in daily_cost(campaigns, last_on)]
    planned = [row for row in campaigns if word(row["Status"]) == "planning"]
    return {
        "cost_by_fiscal_year_and_channel": nested((p["fiscal_year"], channel, cost) for p, channel, cost in daily),
        "cost_by_month": sums((p["month"], cost) for p, _, cost in daily),
        "cost_of_campaigns_in_planning": sum((money(row["Actual Cost"]) for row in planned), start=Decimal(0)),
    }


def actions(leads: list[dict], deals: list[Deal]) -> dict:
    """What a campaign's cost is divided by: leads and opportunities created, by year and channel of the lead."""
    by_source = channel_rules()[0]
    year = [periods(instant(lead["Created Time"]).date())["fiscal_year"] for lead in leads]
    return {
        "leads_by_fiscal_year_and_channel": nested(
            (start, by_source[word(lead["Lead Source"])], 1) for start, lead in zip(year, leads, strict=True)
        ),
        "opportunities_by_fiscal_year_and_channel": nested(
            (periods(deal.created_at.date())["fiscal_year"], deal.channel, 1) for deal in deals
        ),
    }


def named_campaigns(campaigns: list[dict], deals: list[Deal]) -> dict:
    """By the campaign's channel: its cost and the deals that name it, the one link that every deal has."""
    by_type = channel_rules()[1]
    begins = {row["CAMPAIGNID"]: date.fromisoformat(row["Start Date"]) for row in campaigns}
    channel = {row["CAMPAIGNID"]: by_type.get(word(row["Type"]), "unmapped") for row in campaigns}
    cost = sums((channel[row["CAMPAIGNID"]], money(row["Actual Cost"])) for row in campaigns)
    found = defaultdict(Counter)
    for deal in deals:
        won = deal.status == "won"
        found[channel[deal.campaign_id]] += Counter(deals=1, won=won, won_amount=deal.amount if won else 0)
    return {
        "deals_by_channel_of_their_campaign": {c: {"cost": cost[c], **found[c]} for c in sorted(found)},
        "deals_created_before_their_campaign_starts": sum(d.created_at.date() < begins[d.campaign_id] for d in deals),
    }


def touches_of_leads(tables: dict[str, list[dict]], as_of: datetime) -> dict[str, list[tuple[datetime, str]]]:
    """lead -> (time, channel) of members that may earn credit and whose last name is borne by that lead alone."""
    by_type = channel_rules()[1]
    kinds = {row["kind"] for row in export.agreed("attribution_touch_kinds.csv")}
    type_of = {row["Campaign Name"]: row["Type"] for row in tables["campaigns"]}
    bearers = export.leads_by_name(tables["leads"])
    found = defaultdict(list)
    for member in tables["campaign_members"]:
        happened_at, ids = instant(member["Last Modified Time"]), bearers.get(word(member["Lead Last Name"]), [])
        if "campaign_" + word(member["Status"]).replace(" ", "_") in kinds and len(ids) == 1 and happened_at <= as_of:
            found[ids[0]].append((happened_at, by_type.get(word(type_of[member["Campaign Name"]]), "unmapped")))
    return {lead: sorted(touches) for lead, touches in found.items()}


def credit(deals: list[Deal], touches: dict[str, list[tuple[datetime, str]]]) -> dict:
    """Deals with and without a touch before each milestone, and the linear model's amounts by channel."""
    lookback = timedelta(
        days=next(int(r["value"]) for r in export.agreed("attribution_models.csv") if r["item"] == "lookback_days")
    )
    result = {}
    for milestone in ("opportunity", "won"):
        reached = [deal for deal in deals if milestone == "opportunity" or deal.status == "won"]
        with_touch, amounts = 0, []
        for deal in reached:
            at = deal.created_at if milestone == "opportunity" else deal.closed_at
            path = [c for when, c in touches.get(deal.lead_id, ()) if timedelta(0) <= at - when < lookback] or [
                NO_TOUCH
            ]
            cents = split(int(deal.amount * 100), split(UNITS, [1] * len(path)))
            amounts += zip(path, (Decimal(part) / 100 for part in cents), strict=True)
            with_touch += path != [NO_TOUCH]
        result[milestone] = {
            "deals": {"with a touch": with_touch, NO_TOUCH: len(reached) - with_touch},
            "linear": sums(amounts),
        }
    return {"credit": result}


def influence(deals: list[Deal], touches: dict[str, list[tuple[datetime, str]]]) -> dict:
    """By year of winning: revenue that marketing sourced by lead source, and revenue that it touched before."""
    lookback = timedelta(
        days=next(int(r["value"]) for r in export.agreed("attribution_models.csv") if r["item"] == "lookback_days")
    )
    marketing = channel_rules()[2]
    rows = {"sourced": [], "sourced_by_the_deals_own_lead_source": [], "influenced": []}
    for deal in deals:
        if deal.status == "won":
            before = [
                c for when, c in touches.get(deal.lead_id, ()) if timedelta(0) <= deal.created_at - when < lookback
            ]
            yes = (deal.channel in marketing, deal.own_channel in marketing, bool(marketing & set(before)))
            for name, counts in zip(rows, yes, strict=True):
                rows[name].append(
                    (periods(deal.closed_at.date())["fiscal_year"], deal.amount if counts else Decimal(0))
                )
    return {"marketing_revenue_by_fiscal_year": {name: sums(pairs) for name, pairs in rows.items()}}


def velocities(deals: list[Deal], last_on: date) -> dict:
    """By fiscal year, at its end or at `last_on`: open deals, and what closed in the twelve months before."""
    found = {}
    for start in sorted({periods(deal.created_at.date())["fiscal_year"] for deal in deals}):
        begin = date.fromisoformat(start)
        end = min(begin.replace(year=begin.year + 1), last_on + DAY)
        closed = [d for d in deals if d.closed_at and end.replace(year=end.year - 1) <= d.closed_at.date() < end]
        won = [d for d in closed if d.status == "won"]
        found[start] = {
            "open": sum(d.created_at.date() < end and not (d.closed_at and d.closed_at.date() < end) for d in deals),
            "won": len(won),
            "lost": len(closed) - len(won),
            "won_amount": sum((d.amount for d in won), start=Decimal(0)),
            "lost_amount": sum((d.amount for d in closed if d.status == "lost"), start=Decimal(0)),
            "median": spread_of([days_between(d.created_at, d.closed_at) for d in won])["median"],
        }
    return {"twelve_months_to_the_end_of_fiscal_year": found}


def member_links(tables: dict[str, list[dict]], deals: list[Deal]) -> dict:
    """Does a member's campaign agree with the campaign that the deal of the lead of that name states?"""
    campaign = {row["Campaign Name"]: row["CAMPAIGNID"] for row in tables["campaigns"]}
    deal_of, bearers = {deal.lead_id: deal for deal in deals}, export.leads_by_name(tables["leads"])
    found = Counter()
    for member in tables["campaign_members"]:
        ids = bearers.get(word(member["Lead Last Name"]), [])
        agree = [i for i in ids if i in deal_of and deal_of[i].campaign_id == campaign[member["Campaign Name"]]]
        if len(ids) == 1 and ids[0] in deal_of:
            found["unshared name, lead with a deal"] += 1
            found["of these: the deal states the same campaign"] += len(agree)
            found["of these: before the deal"] += instant(member["Last Modified Time"]) < deal_of[ids[0]].created_at
        elif len(ids) > 1:
            found["shared name, one bearer's deal states the campaign"] += len(agree) == 1
            found["shared name, several or no such bearer"] += len(agree) != 1
    return {"members_and_the_campaigns_of_deals": dict(found)}


def first_contacts(tables: dict[str, list[dict]]) -> dict:
    """Days from a lead's creation to its first call or meeting at or after it, by fiscal year of creation.

    A lead from before the first call or meeting of the export was spoken to as well; only nobody knows when.
    """
    contacts = defaultdict(list)
    for entity, column in (("calls", "Call Start Time"), ("events", "Start DateTime")):
        for row in tables[entity]:
            contacts[row["LEADID"]].append(instant(row[column]))
    began = min(min(times) for times in contacts.values())
    waited, before = defaultdict(list), 0
    for lead in tables["leads"]:
        created_at = instant(lead["Created Time"])
        before += created_at < began
        later = [at for at in contacts.get(lead["LEADID"], ()) if at >= created_at]
        if later and created_at >= began:
            waited[periods(created_at.date())["fiscal_year"]].append(days_between(created_at, min(later)))
    return {
        "first_activity": began.isoformat(),
        "leads_created_before_the_first_activity": before,
        "first_contact_days": {
            year: {"leads": len(waited[year]), **spread_of(waited[year])} for year in sorted(waited)
        },
    }


def invoiced(invoices: list[dict]) -> dict:
    """Invoices that carry an amount and are not in the agreement's words for no revenue; tax is not in Sub Total."""
    none = {word(status) for status in setting("invoice_statuses_not_counted").split(";")}
    counted = [row for row in invoices if row["Sub Total"] and word(row["Invoice Status"]) not in none]
    by_month = sums((periods(instant(r["Created Time"]).date())["month"], money(r["Sub Total"])) for r in counted)
    return {"invoices_counted": len(counted), "invoiced_by_month": by_month}


def expected(folder: Path, as_of: datetime) -> dict:
    """What must be published of the export in `folder` at `as_of`, amounts in USD as Decimal."""
    tables = {entity: export.rows_of(Path(folder) / file) for entity, file in export.FILES.items()}
    deals, last_on = read_deals(tables), (as_of - timedelta(microseconds=1)).astimezone(export.CLOCK).date()
    assert as_of == datetime.combine(last_on + DAY, time(), export.CLOCK), "last_on is taken to be a whole day"
    assert all(deal.closed_at is None or deal.closed_at <= as_of for deal in deals)
    touches = touches_of_leads(tables, as_of)
    return {
        "as_of": as_of.astimezone(UTC).isoformat(),
        "closings": closings(deals),
        "cycle_days_by_fiscal_year": cycles(deals),
        **velocities(deals, last_on),
        **costs(tables["campaigns"], last_on),
        **actions(tables["leads"], deals),
        **named_campaigns(tables["campaigns"], deals),
        "members_that_may_earn_credit": sum(map(len, touches.values())),
        **member_links(tables, deals),
        **credit(deals, touches),
        **influence(deals, touches),
        "deals_in_another_channel_by_their_own_lead_source": sum(d.channel != d.own_channel for d in deals),
        **first_contacts(tables),
        **invoiced(tables["invoices"]),
    }


if __name__ == "__main__":
    result = export.as_stored(expected(Path(sys.argv[1]), export.pinned_as_of()))
    STORED.write_text(result, encoding="utf-8")
