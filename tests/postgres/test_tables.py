"""What stands in PostgreSQL: the same values and types, descriptions, users' views and tables left alone."""

from __future__ import annotations

import duckdb
import psycopg
import pytest

from onefunnel.errors import Stop
from onefunnel.home import Home
from tests import support

TYPES = {  # DuckDB's type -> what information_schema says of PostgreSQL's
    "VARCHAR": "text",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}
ONE = {"leads": "select 1 as lead_id, 'Acme' as company_name, 2.5::decimal(18,2) as deal_amount"}


def in_order(rows: list[tuple]) -> list[str]:
    return sorted(repr(row) for row in rows)


def test_every_table_of_a_run_is_the_same_value_by_value_and_type_by_type(database, small_run):
    home, _ = small_run
    rows = database.publish(Home(home))
    with support.published(home) as con, database.open() as there:
        there.execute("set timezone = 'UTC'")
        assert set(rows) == set(support.tables(con)) and len(rows) > 50
        for table in rows:
            ours = con.execute(f"select * from metrics.{table}").fetchall()
            theirs = there.execute(f"select * from metrics.{table}").fetchall()
            assert in_order(_plain(ours)) == in_order(_plain(theirs)), table
            kinds = con.execute(
                "select column_name, data_type from duckdb_columns() where table_name = ? order by column_index",
                [table],
            ).fetchall()
            said = there.execute(
                "select column_name, data_type, numeric_precision, numeric_scale from information_schema.columns "
                "where table_schema = 'metrics' and table_name = %s order by ordinal_position",
                [table],
            ).fetchall()
            assert [(c, TYPES.get(k, k)) for c, k in kinds] == [
                (c, f"DECIMAL({p},{s})" if k == "numeric" else k) for c, k, p, s in said
            ], table
            assert len(theirs) == rows[table]
    described(database, home)


def _plain(rows: list[tuple]) -> list[tuple]:
    return [tuple(v.timestamp() if hasattr(v, "timestamp") else v for v in row) for row in rows]


def described(database, home) -> None:
    """Each table and column has the published file's description; the table's says besides who writes it."""
    with support.published(home) as con:
        tables = dict(con.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = con.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'metrics'"
        ).fetchall()
    told = dict(
        database.ask(
            "select relname::text, obj_description(oid) from pg_class where relnamespace = 'metrics'::regnamespace"
        )
    )
    assert told == {
        name: f"{said}\n(onefunnel writes metrics.{name} anew with every publication)" for name, said in tables.items()
    }
    found = database.ask(
        "select c.relname::text, a.attname::text, col_description(c.oid, a.attnum) from pg_class c "
        "join pg_attribute a on a.attrelid = c.oid where relnamespace = 'metrics'::regnamespace and attnum > 0"
    )
    assert sorted(found) == sorted(columns) and all(text for *_, text in columns)


def test_awkward_values_arrive_as_they_are(database, published):
    texts = ["", "\\.", "\\N", "NULL", 'a "b", c', "line\nline\r\nline", "ನಮಸ್ಕಾರ ₹", " x ", "=1+1", "\t", "a\0b"]
    listed = ", ".join("'" + text.replace("'", "''").replace("\0", "' || chr(0) || '") + "'" for text in texts)
    tables = {
        "texts": f"select unnest([{listed}, null]) as word, 1 as one",
        "alone": f"select unnest([{listed}, null]) as word",
        "numbers": "select unnest(['inf'::double, '-inf', 'nan', -0.0, 1e-300, 0.1, 1/3.0, null]) as value",
        "money": "select unnest([9999999999999999.99, -0.01, null]::decimal(18,2)[]) as deal_amount",
        "instants": "select unnest(['2026-03-31 23:59:59.999999+05:30', '1970-01-01 00:00:00+00', null])::timestamptz "
        "as an_at",
        "nothing": "select 1 as one where false",
    }
    home = published("r1", tables)
    assert database.publish(home)["nothing"] == 0
    told = [text.replace("\0", "") for text in texts] + [None]
    for table in ("texts", "alone"):
        assert sorted(database.ask(f"select word from metrics.{table}"), key=repr) == sorted(
            ((t,) for t in told), key=repr
        )
    with support.published(home.root) as con:
        for table in ("numbers", "money", "instants"):
            ours = con.execute(f"select * from metrics.{table}").fetchall()
            assert in_order(_plain(ours)) == in_order(_plain(database.ask(f"select * from metrics.{table}"))), table


