"""What onefunnel must publish about the Zoho CRM export, counted a second time.

Only csv, collections and datetime read the export here: nothing of onefunnel and none of its SQL,
so that a shared mistake cannot hide. The words of the agreement (industries, stages, channels) and
the pinned as-of instant are read from examples/zoho_export, where they are written once.

    python tests/expected/zoho_export.py /path/to/export    stores the result beside this file
"""

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "zoho_export"
STORED = Path(__file__).with_suffix(".json")
CLOCK = ZoneInfo("Asia/Kolkata")
TIME_FORMS = ("%d %b, %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
FILES = {
    "leads": "Leads.csv",
    "deals": "Potentials.csv",
    "campaigns": "Campaigns.csv",
    "campaign_members": "Campaign_Lead_Status.csv",
    "calls": "Calls.csv",
    "events": "Events.csv",
    "accounts": "Accounts.csv",
    "contacts": "Contacts.csv",
    "users": "Users.csv",
    "invoices": "Invoices.csv",
}


def pinned_as_of() -> datetime:
    """The as_of instant that the example's sources.yml pins."""
    text = (EXAMPLE / "sources.yml").read_text(encoding="utf-8")
    found = re.search(r"^as_of: (\S+)Z$", text, re.MULTILINE)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)


def rows_of(file: Path) -> list[dict]:
    """The rows of a CSV file, cells trimmed."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(lines)]


def agreed(file: str) -> list[dict]:
    """The rows of one file of the example's agreement."""
    return rows_of(EXAMPLE / "agreement" / file)


def instant(text: str) -> datetime:
    """The instant a zoneless time of the export names; ValueError where it cannot be read."""
    for form in TIME_FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=CLOCK)
        except ValueError:
            continue
    raise ValueError(f"unreadable time in the export (length {len(text)})")


def money(text: str) -> Decimal:
    """'$22,700.00' as 22700.00 and '$1,117.10K' as 1117100.00."""
    digits = text.removeprefix("$").replace(",", "")
    if digits.endswith("K"):
        return Decimal(digits[:-1]) * 1000
    return Decimal(digits)


def word(text: str) -> str:
    """The form in which two words or names are compared."""
    return " ".join(text.split()).casefold()


def counted(values) -> dict:
    """How often each value occurs, in the order of the values."""
    return dict(sorted(Counter(values).items()))


def verdict(value: bool | None) -> str:
    """A criterion's verdict as text, so that it can be a key of the stored JSON."""
    return {True: "true", False: "false", None: "null"}[value]


def week_of(text: str) -> str:
    """The Monday, on the company's clock, of the week in which a time of the export lies."""
    day = instant(text).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def leads_by_name(leads: list[dict]) -> dict[str, list[str]]:
    """last name -> ids of the leads that bear it."""
    bearers = defaultdict(list)
    for lead in leads:
        bearers[word(lead["Last Name"])].append(lead["LEADID"])
    return bearers


def leads_with_intent(leads: list[dict], members: list[dict], as_of: datetime) -> set[str]:
    """Ids of leads with enough agreed behaviours; only an unshared last name links a member."""
    bearers = leads_by_name(leads)
    intent = set()
    for rule in agreed("intent_behaviours.csv"):
        oldest = as_of - timedelta(hours=24 * int(rule["within_days"]))
        times = Counter()
        for member in members:
            kind = "campaign_" + word(member["Status"]).replace(" ", "_")
            ids = bearers.get(word(member["Lead Last Name"]), [])
            if kind == rule["kind"] and len(ids) == 1:
                times[ids[0]] += oldest < instant(member["Last Modified Time"]) <= as_of
        intent |= {lead for lead, n in times.items() if n >= int(rule["minimum_count"])}
    return intent


def industry_verdict(source_word: str) -> bool | None:
    """Whether the agreement lists the industry; None where the word is empty or unmapped."""
    ours = {word(r["source_word"]): r["industry"] for r in agreed("industries.csv")}
    rules = agreed("qualification.csv")
    listed = {r["value"] for r in rules if r["criterion"] == "industry"}
    industry = ours.get(word(source_word))
    return None if industry is None else industry in listed


def reasons(criteria: dict[str, bool | None]) -> str:
    """The text of not_qualified_reasons; criteria come in their order."""
    unmet = {False: "not ", None: "unknown: "}
    return "; ".join(unmet[fits] + name for name, fits in criteria.items() if fits is not True)


def judged(leads: list[dict], intent: set[str]) -> dict:
    """Leads by the verdict of each criterion and by the text that names the unmet ones.

    The export has neither head count nor turnover nor job title, so size and role are unknown.
    """
    fits_of = {w: industry_verdict(w) for w in {lead["Industry"] for lead in leads}}
    verdicts, texts = defaultdict(list), []
    for lead in leads:
        criteria = {
            "industry": fits_of[lead["Industry"]],
            "company size": None,
            "intent": lead["LEADID"] in intent,
            "role": None,
        }
        texts.append(reasons(criteria))
        for name, fits in criteria.items():
            verdicts[name].append(verdict(fits))
    return {
        "leads_by_verdict": {name: counted(values) for name, values in verdicts.items()},
        "leads_by_not_qualified_reasons": counted(texts),
        "leads_qualified": texts.count(""),
    }


