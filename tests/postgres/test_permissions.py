"""Who may do what: the reader reads and nothing else, and what is refused is said in one line without a secret."""

from __future__ import annotations

import json
from types import SimpleNamespace

import psycopg
import pytest
from airflow.sdk.exceptions import AirflowFailException

from onefunnel import run as terminal
from onefunnel import tasks
from onefunnel.config import read_sources
from onefunnel.errors import Stop, TryAgain
from tests.postgres.candidates import of_run
from tests.postgres.conftest import PUBLISHER

REFUSED = [
    "insert into metrics.leads values (1, 1)",
    "update metrics.leads set run = 9",
    "delete from metrics.leads",
    "truncate metrics.leads",
    "drop table metrics.leads",
    "alter table metrics.leads add column x integer",
    "create table metrics.mine (x integer)",
    "comment on table metrics.leads is 'x'",
    "lock table metrics.leads in access exclusive mode",
]


@pytest.fixture
def bi(database) -> SimpleNamespace:
    """A login of a BI tool with a reader role of its own: user, reader."""
    names = SimpleNamespace(user=f"bi_{database.name}", reader=f"reader_{database.name}")
    with database.admin() as con:
        con.execute(f"create role {names.user} login password 'bi'")
    return names


def member(database, bi) -> None:
    with database.admin() as con:
        con.execute(f"grant {bi.reader} to {bi.user}")


def test_the_reader_role_reads_every_table_also_a_later_one_and_can_do_nothing_else(database, published, bi):
    database.publish(published("r1", of_run(1)), reader=bi.reader)
    member(database, bi)
    database.publish(published("r2", of_run(2) | {"later": "select 1 as one"}), reader=bi.reader)
    with database.open(bi.user, "bi") as con:
        assert con.execute("select max(run), (select one from metrics.later) from metrics.leads").fetchone() == (2, 1)
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), con.transaction():
                con.execute(statement)
    assert database.ask("select rolcanlogin, rolsuper from pg_roles where rolname = %s", bi.reader) == [(False, False)]


def test_a_reader_who_was_let_write_is_a_reader_again(database, published, bi):
    database.publish(published("r1", of_run(1)), reader=bi.reader)
    with database.open() as con:
        con.execute(f"grant insert, truncate on metrics.leads to {bi.reader}")
    database.publish(published("r2", of_run(2)), reader=bi.reader)
    assert database.ask("select has_table_privilege(%s, 'metrics.leads', 'insert, truncate')", bi.reader) == [(False,)]
    with database.open() as con:
        con.execute("grant delete on metrics.leads to public")
    with pytest.raises(Stop, match=f"postgres_reader: {bi.reader} may write"):
        database.publish(published("r3", of_run(3)), reader=bi.reader)
    assert database.ask("select max(run) from metrics.leads") == [(2,)]


def test_no_superuser_is_a_reader_and_none_is_needed(database, published):
    with pytest.raises(Stop, match="airflow is a superuser"):
        database.publish(published("r1", of_run(1)), reader="airflow")
    database.publish(published("r1", of_run(1)), reader=None)
    assert database.ask("select max(run) from metrics.leads") == [(1,)]


def test_a_publisher_who_may_not_make_roles_or_schemas_is_told_what_to_ask_for(database, published, monkeypatch, bi):
    with database.admin() as con:
        con.execute(f"create role plain_{database.name} login password 'plain'")
    monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_POSTGRES", database.address(f"plain_{database.name}", "plain"))
    home = published("r1", of_run(1))
    with pytest.raises(Stop, match="postgres_permission: PostgreSQL refused: permission denied for database"):
        database.publish(home)
    with database.admin() as con:
        con.execute(f"create schema metrics; grant usage, create on schema metrics to plain_{database.name}")
    with pytest.raises(Stop, match=f"an administrator runs: create role {bi.reader} nologin"):
        database.publish(home, reader=bi.reader)
    with database.admin() as con:
        con.execute(f"create role {bi.reader} nologin")
    with pytest.raises(Stop, match=f"its owner runs: grant usage on schema metrics to {bi.reader}"):
        database.publish(home, reader=bi.reader)
    with database.admin() as con:
        con.execute(f"grant usage on schema metrics to {bi.reader}")
    database.publish(home, reader=bi.reader)
    member(database, bi)
    with database.open(bi.user, "bi") as con:
        assert con.execute("select max(run) from metrics.leads").fetchone() == (1,)