def test_a_users_view_table_and_index_survive_and_show_the_new_rows(database, published):
    database.publish(published("r1", ONE))
    with database.open() as con:
        con.execute("create schema theirs; create table metrics.notes as select 'mine' as words")
        con.execute("create view theirs.companies as select lead_id, company_name from metrics.leads")
        con.execute("create view metrics.all_leads as select * from metrics.leads")
        con.execute("create materialized view theirs.kept as select count(*) from metrics.leads")
        con.execute("create index mine on metrics.leads (lead_id)")
    wider = {"leads": "select 2 as lead_id, 'new' as channel, 'Beta' as company_name, 1::decimal(18,2) as deal_amount"}
    database.publish(published("r2", wider))
    assert database.ask("select * from theirs.companies") == [(2, "Beta")]
    assert database.ask("select lead_id, company_name from metrics.all_leads") == [(2, "Beta")]
    assert database.ask("select lead_id, channel from metrics.leads") == [(2, "new")]
    assert database.ask("select * from metrics.notes") == [("mine",)]
    assert database.ask("select count(*) from pg_indexes where indexname = 'mine'") == [(1,)]


NARROWER = {
    "a column goes": {"leads": "select 2 as lead_id, 1::decimal(18,2) as deal_amount"},
    "a column changes its type": {"leads": "select 2 as lead_id, 7 as company_name, 1::decimal(18,2) as deal_amount"},
    "a table goes": {"deals": "select 1 as deal_id"},
}


@pytest.mark.parametrize("name", NARROWER)
def test_what_a_view_reads_goes_only_once_the_view_does(database, published, name):
    database.publish(published("r1", ONE))
    with database.open() as con:
        con.execute("create schema theirs; create view theirs.companies as select company_name from metrics.leads")
    home = published("r2", NARROWER[name])
    with pytest.raises(Stop, match=r"postgres_views: .*theirs\.companies \(leads\.company_name\)") as stopped:
        database.publish(home)
    assert "\n" not in str(stopped.value)
    assert database.ask("select * from metrics.leads") == [(1, "Acme", 2.5)], "what was there stays whole"
    with database.open() as con:
        con.execute("drop view theirs.companies")
    database.publish(home)
    there = database.ask(
        "select table_name::text, column_name::text from information_schema.columns where table_schema = 'metrics'"
    )
    with support.published(home.root) as con:
        columns = con.execute("select table_name, column_name from duckdb_columns() where schema_name = 'metrics'")
        assert sorted(there) == sorted(columns.fetchall())
        for table in NARROWER[name]:
            listed = ", ".join(column for of, column in there if of == table)
            theirs = database.ask(f"select {listed} from metrics.{table}")
            assert theirs == con.execute(f"select {listed} from metrics.{table}").fetchall()


@pytest.mark.parametrize(
    "made",
    [
        "create table metrics.leads (lead_id integer, company_name text, deal_amount numeric(18,2))",
        "create view metrics.leads as select 1 as lead_id",
        "create table metrics.leads (like metrics.others including all)",
        "alter table metrics.others rename to leads",
    ],
)
def test_a_table_of_somebody_else_is_never_touched(database, published, made):
    database.publish(published("r1", {"others": "select 5 as lead_id"}), schema="metrics")
    with database.open() as con:
        con.execute(made)
    oid = database.ask("select 'metrics.leads'::regclass::oid")
    with pytest.raises(Stop, match="postgres_not_ours: schema metrics holds leads"):
        database.publish(published("r2", ONE))
    assert database.ask("select 'metrics.leads'::regclass::oid") == oid
    database.publish(published("r3", ONE), schema="beside")
    assert database.ask("select lead_id from beside.leads") == [(1,)]


def test_a_copy_restored_from_a_dump_is_still_ours(database, published):
    """Whose a table is does not hang on an object id, which a restored database gives anew."""
    database.publish(published("r1", ONE))
    told = database.ask("select obj_description('metrics.leads'::regclass)")[0][0]
    with database.open() as con:
        con.execute("drop table metrics.leads; create table metrics.leads (lead_id integer)")
        con.execute(psycopg.sql.SQL("comment on table metrics.leads is {}").format(psycopg.sql.Literal(told)))
    database.publish(published("r2", ONE))
    assert database.ask("select lead_id, company_name from metrics.leads") == [(1, "Acme")]


def test_what_is_published_is_the_file_of_now(database, published):
    home = published("r1", ONE)
    published("r2", {"leads": "select 9 as lead_id"})
    database.publish(home)
    assert database.ask("select * from metrics.leads") == [(9,)]
    with duckdb.connect(str(home.published / "onefunnel.duckdb"), read_only=True) as con:
        assert con.execute("select * from metrics.leads").fetchall() == [(9,)], "and it is open to others"
