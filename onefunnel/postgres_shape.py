"""The shape of PostgreSQL's tables follows that of the published ones, without readers noticing more than they must.

Changing a table takes a lock that readers wait behind, so it is asked for in short tries, one table at a time: a reader
who holds one table and wants the next is never in a knot with us. What is new comes before the rows, what is published
no more goes after them; only a column with another type changes together with them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from onefunnel.errors import Stop, TryAgain
from onefunnel.postgres_tables import Column, Found, Table, found_in

TRY_MS = 400  # shorter than PostgreSQL's deadlock_timeout: we give way before a reader is chosen to
PAUSE_SECONDS = 0.6
PATIENCE_SECONDS = 120
VIEWS = """
select distinct v.oid::regclass::text, c.relname || case when a.attname is null then '' else '.' || a.attname end
from pg_depend d
join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
join pg_class v on v.oid = r.ev_class
join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid and c.oid <> v.oid
left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid and a.attnum > 0
where c.oid = any(%s) order by 1, 2
"""


def of(statement: str, schema: str, table: str, *more: sql.Composable) -> sql.Composed:
    """The statement with the table's name, then more, in its {}."""
    return sql.SQL(statement).format(sql.Identifier(schema, table), *more)


def patiently(con: psycopg.Connection, act: Callable[[], object]) -> None:
    """act is done; where somebody is in its way those who wait behind us go first, and it is tried again."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with con.transaction():
                con.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(f"{TRY_MS}ms")))
                act()
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if time.monotonic() > end:
                raise TryAgain(
                    "postgres_in_use",
                    f"for {PATIENCE_SECONDS} s a transaction of somebody else held a table that has to change",
                    "end those that stay open (pg_stat_activity: state 'idle in transaction')",
                ) from None
        time.sleep(PAUSE_SECONDS)


def refuse_what_views_need(con: psycopg.Connection, tables: list[Table], there: dict[str, Found], gone: list[Found]):
    """Stop when somebody's view reads what is about to go: (table or column) and view are named."""
    leaving = {f"{table.name}.{name}" for table in tables for name in table.leaving(there.get(table.name))}
    leaving |= {f"{table.name}.{column.name}" for table in tables for column in table.retyped(there.get(table.name))}
    names = {one.name for one in gone}
    used = con.execute(VIEWS, [[one.oid for one in there.values()]]).fetchall()
    hit = [f"{view} ({what})" for view, what in used if what in leaving or what.split(".")[0] in names]
    if hit:
        raise Stop(
            "postgres_views",
            f"views read what is published no more or has another type: {', '.join(hit)}; nothing was touched",
            "change or drop those views, then run again",
        )


def widen(con: psycopg.Connection, schema: str, tables: list[Table], there: dict[str, Found]) -> None:
    """Each table that is there has its new columns, still empty."""
    for table in tables:
        parts = [sql.SQL("add column {}").format(defined(column)) for column in table.coming(there.get(table.name))]
        if parts:
            alter = of("alter table {} {}", schema, table.name, sql.SQL(", ").join(parts))
            patiently(con, lambda alter=alter: con.execute(alter))


def retype(con: psycopg.Connection, schema: str, table: Table, there: Found | None) -> None:
    """The columns that have another type have it and are empty."""
    parts = [
        sql.SQL("drop column {}, add column {}").format(sql.Identifier(column.name), defined(column))
        for column in table.retyped(there)
    ]
    if parts:
        alter = of("alter table {} {}", schema, table.name, sql.SQL(", ").join(parts))
        patiently(con, lambda: con.execute(alter))


def narrow(con: psycopg.Connection, schema: str, tables: list[Table], there: dict[str, Found], gone: list[Found]):
    """What is published no more is not there; what somebody holds goes with the next publication."""
    drops = [of("drop table {}", schema, one.name) for one in gone]
    for table in tables:
        parts = [sql.SQL("drop column {}").format(sql.Identifier(n)) for n in table.leaving(there.get(table.name))]
        if parts:
            drops.append(of("alter table {} {}", schema, table.name, sql.SQL(", ").join(parts)))
    for drop in drops:
        try:
            patiently(con, lambda drop=drop: con.execute(drop))
        except TryAgain:
            return


def describe(con: psycopg.Connection, schema: str, tables: list[Table]) -> None:
    """Comments say the descriptions; only what differs is written, as even that takes a lock."""
    there = found_in(con, schema)
    for table in tables:
        found = there[table.name]
        if found.told != table.told:
            con.execute(of("comment on table {} is {}", schema, table.name, sql.Literal(table.told)))
        for column in table.columns:
            if found.columns[column.name][1] != column.told:
                name = sql.Identifier(schema, table.name, column.name)
                con.execute(sql.SQL("comment on column {} is {}").format(name, sql.Literal(column.told)))


def defined(column: Column) -> sql.Composed:
    """The column as a table's definition has it."""
    return sql.SQL("{} {}").format(sql.Identifier(column.name), sql.SQL(column.kind))