def of_leads(leads: list[dict]) -> dict:
    """Leads by what their own columns say; weeks begin on Monday on the company's clock."""
    channels = {word(r["lead_source"]): r["channel"] for r in agreed("channels.csv")}
    channel = {r["LEADID"]: channels.get(word(r["Lead Source"]), "unmapped") for r in leads}
    weeks = defaultdict(list)
    for lead in leads:
        weeks[week_of(lead["Created Time"])].append(channel[lead["LEADID"]])
    return {
        "leads": len(leads),
        "leads_by_lead_source": counted(r["Lead Source"] for r in leads),
        "leads_by_status": counted(r["Lead Status"] for r in leads),
        "leads_by_industry": counted(r["Industry"] for r in leads),
        "leads_by_channel": counted(channel.values()),
        "leads_by_created_week": {week: len(weeks[week]) for week in sorted(weeks)},
        "leads_by_created_week_and_channel": {week: counted(weeks[week]) for week in sorted(weeks)},
    }


def of_deals(deals: list[dict], leads: list[dict]) -> dict:
    """Deals (potentials) by their columns, by their lead, and their amounts by our status."""
    stages = {word(r["source_word"]): r for r in agreed("stages.csv") if r["entity"] == "deal"}
    born = {lead["LEADID"]: instant(lead["Created Time"]) for lead in leads}
    source = {lead["LEADID"]: word(lead["Lead Source"]).replace(" ", "") for lead in leads}
    ours = [(deal, stages[word(deal["Stage"])]["status"]) for deal in deals]
    amounts = {}
    for deal, status in ours:
        amounts[status] = amounts.get(status, Decimal(0)) + money(deal["Amount"])
    age = [instant(d["Created Time"]) - born[d["LEADID"]] for d in deals if d["LEADID"] in born]
    return {
        "deals": len(deals),
        "deals_by_stage": counted(deal["Stage"] for deal in deals),
        "deals_by_our_stage": counted(stages[word(deal["Stage"])]["stage"] for deal in deals),
        "deals_by_our_status": counted(status for _, status in ours),
        "deals_by_type": counted(deal["Type"] for deal in deals),
        "deals_by_lead_source": counted(deal["Lead Source"] for deal in deals),
        "deals_with_another_lead_source_than_their_lead": sum(
            word(d["Lead Source"]).replace(" ", "") != source.get(d["LEADID"]) for d in deals
        ),
        "deals_with_a_lead_that_exists": len(age),
        "deals_created_before_their_lead": sum(a < timedelta(0) for a in age),
        "deals_created_with_their_lead": sum(a == timedelta(0) for a in age),
        "deals_closed_before_created": sum(instant(d["Closing Date"]) < instant(d["Created Time"]) for d in deals),
        "deal_amount_by_our_status": dict(sorted(amounts.items())),
        "won_deals_by_closing_month": counted(
            instant(d["Closing Date"]).strftime("%Y-%m") for d, status in ours if status == "won"
        ),
    }


def of_members(members: list[dict], leads: list[dict]) -> dict:
    """Campaign members by status and by how many leads bear their last name."""
    bearers = leads_by_name(leads)
    names = [len(bearers.get(word(m["Lead Last Name"]), ())) for m in members]
    keys = {(m["Campaign Name"], m["Lead First Name"], m["Lead Last Name"]) for m in members}
    return {
        "campaign_members_by_status": counted(m["Status"] for m in members),
        "campaign_members_beyond_the_first_of_campaign_and_name": len(members) - len(keys),
        "campaign_members_by_leads_of_that_name": {
            "none": sum(n == 0 for n in names),
            "one": sum(n == 1 for n in names),
            "several": sum(n > 1 for n in names),
        },
        "campaign_members_of_one_lead_by_status": counted(
            m["Status"] for m, n in zip(members, names, strict=True) if n == 1
        ),
    }


def of_the_rest(tables: dict[str, list[dict]]) -> dict:
    """Calls, events, campaigns and invoices: how many, and how many can be used."""
    known = {lead["LEADID"] for lead in tables["leads"]}
    costs = [money(row["Actual Cost"]) for row in tables["campaigns"]]
    return {
        "calls": len(tables["calls"]),
        "calls_with_a_lead_that_exists": sum(r["LEADID"] in known for r in tables["calls"]),
        "events_with_a_lead_that_exists": sum(r["LEADID"] in known for r in tables["events"]),
        "campaign_actual_cost": sum(costs, start=Decimal(0)),
        "invoices_by_status": counted(r["Invoice Status"] for r in tables["invoices"]),
        "invoices_without_amount": sum(not r["Sub Total"] for r in tables["invoices"]),
    }


def expected(folder: Path, as_of: datetime) -> dict:
    """Every aggregate that onefunnel must publish of the export in `folder` at `as_of`.

    Counts are int and amounts Decimal in USD; keys are the source's own words unless they say
    `our`. ValueError where a time cannot be read or where a record lies after `as_of`.
    """
    tables = {entity: rows_of(Path(folder) / file) for entity, file in FILES.items()}
    leads, deals, members = tables["leads"], tables["deals"], tables["campaign_members"]
    if any(instant(row["Created Time"]) > as_of for row in leads + deals):
        raise ValueError("a lead or potential was created after as_of")
    return {
        "as_of": as_of.isoformat(),
        "rows": {entity: len(rows) for entity, rows in tables.items()},
        **of_leads(leads),
        **judged(leads, leads_with_intent(leads, members, as_of)),
        **of_deals(deals, leads),
        **of_members(members, leads),
        **of_the_rest(tables),
    }


def as_stored(result: dict) -> str:
    """The result as JSON text, amounts as strings, innermost objects on one line."""
    text = json.dumps(result, indent=1, default=str)
    return re.sub(r"\{[^{}]*\}", lambda found: " ".join(found[0].split()), text) + "\n"


if __name__ == "__main__":
    STORED.write_text(as_stored(expected(Path(sys.argv[1]), pinned_as_of())), encoding="utf-8")
