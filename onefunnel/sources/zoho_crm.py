"""Zoho CRM: its exports as CSV, landed under the names its API (v8) gives the same fields.

Modules: Leads, Deals (Potentials in older exports), Campaigns, campaign members (the report
"Campaign Lead Status"), Calls, Events, Accounts, Contacts, Users, Invoices. An export has no
field history, no deleted records and, for campaign members, no lead id but a name.
"""

from __future__ import annotations

from onefunnel.sources.csv_file import snake

# entity -> the lake columns that staging reads (the API's names in lower case)
COLUMNS: dict[str, list[str]] = {
    "leads": (
        "id company owner owner_id email mobile phone website industry lead_source lead_status "
        "created_time modified_time designation no_of_employees annual_revenue country state city "
        "last_name converted"
    ).split(),
    "deals": (
        "id deal_name owner owner_id created_time modified_time closing_date amount stage type "
        "lead_source probability lead_id account_id campaign_id reason_for_loss forecast_category__s"
    ).split(),
    "campaigns": "id campaign_name type status created_time start_date end_date budgeted_cost actual_cost".split(),
    "campaign_members": ["campaign_name", "lead_first_name", "lead_last_name", "status", "last_modified_time"],
    "calls": (
        "id call_start_time call_duration_in_seconds owner owner_id call_type call_purpose created_time "
        "modified_time contact_id account_id deal_id lead_id"
    ).split(),
    "events": (
        "id owner owner_id subject start_datetime end_datetime created_time modified_time contact_id "
        "account_id deal_id lead_id"
    ).split(),
    "accounts": (
        "id account_name owner owner_id industry website employees annual_revenue billing_country "
        "billing_state billing_city created_time"
    ).split(),
    "contacts": "id last_name owner owner_id account_id email mobile title created_time".split(),
    "users": ["id", "first_name", "last_name", "email"],
    "invoices": (
        "id subject invoice_number status created_time invoice_date account_id sub_total discount tax grand_total"
    ).split(),
}
# an exported member has no id, and people share names: only the whole row tells two members apart
KEYS = {"campaign_members": ["campaign_name", "lead_first_name", "lead_last_name", "status", "last_modified_time"]}
REQUIRED = {
    "leads": ["id", "created_time"],
    "deals": ["id", "created_time", "stage"],
    "campaign_members": KEYS["campaign_members"],
    "calls": ["id", "call_start_time"],
    "events": ["id", "start_datetime"],
}

# what an export calls a field -> what the API calls it; the rest is the header in snake_case
_EVERYWHERE = {
    "leadid": "lead_id",
    "contactid": "contact_id",
    "accountid": "account_id",
    "potentialid": "deal_id",
    "lead_owner": "owner",
    "account_owner": "owner",
    "account_owner_id": "owner_id",
    "contact_owner": "owner",
    "contact_owner_id": "owner_id",
    "call_owner": "owner",
    "call_owner_id": "owner_id",
    "event_owner": "owner",
    "event_owner_id": "owner_id",
}
ALIASES: dict[str, dict[str, str]] = {
    "leads": {"leadid": "id", "lead_id": "id", "record_id": "id"},
    "deals": {
        "potential_name": "deal_name",
        "potential_owner": "owner",
        "deal_owner": "owner",
        "leadid": "lead_id",
        "potentialid": "id",
        "record_id": "id",
        "forecast_category": "forecast_category__s",
    },
    "campaigns": {"campaignid": "id", "record_id": "id"},
    "campaign_members": {},
    "calls": {"taskid": "id", "callid": "id", "record_id": "id"},
    "events": {"eventid": "id", "record_id": "id"},
    "accounts": {"accountid": "id", "record_id": "id"},
    "contacts": {"contactid": "id", "record_id": "id"},
    "users": {"user_id": "id"},
    "invoices": {"invoiceid": "id", "invoice_status": "status", "record_id": "id"},
}

# an export without this column repeats another one: a potential's own key stands in its LEADID
COPIES: dict[str, dict[str, str]] = {"deals": {"id": "lead_id"}}

# our entity <- the lake entities that fill it
FILLS = {"companies": ["accounts"], "activities": ["calls", "events"], "touches": ["campaign_members"]}


def lake_entities() -> list[str]:
    return list(COLUMNS)


def key_of(entity: str) -> list[str]:
    return KEYS.get(entity, ["id"])


def lake_columns(entity: str) -> list[str]:
    return COLUMNS[entity]


def required(entity: str) -> list[str]:
    return REQUIRED.get(entity, key_of(entity))


def names(entity: str, headers: list[str], columns: dict[str, str]) -> list[str]:
    """A lake column for each header; a custom field mapped in sources.yml lands as our__<column>."""
    ours = {snake(theirs): f"our__{our}" for our, theirs in columns.items()}
    aliases = {**_EVERYWHERE, **ALIASES[entity]}
    return [ours.get(snake(header)) or aliases.get(snake(header), snake(header)) for header in headers]
