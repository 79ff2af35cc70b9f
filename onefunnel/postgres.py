"""Publication to PostgreSQL: the tables just published, in one transaction that no reader waits for or sees half of.

Rows are deleted and copied anew, because only that is the same to every snapshot: a reader keeps the version it began
with, and views, rights and indexes keep their table. PgBouncer's transaction mode will not do for the publisher.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from onefunnel.config import PostgresTo
from onefunnel.errors import Stop, TryAgain
from onefunnel.home import Home
from onefunnel.postgres_reader import let_read
from onefunnel.postgres_shape import defined, describe, narrow, of, patiently, refuse_what_views_need, retype, widen
from onefunnel.postgres_tables import Found, Table, found_in, published_tables, write_csv
from onefunnel.send import connection

CONNECTION = "onefunnel_postgres"
WHERE = "docs/bi.md, 'PostgreSQL'"
# libpq's settings that a connection's extra may hold
EXTRA = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs", "gssencmode"}


def publish_to_postgres(home: Home, to: PostgresTo) -> dict[str, int]:
    """PostgreSQL shows what published/ shows, all tables at the same instant; returns rows per table.

    Raises Stop, or TryAgain where it may pass by itself; the version before is then what everybody reads.
    """
    version = (home.published / "current").resolve()
    with tempfile.TemporaryDirectory(prefix="onefunnel-") as name, connected() as con:
        try:
            with duckdb.connect(str(version / "onefunnel.duckdb"), read_only=True) as published:
                published.execute("set timezone = 'UTC'")
                tables = published_tables(published, to.schema_name)
                rows = {table.name: write_csv(published, table, Path(name) / table.name) for table in tables}
            with alone(con, to.schema_name):
                _publish(con, to, tables, Path(name))
                _tidy(con, to.schema_name, tables)
        except psycopg.Error as why:
            raise _told(why) from None
    return rows


def connected() -> psycopg.Connection:
    """An open connection by Airflow's connection onefunnel_postgres; never tells its password."""
    try:
        given = connection(CONNECTION, "postgres")
        extra = given.extra_dejson
    except Exception as why:  # what a URI is wrong in may be its password: nothing of it is told
        raise (Stop if isinstance(why, Stop) else TryAgain)(
            "postgres_connection",
            f"there is no Airflow connection {CONNECTION}, or it cannot be read",
            f"add it; in a URI each special character of the password is written %XX ({WHERE})",
        ) from None
    unknown = sorted(set(extra) - EXTRA)
    if unknown:
        raise Stop(
            "postgres_connection",
            f"the connection {CONNECTION} has an extra {unknown[0]}",
            f"extras are: {', '.join(sorted(EXTRA))}",
        )
    place = {"host": given.host, "port": given.port, "dbname": given.schema, "user": given.login}
    given_by = {name: value for name, value in place.items() if value} | {"connect_timeout": 10} | extra
    try:
        return psycopg.connect(**given_by, password=given.password or "", autocommit=True, client_encoding="UTF8")
    except psycopg.Error as why:
        raise TryAgain(
            "postgres_unreachable",
            f"PostgreSQL was not reached: {_line(why)}",
            f"check the connection {CONNECTION} and that the server runs",
        ) from None


@contextmanager
def alone(con: psycopg.Connection, schema: str):
    """Nobody else publishes to the schema meanwhile; TryAgain when somebody does."""
    key = [f"onefunnel {schema}"]
    if not con.execute("select pg_try_advisory_lock(hashtext(%s))", key).fetchone()[0]:
        raise TryAgain("postgres_busy", f"another run is publishing to schema {schema}", "wait until it ends")
    yield  # the lock ends with the connection


def _publish(con: psycopg.Connection, to: PostgresTo, tables: list[Table], folder: Path) -> None:
    """Every table is there as it was published, rows in one transaction."""
    schema = to.schema_name
    con.execute("set statement_timeout = 0")
    if not con.execute("select to_regnamespace(quote_ident(%s))", [schema]).fetchone()[0]:
        con.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    there = found_in(con, schema)
    foreign = [table.name for table in tables if table.name in there and not there[table.name].is_ours(schema)]
    if foreign:
        raise Stop(
            "postgres_not_ours",
            f"schema {schema} holds {', '.join(foreign)}, not written by onefunnel; nothing was touched",
            "move them to another schema, or name another one for onefunnel: sources.yml, key postgres.schema",
        )
    gone = [one for one in there.values() if one.is_ours(schema) and one.name not in {table.name for table in tables}]
    refuse_what_views_need(con, tables, there, gone)
    widen(con, schema, tables, there)
    with con.transaction():
        for table in tables:
            _write(con, schema, table, there.get(table.name), folder)
        patiently(con, lambda: describe(con, schema, tables))
        if to.reader:
            let_read(con, schema, to.reader, [table.name for table in tables])
    narrow(con, schema, tables, there, gone)


def _write(con: psycopg.Connection, schema: str, table: Table, there: Found | None, folder: Path) -> None:
    """The table has its new rows and no others, as soon as the transaction is through."""
    if there:
        patiently(con, lambda: con.execute(of("delete from {}", schema, table.name)))
        retype(con, schema, table, there)
    else:
        columns = sql.SQL(", ").join(defined(column) for column in table.columns)
        con.execute(of("create table {} ({})", schema, table.name, columns))
    _copy(con, schema, table, folder / table.name)


def _copy(con: psycopg.Connection, schema: str, table: Table, path: Path) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = of("copy {} ({}) from stdin (format csv)", schema, table.name, columns)
    with open(path, "rb") as file, con.cursor().copy(statement) as copy:
        while part := file.read(1 << 20):
            copy.write(part)


def _tidy(con: psycopg.Connection, schema: str, tables: list[Table]) -> None:
    """The room of the version before is free for the next one; what cannot be tidied now is tidied then."""
    for table in tables:
        try:
            con.execute(of("vacuum (analyze, truncate false, skip_locked) {}", schema, table.name))
        except psycopg.Error:
            if con.closed:
                return


def _told(why: psycopg.Error) -> Stop:
    """What PostgreSQL refused, in one line and with what to do."""
    if isinstance(why, psycopg.errors.InsufficientPrivilege):
        return Stop("postgres_permission", f"PostgreSQL refused: {_line(why)}", f"grant it ({WHERE})")
    if isinstance(why, psycopg.OperationalError):
        return TryAgain("postgres_interrupted", f"PostgreSQL broke off: {_line(why)}", "see the server's log")
    return Stop("postgres", f"PostgreSQL refused: {_line(why)}", "see the server's log")


def _line(why: psycopg.Error) -> str:
    told = [why.diag.message_primary or str(why), why.diag.message_detail or ""]
    return " ".join(" ".join(told).split())
