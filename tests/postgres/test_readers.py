"""Readers of PostgreSQL while versions are published: no error, no mix, no waiting; and the watch can see all three."""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg
import pytest

from onefunnel import postgres, postgres_shape
from onefunnel.errors import TryAgain
from tests.postgres.candidates import ROWS, SEEN, of_run, readers


def test_fifty_publications_and_nobody_sees_an_error_or_a_mix_or_waits(database, published):
    database.publish(published("r0", of_run(0)))
    with database.open(autocommit=False) as patient:
        patient.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        first = patient.execute(SEEN).fetchone()
        with readers(database) as watch:
            for number in range(1, 51):
                database.publish(published(f"r{number}", of_run(number)))
        assert not watch.wrong, watch.wrong[:3]
        assert len(watch.runs) > 20 and watch.reads > 200, (len(watch.runs), watch.reads)
        assert watch.slowest < 3, "a reader waits for no lock"
        assert patient.execute(SEEN).fetchone() == first == (0, 0, 0, 0, 0, ROWS), "its version is there as long as it"
    database.publish(published("r51", of_run(51)))
    size = "select sum(pg_relation_size(c.oid)) from pg_class c where relnamespace = 'metrics'::regnamespace"
    [(before,)] = database.ask(size)
    for _ in range(4):
        database.publish(published("r52", of_run(52)))
    [(after,)] = database.ask(size)
    assert after <= before, "rows of old versions make room for new ones"


def _truncates(statement, schema, table, *more):
    return postgres_shape.of(statement.replace("delete from", "truncate"), schema, table, *more)


MUTATIONS = {
    "each statement by itself": lambda patch: patch.setattr(
        psycopg.Connection, "transaction", lambda self: contextlib.nullcontext()
    ),
    "emptied at once": lambda patch: patch.setattr(postgres, "of", _truncates),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_watch_sees_a_publication_that_is_not_whole(database, published, monkeypatch, name):
    database.publish(published("r0", of_run(0)))
    monkeypatch.setattr(postgres_shape, "PATIENCE_SECONDS", 2)
    MUTATIONS[name](monkeypatch)
    with readers(database) as watch:
        for number in range(1, 31):
            with contextlib.suppress(TryAgain):
                database.publish(published(f"r{number}", of_run(number)))
            if watch.wrong:
                break
    assert watch.wrong


def test_a_new_column_comes_beside_readers_without_an_error(database, published):
    database.publish(published("r0", of_run(0)))
    with readers(database) as watch:
        for number in range(1, 9):
            wider = {
                name: f"select *, {number} as more_{number} from ({text})" for name, text in of_run(number).items()
            }
            database.publish(published(f"r{number}", wider))
            time.sleep(0.2)
    assert not watch.wrong, watch.wrong[:3]
    assert watch.slowest < 3 and len(watch.runs) > 3


def test_who_stays_in_a_transaction_delays_a_new_column_and_nobody_else(database, published, monkeypatch):
    monkeypatch.setattr(postgres_shape, "PATIENCE_SECONDS", 2)
    database.publish(published("r0", of_run(0)))
    wider = {name: f"select *, true as is_new from ({text})" for name, text in of_run(1).items()}
    home = published("r1", wider)
    refused = []

    def publish():
        try:
            database.publish(home)
        except TryAgain as why:
            refused.append(str(why))

    with database.open(autocommit=False) as idle:
        idle.execute("select count(*) from metrics.leads")
        thread = threading.Thread(target=publish)
        thread.start()
        slowest = 0.0
        while thread.is_alive():
            started = time.monotonic()
            assert database.ask(SEEN) == [(0, 0, 0, 0, 0, ROWS)]
            slowest = max(slowest, time.monotonic() - started)
        thread.join()
    assert "idle in transaction" in refused[0] and "\n" not in refused[0]
    assert slowest < 2, "others wait no longer than one short try"
    database.publish(home)
    assert database.ask("select distinct run, is_new from metrics.leads") == [(1, True)]


def test_a_publication_that_is_cut_off_leaves_the_version_before(database, published, monkeypatch):
    database.publish(published("r0", of_run(0)))
    home, real = published("r1", of_run(1)), postgres._copy

    def cut(con, schema, table, path):
        if table.name == "run_info":
            with database.admin() as admin:
                admin.execute("select pg_terminate_backend(%s)", [con.info.backend_pid])
        real(con, schema, table, path)

    monkeypatch.setattr(postgres, "_copy", cut)
    with pytest.raises(TryAgain, match="postgres_interrupted"):
        database.publish(home)
    assert database.ask(SEEN) == [(0, 0, 0, 0, 0, ROWS)]
    monkeypatch.undo()


def test_two_runs_do_not_publish_at_once(database, published):
    home = published("r0", of_run(0))
    database.publish(home)
    with database.open() as other:
        other.execute("select pg_advisory_lock(hashtext('onefunnel metrics'))")
        with pytest.raises(TryAgain, match="another run is publishing"):
            database.publish(home)
