"""Which lake column is which of ours, per kind of source, as data."""

META = (
    "_source", "_ids_of", "_kind", "_key", "_occurrence", "_version", "_deleted",
    "_loaded_at", "_row", "_fault", "_timezone", "_day_first", "_currency",
)  # fmt: skip

# Our columns that the judge reads, per entity of ours; every other entity is only counted.
COLUMNS = {
    "leads": (
        "created_at", "updated_at", "handed_over_at", "disposed_at",
        "industry", "employee_count", "annual_revenue", "annual_revenue_currency", "job_title",
        "country", "state", "city", "status", "owner_id", "disposition", "email", "last_name", "lead_source",
    ),
    "touches": (
        "happened_at", "updated_at", "kind", "lead_id", "contact_id", "email", "last_name", "anonymous_id",
        "campaign_id", "utm_source", "utm_medium", "row_hash",
    ),
    "contacts": ("created_at", "updated_at", "email"),
    "companies": ("created_at", "updated_at", "gstin"),
    "campaigns": (
        "created_at", "updated_at", "name", "type", "starts_on", "ends_on", "actual_cost", "currency",
    ),
    "ad_spend": ("created_at", "updated_at", "platform", "campaign_id", "spent_on", "amount", "currency"),
    "invoices": ("created_at", "updated_at", "company_id", "deal_id", "issued_on", "amount", "currency", "status"),
    "lead_changes": ("changed_at", "updated_at", "lead_id", "field", "old", "new"),
    "users": ("updated_at", "created_at", "user_id", "name", "team"),
    "fx_rates": ("updated_at", "created_at", "rate_on", "currency", "rate"),
    "activities": (
        "happened_at", "updated_at", "kind", "direction", "duration_seconds", "is_automated",
        "lead_id", "deal_id", "owner_id", "outcome",
    ),
    "deal_changes": ("changed_at", "updated_at"),
    "objections": ("raised_at", "updated_at", "logged_at", "lead_id", "deal_id", "category"),
    "digests": ("shown_at", "updated_at", "objection_id"),
}  # fmt: skip
OTHER_COLUMNS = ("created_at", "updated_at")

INSTANTS = (
    "created_at", "updated_at", "handed_over_at", "disposed_at", "happened_at", "changed_at",
    "raised_at", "logged_at", "shown_at",
)  # fmt: skip

# The instant from which a row of the entity exists; without it the row is excluded.
EXISTS_FROM = {
    "leads": "created_at", "deals": "created_at", "touches": "happened_at",
    "activities": "happened_at", "lead_changes": "changed_at", "deal_changes": "changed_at",
    "objections": "raised_at", "digests": "shown_at",
}  # fmt: skip
# Records that are there from their created_at, if they bear one, and always without it.
MAY_BE_DATED = ("companies", "contacts")

# Two changes may share key and instant; everything else that does is a duplicate id.
REPEATS = ("lead_changes", "deal_changes")
# Of these, what was deleted still tells what had been.
REMEMBERED = ("deals", "deal_changes")

# kind -> lake entity -> our entity, where the names differ.
ENTITIES = {
    "csv_folder": {},
    "zoho_crm": {
        "campaign_members": "touches",
        "calls": "activities",
        "events": "activities",
        "accounts": "companies",
    },
}

# kind -> lake entity -> our column -> lake columns, the first that is filled; "" = any entity.
NAMES = {
    "csv_folder": {"leads": {"annual_revenue_currency": ("annual_revenue_currency", "currency")}},
    "zoho_crm": {
        "": {"created_at": ("created_time",), "updated_at": ("modified_time",)},
        "leads": {
            "job_title": ("designation",),
            "employee_count": ("no_of_employees",),
            "annual_revenue_currency": ("annual_revenue_currency", "currency"),
            "status": ("lead_status",),
            "owner_id": ("owner_id", "owner"),
        },
        "campaign_members": {
            "happened_at": ("last_modified_time",),
            "kind": ("status",),
            "last_name": ("lead_last_name",),
            "campaign_id": ("campaign_name",),  # a member names its campaign
            "row_hash": ("_row_hash",),
        },
        "campaigns": {"name": ("campaign_name",), "starts_on": ("start_date",), "ends_on": ("end_date",)},
        "invoices": {
            "company_id": ("account_id",),
            "issued_on": ("invoice_date", "created_time"),
            "amount": ("sub_total", "grand_total"),
        },
        "calls": {
            "happened_at": ("call_start_time",),
            "direction": ("call_type",),
            "duration_seconds": ("call_duration_in_seconds",),
            "outcome": ("call_purpose",),
        },
        "events": {"happened_at": ("start_datetime", "start_date_time"), "outcome": ("our__outcome",)},
        "users": {"user_id": ("user_id", "id"), "name": ("name", "full_name", "last_name")},
    },
}

# Lake folders that are a log of ours and no entity of a source.
EXTRACTIONS = "extractions"

# kind -> lake entity -> what stands before a touch's kind; spaces become underscores with it.
KIND_PREFIX = {"zoho_crm": {"campaign_members": "campaign_"}}

# kind -> lake entity -> the kind of activity that all of its rows are.
KINDS = {"zoho_crm": {"calls": "call", "events": "meeting"}}


def our_entity(kind: str, entity: str) -> str:
    """Our name of a lake entity."""
    return ENTITIES.get(kind, {}).get(entity, entity)


def our_columns(entity: str) -> tuple[str, ...]:
    """The columns of ours that the judge reads of this entity of ours."""
    return COLUMNS.get(entity, OTHER_COLUMNS)


def lake_names(kind: str, entity: str, column: str) -> tuple[str, ...]:
    """The lake columns that may hold our column, best first: what sources.yml maps to it, then the vendor's."""
    names = NAMES.get(kind, {})
    return (
        f"our__{column}",
        *(names.get(entity, {}).get(column) or names.get("", {}).get(column) or (column,)),
    )
