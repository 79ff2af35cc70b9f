"""What the oracle is told: the facts of a candidate and the judged facts that are published, as plain Python values.

Instants become integers of microseconds (UTC), dates ordinals, money Decimals, nothing becomes None.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from tests.oracle.days import Calendar

CANDIDATE = {
    "core_leads": "lead_id email owner_id created_at consent_given_at consent_withdrawn_at ids_of",
    "core_contacts": "contact_id email",
    "core_touches": "touch_id happened_at kind lead_id contact_id email anonymous_id campaign_id utm_source utm_medium",
    "core_campaigns": "campaign_id type starts_on ends_on actual_cost currency",
    "core_ad_spend": "platform campaign_id spent_on amount currency",
    "core_expenses": "month kind amount currency",
    "core_invoices": "invoice_id company_id deal_id issued_on amount currency status",
    "core_fx_rates": "rate_on currency rate",
    "core_activities": "happened_at is_automated lead_id deal_id ids_of",
    "core_users": "user_id name team manager_id",
    "core_deals": "deal_id company_id amount currency expected_close_on created_at referred_by",
    "core_lead_changes": "lead_id changed_at field old new source_row ids_of",
    "core_deal_changes": "deal_id changed_at field old new source_row ids_of",
    "identity.accounts": "entity record_id account_id",
    "identity.people": "entity record_id person_id",
    "agreement.channels": "rule_order lead_source campaign_type touch_kind utm_source utm_medium platform channel "
    "is_marketing",
    "agreement.stages": "entity source_word stage stage_order status",
    "agreement.attribution_models": "model item value",
    "agreement.attribution_touch_kinds": "kind only_with_utm",
    "agreement.revenue_targets": "fiscal_quarter target_amount",
    "agreement.versions": "version in_force_at is_signed",
    "run.context": "as_of_at timezone reporting_currency fiscal_year_start_month maturity_days fx_max_age_days "
    "revenue_basis deal_types_in_scope marketing_sourced_rule clv_prior_years clv_margin_percent clv_horizon_years "
    "clv_discount_percent clv_half_life_days invoice_statuses_not_counted",
    "run.delivered_columns": "source_name entity column_name",
}
PUBLISHED = {
    "metrics.leads": "lead_id account_id duplicate_of_lead_id channel segment region created_at mql_at opportunity_at",
    "metrics.deals": "deal_id account_id lead_id status deal_type deal_amount created_at opportunity_at closed_at "
    "channel segment region owner_id",
}
COLUMNS = {name: columns.split() for name, columns in (CANDIDATE | PUBLISHED).items()}


@lru_cache(maxsize=100_000)
def words(text: str | None) -> str | None:
    """Text compared as words: trimmed, inner white space collapsed, lower case; nothing left is nothing."""
    return None if text is None else " ".join(str(text).lower().split()) or None


def listed(text: str | None) -> set[str]:
    """'new; repeat; expansion' as words."""
    return {word for word in map(words, (text or "").split(";")) if word}


@dataclass
class Company:
    """The tables by name, each with at least COLUMNS of that table."""

    tables: dict[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def rows(self, name: str) -> list:
        return list(self.tables[name].itertuples(index=False))

    @cached_property
    def context(self):
        return self.rows("run.context")[0]

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.context.timezone, int(self.context.fiscal_year_start_month))

    @cached_property
    def last_on(self) -> int:
        """The last local day that has begun before AS_OF."""
        return self.calendar.day(self.context.as_of_at - 1)


def company(**tables: list[dict]) -> Company:
    """A hand-made company: rows per table ('__' for the dot); what is not given is None, tables without rows empty."""
    given = {name.replace("__", "."): rows for name, rows in tables.items()}
    assert set(given) <= set(COLUMNS), set(given) - set(COLUMNS)
    return Company({name: _frame(given.get(name, []), columns) for name, columns in COLUMNS.items()})


# changes after AS_OF are no events, but their old values tell what held until then
READABLE = {name: f"int_{name.removeprefix('core_')}_as_of" for name in ("core_lead_changes", "core_deal_changes")}


def _frame(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    assert not any(set(row) - set(columns) for row in rows), [set(row) - set(columns) for row in rows]
    return pd.DataFrame([[row.get(c) for c in columns] for row in rows], columns=columns, dtype=object)


def read(candidate: Path, published: Path) -> Company:
    """The tables of both files."""
    tables = {}
    for path, wanted in ((candidate, CANDIDATE), (published, PUBLISHED)):
        with duckdb.connect(str(path), read_only=True) as con:
            con.execute("set timezone = 'UTC'")
            tables |= {name: read_table(con, name, COLUMNS[name]) for name in wanted}
    return Company(tables)


def read_table(con, name: str, columns: list[str]) -> pd.DataFrame:
    """These columns of a table, in a fixed order of rows."""
    name, usable = READABLE.get(name, name), "exclusion is null" if name in READABLE else "true"
    if "." not in name:  # the core's schema is whichever holds it
        name = f"{_schema(con, name)}.{name}"
    types = {row[0]: row[1] for row in con.execute(f"describe {name}").fetchall()}
    missing = [column for column in columns if column not in types]
    assert not missing, f"{name} has no column {missing}, only {sorted(types)}"
    listed_columns = ", ".join(_plain(column, types[column]) for column in columns)
    rows = con.execute(f"select {listed_columns} from {name} where {usable} order by all").fetchall()
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _schema(con, name: str) -> str:
    wanted = (
        "select table_schema from information_schema.tables where table_name = ? order by table_schema <> 'main', 1"
    )
    found = con.execute(wanted, [name]).fetchall()
    assert found, f"no table {name}"
    return found[0][0]


def _plain(column: str, kind: str) -> str:
    if kind.startswith("TIMESTAMP"):
        return f'epoch_us("{column}") as "{column}"'
    if kind == "DATE":  # 0001-01-01 has the ordinal 1
        return f"datediff('day', date '0001-01-01', \"{column}\") + 1 as \"{column}\""
    return f'"{column}"'
