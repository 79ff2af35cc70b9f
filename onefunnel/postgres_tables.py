"""What PostgreSQL's tables must look like, what they look like now, and what brings one to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from onefunnel.errors import Stop
from onefunnel.publish import SCHEMA

# DuckDB's name of a type -> PostgreSQL's, as format_type() writes it
KINDS = {
    "VARCHAR": "text",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


@dataclass(frozen=True)
class Column:
    """A column with its PostgreSQL type and its description."""

    name: str
    kind: str
    told: str | None


@dataclass(frozen=True)
class Table:
    """A table of ours: told is its comment, of which the last line says whose it is."""

    name: str
    told: str
    columns: tuple[Column, ...]

    def coming(self, there: Found | None) -> list[Column]:
        """Columns that a table which is there lacks."""
        return [column for column in self.columns if there and column.name not in there.columns]

    def retyped(self, there: Found | None) -> list[Column]:
        """Columns that are there with another type."""
        known = there.columns if there else {}
        return [column for column in self.columns if known.get(column.name, (column.kind,))[0] != column.kind]

    def leaving(self, there: Found | None) -> list[str]:
        """Names of columns that are there and published no more."""
        return [name for name in there.columns if name not in {c.name for c in self.columns}] if there else []


@dataclass(frozen=True)
class Found:
    """A relation that is in the schema: column name -> (type, comment)."""

    name: str
    oid: int
    is_table: bool
    told: str | None
    columns: dict[str, tuple[str, str | None]]

    def is_ours(self, schema: str) -> bool:
        """Its comment carries our mark with its own name: it survives dump and restore, a renamed copy loses it."""
        return self.is_table and (self.told or "").endswith(mark(schema, self.name))


def mark(schema: str, table: str) -> str:
    """The line by which onefunnel knows its own tables, and a person too."""
    return f"(onefunnel writes {schema}.{table} anew with every publication)"


def published_tables(con: duckdb.DuckDBPyConnection, schema: str) -> list[Table]:
    """The published file's tables, described, for that schema of PostgreSQL."""
    tables = con.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() where schema_name = ? order by 1", [SCHEMA]
    ).fetchall()
    columns = con.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns() where schema_name = ? "
        "order by table_name, column_index",
        [SCHEMA],
    ).fetchall()
    return [
        Table(
            name,
            f"{told}\n{mark(schema, name)}".lstrip(),
            tuple(
                Column(column, _kind(table, column, kind), said)
                for table, column, kind, said in columns
                if table == name
            ),
        )
        for name, told in tables
    ]


def _kind(table: str, column: str, kind: str) -> str:
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", kind)
    if decimal:
        return f"numeric({decimal[1]},{decimal[2]})"
    if kind not in KINDS:
        raise Stop("postgres_type", f"{table}.{column} is {kind}, for which PostgreSQL has no type of ours", "cast it")
    return KINDS[kind]


def write_csv(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> int:
    """The table's rows as PostgreSQL's COPY reads them (a text is quoted, null is nothing); returns how many."""
    texts = [f'"{column.name}"' for column in table.columns if column.kind == "text"]
    # PostgreSQL has no character 0
    listed = ", ".join(
        f"replace({name}, chr(0), '') as {name}" if name in texts else name
        for name in (f'"{column.name}"' for column in table.columns)
    )
    quoted = f", force_quote ({', '.join(texts)})" if texts else ""
    place = str(path).replace("'", "''")
    con.execute(
        f"copy (select {listed} from {SCHEMA}.{table.name}) to '{place}' (format csv, header false, nullstr ''{quoted})"
    )
    return con.execute(f"select count(*) from {SCHEMA}.{table.name}").fetchone()[0]


def found_in(con, schema: str) -> dict[str, Found]:
    """Name -> what is in PostgreSQL's schema under it (tables, views, sequences, indexes: they share names)."""
    columns: dict[int, dict[str, tuple[str, str | None]]] = {}
    for oid, name, kind, told in con.execute(
        "select a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum) "
        "from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where c.relnamespace = to_regnamespace(quote_ident(%s)) and c.relkind in ('r', 'p') "
        "and a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum",
        [schema],
    ):
        columns.setdefault(oid, {})[name] = (kind, told)
    relations = con.execute(
        "select c.relname, c.oid, c.relkind, obj_description(c.oid, 'pg_class') from pg_class c "
        "where c.relnamespace = to_regnamespace(quote_ident(%s))",
        [schema],
    ).fetchall()
    return {name: Found(name, oid, kind == "r", told, columns.get(oid, {})) for name, oid, kind, told in relations}
