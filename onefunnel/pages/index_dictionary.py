"""Every published table and column in words, with what each table is made from and what reads it."""

from __future__ import annotations

import re
from pathlib import Path

from onefunnel.home import Home
from onefunnel.lineage import below, kept_lineage
from onefunnel.pages.published import Published
from onefunnel.pages.write import write_page

TABLES = """
select t.table_name, t.comment, t.estimated_size as table_rows
from duckdb_tables() as t
where t.schema_name = 'metrics'
order by t.table_name
"""
COLUMNS = """
select table_name, column_name, data_type, comment
from duckdb_columns()
where schema_name = 'metrics'
order by table_name, column_index
"""
TYPES = {"TIMESTAMP WITH TIME ZONE": "timestamptz", "VARCHAR": "text"}
# what the loader makes of a file of the agreement -> the file that a person opens
FILES = {
    "versions": "signatures",
    "drafts": "signatures",
    "company_size": "qualification",
    "industries_that_fit": "qualification",
    "geography": "qualification",
    "calendar": "service_levels",
    "aging_bands": "settings",
}


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """dictionary.html of the published version; without a kept lineage it says so."""
    lineage = kept_lineage(home, published.facts["run_id"])
    columns: dict[str, list[dict]] = {}
    for column in published.rows(COLUMNS):
        kind = TYPES.get(column["data_type"], column["data_type"].lower())
        told = {"name": column["column_name"], "kind": kind, "told": marked(column["comment"])}
        columns.setdefault(column["table_name"], []).append(told)
    names = set(columns)
    tables = [
        described(row) | {"columns": columns[row["table_name"]], "made": made_from(lineage, row["table_name"], names)}
        for row in published.rows(TABLES)
    ]
    return [
        write_page(
            home,
            "dictionary.html",
            "index_dictionary.html",
            published,
            facts=published.facts,
            zone=published.zone,
            tables=tables,
            columns=sum(len(found) for found in columns.values()),
            has_lineage=bool(lineage),
        )
    ]


def described(row: dict) -> dict:
    """name, what it tells, what one row of it is, first: the sentence that the table of contents shows."""
    told, _, one_row = (row["comment"] or "").partition("One row per ")
    first = re.split(r"(?<=[.;:])\s", told.strip(), maxsplit=1)[0].rstrip(".;:")
    return {
        "name": row["table_name"],
        "rows": row["table_rows"],
        "first": marked(first),
        "told": marked(told.strip()),
        "one_row": marked(one_row.strip().rstrip(".")),
    }


def made_from(lineage: dict[str, list[str]], table: str, published: set[str]) -> dict:
    """tables: the published ones it reads, through unpublished steps at most; read_by: those that read it so;

    sources and agreement: what it ultimately rests on, entities and files; steps: how many unpublished ones lie
    between.
    """
    all_below = below(lineage, table)
    entities = {name.removeprefix("lake.").split("__", 1)[-1] for name in all_below if name.startswith("lake.")}
    files = {name.removeprefix("agreement.") for name in all_below if name.startswith("agreement.")}
    return {
        "tables": sorted(nearest(lineage, table, published)),
        "read_by": sorted(other for other in published - {table} if table in nearest(lineage, other, published)),
        "sources": sorted(entity.replace("_", " ") for entity in entities),
        "agreement": sorted({FILES.get(name, name) for name in files}),
        "steps": sum("." not in name and name not in published for name in all_below),
    }


def nearest(lineage: dict[str, list[str]], table: str, published: set[str]) -> set[str]:
    """The published tables that this one reads, directly or through steps that are not published."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = list(lineage.get(table, []))
    while ahead:
        name = ahead.pop()
        if name in published:
            found.add(name)
        elif name not in seen:
            seen.add(name)
            ahead += lineage.get(name, [])
    return found


def marked(text: str | None):
    """The text as markup: escaped, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text or ""))))