CONNECTIONS = {
    "wrong password": (lambda d: d.address("publisher", "wr0ng-secret"), TryAgain, "password authentication failed"),
    "nobody there": (lambda d: "postgresql://publisher:wr0ng-secret@127.0.0.1:1/x", TryAgain, "was not reached"),
    "not escaped": (lambda d: "postgresql://publisher:wr0ng-secret/x@127.0.0.1:1/x", (Stop, TryAgain), "postgres_"),
    "no number": (lambda d: "postgresql://publisher:a@127.0.0.1:wr0ng-secret/x", Stop, "cannot be read"),
    "not a setting": (lambda d: d.address() + "?iam=true", Stop, "has an extra iam"),
    "empty, as compose gives it": (lambda d: "", Stop, "there is no Airflow connection onefunnel_postgres"),
    "not there": (None, Stop, "there is no Airflow connection onefunnel_postgres"),
}


@pytest.mark.parametrize("name", CONNECTIONS)
def test_a_connection_that_does_not_work_is_one_line_without_the_password(database, published, monkeypatch, name):
    address, kind, told = CONNECTIONS[name]
    monkeypatch.delenv("AIRFLOW_CONN_ONEFUNNEL_POSTGRES")
    if address:
        monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_POSTGRES", address(database))
    with pytest.raises(kind, match=told) as stopped:
        database.publish(published("r1", of_run(1)))
    line = str(stopped.value)
    assert "\n" not in line and "wr0ng" not in line and PUBLISHER not in line and "->" in line


def test_the_step_is_off_unless_configured_and_says_what_was_published(
    database, published, tmp_path, monkeypatch, capsys
):
    home = published("r1", of_run(1))
    said = home.run_dir("r1") / "progress.log"
    said.parent.mkdir(parents=True)
    sources = tmp_path / "sources.yml"
    run = {"run_id": "r1", "home": str(home.root), "sources_file": str(sources)}
    one = "sources: [{name: crm, kind: csv_folder, folder: x, entities: {leads: leads.csv}}]\n"
    monkeypatch.setenv("ONEFUNNEL_PROGRESS", str(said))
    sources.write_text(one, encoding="utf-8")
    assert tasks.guarded("publish_postgres", run, {}) == {} and not said.exists()
    sources.write_text(f"postgres:\n{one}", encoding="utf-8")
    assert tasks.guarded("publish_postgres", run, {}) == {"deals": 500, "leads": 500, "run_info": 1}
    assert "Publish to PostgreSQL: 3 tables, 1,001 rows, schema metrics" in said.read_text()
    monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_POSTGRES", database.address("publisher", "wr0ng-secret"))
    with pytest.raises(AirflowFailException):
        tasks.guarded("publish_postgres", run, {})
    assert json.loads((said.parent / "failure.json").read_text())["rule"] == "postgres_unreachable"
    assert terminal._say_why(home, said.parent) == 1
    told = capsys.readouterr().err
    assert "published as files; PostgreSQL keeps the version before, whole" in told and "wr0ng" not in told
    monkeypatch.delenv("ONEFUNNEL_PROGRESS")
    with pytest.raises(TryAgain):  # scheduled: Airflow tries again
        tasks.guarded("publish_postgres", run, {})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{schema: Metrics}", "key postgres.schema: 'Metrics' must be small letters"),
        ("{tables: x}", "key postgres.tables: 'x' is no key of sources.yml"),
        ("{reader: 'a; drop'}", "key postgres.reader: 'a; drop' must be small letters"),
        ("yes", "key postgres"),
    ],
)
def test_a_wrong_key_is_named(tmp_path, given, told):
    file = tmp_path / "sources.yml"
    file.write_text(
        f"postgres: {given}\nsources: [{{name: crm, kind: csv_folder, folder: x, entities: {{leads: l.csv}}}}]\n"
    )
    with pytest.raises(Stop) as stopped:
        read_sources(file)
    assert told in str(stopped.value)
