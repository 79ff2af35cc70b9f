"""A seeded candidate of any size: agreement, run, identity and core, as the models downstream of core find them.

bench/company/*.sql draw each entity's records by hash functions of their numbers and a seed. Shares, kinds and
distances in time are those of the sample company: 71 % of the touches are page views, 95 % name their lead, a third may
earn credit. Twenty touches per lead, a deal for every twentieth lead, 0.6 accounts per lead.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from onefunnel import warehouse
from onefunnel.agreement import read_agreement
from onefunnel.config import Sources
from onefunnel.entities import entities
from onefunnel.home import CHECKOUT, Home

COMPANY = Path(__file__).parent / "company"
TOUCHES_PER_LEAD = 20
AS_OF = "2026-03-31T18:30:00+00:00"
SOURCES = {"sources": [{"name": "crm", "kind": "csv_folder", "folder": ".", "entities": {"leads": "leads.csv"}}]}
TYPES = {
    "instant": "timestamptz",
    "date": "date",
    "money": "decimal(18, 2)",
    "number": "decimal(28, 6)",
    "integer": "bigint",
    "boolean": "boolean",
}


def sources() -> Sources:
    return Sources.model_validate(SOURCES)


def generate(root: Path, leads: int, seed: int = 7) -> Home:
    """root holds a candidate with so many leads and twenty touches each; memory stays under a few hundred MB."""
    home = Home(root.resolve())
    as_of = datetime.fromisoformat(AS_OF)
    warehouse.prepare(
        home, warehouse.RunFacts("bench", as_of, datetime.now(UTC)), sources(), read_agreement(CHECKOUT / "agreement")
    )
    facts = {"seed": seed, "leads": leads, "touches": leads * TOUCHES_PER_LEAD, "as_of": AS_OF}
    with duckdb.connect(str(home.candidate)) as con:
        con.execute(
            "set timezone = 'UTC'; set preserve_insertion_order = false; set memory_limit = '600MB'; "
            "set enable_progress_bar = false"
        )
        con.execute(_sql("macros", facts))
        con.execute("create schema funnel; create schema identity")
        for entity in entities():
            _core(con, entity, facts)
            _as_delivered(con, entity)
        for table in ("accounts", "people"):
            con.execute(
                f"create table identity.{table} as select *, 'bench' as rule, 1.0::double as confidence "
                f"from ({_sql(f'identity_{table}', facts)}) order by 1, 2"
            )
    return home


def _sql(name: str, facts: dict) -> str:
    return (COMPANY / f"{name}.sql").read_text(encoding="utf-8").format(**facts)


def _core(con, entity: str, facts: dict) -> None:
    """core_<entity>: the drawn columns, the others null, and where each record comes from."""
    drawn = _sql(entity, facts)
    have = {row[0] for row in con.execute(f"describe {drawn}").fetchall()}
    spec = entities()[entity]
    columns = [
        f"cast({name if name in have else 'null'} as {TYPES.get(kind, 'varchar')}) as {name}"
        for name, kind in spec["columns"].items()
    ]
    key = " || '|' || ".join(f"cast({name} as varchar)" for name in spec["key"])
    con.execute(
        f"create table funnel.core_{entity} as select 'crm' as source_name, 'crm' as ids_of, "
        f"'{entity}' as source_entity, '{entity}.csv' as source_file, 1::integer as source_row, "
        f"{key} as source_key, 1::integer as version_number, "
        f"false as is_later_version, null::varchar as record_url_template, {', '.join(columns)} from ({drawn})"
    )
    con.execute(f"insert into run.delivered values ('crm', 'crm', '{entity}', '{entity}')")
    con.executemany("insert into run.delivered_columns values ('crm', ?, ?)", [(entity, name) for name in sorted(have)])


def _as_delivered(con, entity: str) -> None:
    """The views that stand for staging and the as-of choice: one version per record, none excluded, all readable."""
    texts = [f"null::varchar as {name}_text" for name, kind in entities()[entity]["columns"].items() if kind in TYPES]
    con.execute(
        f"create view funnel.int_{entity}_as_of as select *, null::varchar as exclusion, true as exists_as_of, "
        f"{', '.join([*texts, ''])} null::varchar as source_note from funnel.core_{entity}"
    )
    con.execute(
        f"create view funnel.stg_csv_folder__{entity} as select *, 1::integer as occurrence, false as is_deleted, "
        f"{', '.join([*texts, ''])} null::timestamptz as loaded_at, null::varchar as source_fault, "
        f"null::varchar as source_note from funnel.core_{entity}"
    )
