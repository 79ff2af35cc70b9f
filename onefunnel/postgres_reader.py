"""The role that may read the published tables and do nothing else."""

from __future__ import annotations

import psycopg
from psycopg import sql

from onefunnel.errors import Stop

WRITING = "insert, update, delete, truncate, references, trigger"


def let_read(con: psycopg.Connection, schema: str, reader: str, tables: list[str]) -> None:
    """The role is there and may select from each of the tables; only what is missing is granted, as it takes locks.

    Raises Stop where it may not be made, or may do more than read.
    """
    _exists(con, reader)
    role, place = sql.Identifier(reader), sql.Identifier(schema)
    if not _may(con, "schema", reader, [schema], "usage"):
        con.execute(sql.SQL("grant usage on schema {} to {}").format(place, role))
        if not _may(con, "schema", reader, [schema], "usage"):  # a warning is all that PostgreSQL says
            raise Stop(
                "postgres_reader",
                f"schema {schema} belongs to somebody else, so {reader} cannot be let into it",
                f"its owner runs: grant usage on schema {schema} to {reader}",
            )
    names = [f"{schema}.{table}" for table in tables]
    may_read = _may(con, "table", reader, names, "select")
    for table, name in zip(tables, names, strict=True):
        if name not in may_read:
            con.execute(sql.SQL("grant select on {} to {}").format(sql.Identifier(schema, table), role))
    for name in _may(con, "table", reader, names, WRITING):
        table = sql.Identifier(schema, name.split(".")[1])
        con.execute(sql.SQL("revoke {} on {} from {}").format(sql.SQL(WRITING), table, role))
    still = _may(con, "table", reader, names, WRITING)
    if still or _may(con, "schema", reader, [schema], "create"):
        raise Stop(
            "postgres_reader",
            f"{reader} may write in schema {schema}, by a role of which it is a member or by what everybody may",
            "name a role of its own in sources.yml, key postgres.reader, or revoke it",
        )


def _exists(con: psycopg.Connection, reader: str) -> None:
    found = con.execute("select rolsuper from pg_roles where rolname = %s", [reader]).fetchone()
    if found and found[0]:
        raise Stop("postgres_reader", f"{reader} is a superuser", "name another role: sources.yml, key postgres.reader")
    if found:
        return
    try:
        with con.transaction():
            con.execute(sql.SQL("create role {} nologin").format(sql.Identifier(reader)))
    except psycopg.errors.InsufficientPrivilege:
        raise Stop(
            "postgres_reader",
            f"there is no role {reader}, and onefunnel's user may not create roles",
            f"an administrator runs: create role {reader} nologin; or sources.yml says postgres: {{reader: null}}",
        ) from None


def _may(con: psycopg.Connection, kind: str, reader: str, names: list[str], right: str) -> set[str]:
    """Those of the names (of a kind: schema, table) on which the role has any of the rights."""
    rows = con.execute(
        sql.SQL("select name from unnest(%s::text[]) as name where {}(%s, name, %s)").format(
            sql.Identifier(f"has_{kind}_privilege")
        ),
        [names, reader, right],
    )
    return {name for (name,) in rows}
