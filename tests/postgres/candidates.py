"""Candidates as small as a test wants them, and readers who look while versions of them are published."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import psycopg

from onefunnel.home import Home

ROWS = 500
# the same run in each table, so that any two of them show a mix
OF_A_RUN = {
    "deals": f"select range as deal_id, {{run}} as run from range({ROWS})",
    "leads": f"select range as lead_id, {{run}} as run from range({ROWS})",
    "run_info": "select {run} as run, 'r{run}' as run_id",
}
SEEN = """
select min(l.run), max(l.run), min(d.run), max(d.run), max(i.run), count(*)
from metrics.leads l join metrics.deals d on l.lead_id = d.deal_id cross join metrics.run_info i
"""


def of_run(number: int) -> dict[str, str]:
    return {name: text.format(run=number) for name, text in OF_A_RUN.items()}


def candidate(home: Home, tables: dict[str, str], comments: dict[str, str]) -> None:
    """The home's candidate holds exactly these tables of metrics (name -> select)."""
    home.candidate.parent.mkdir(parents=True, exist_ok=True)
    home.candidate.unlink(missing_ok=True)
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("set timezone = 'UTC'; create schema metrics")
        for name, select in tables.items():
            con.execute(f"create table metrics.{name} as {select}")
        for name, told in comments.items():
            kind = "column" if "." in name else "table"
            con.execute(f"comment on {kind} metrics.{name} is '{told}'")


@dataclass
class Watch:
    """What the readers saw: runs, what was wrong, the longest that one statement took."""

    runs: set[int] = field(default_factory=set)
    wrong: list = field(default_factory=list)
    slowest: float = 0.0
    reads: int = 0

    def saw(self, values: list) -> None:
        """run, run, ..., number of rows: all of one run and all of its rows."""
        *runs, rows = values
        self.reads += 1
        if len(set(runs)) != 1 or rows != ROWS:
            self.wrong.append(values)
        else:
            self.runs.add(runs[0])

    def timed(self, con, statement: str):
        started = time.monotonic()
        row = con.execute(statement).fetchone()
        self.slowest = max(self.slowest, time.monotonic() - started)
        return row


def _joins(database, watch: Watch) -> None:
    """One statement over three tables."""
    with database.open() as con:
        while True:
            watch.saw(list(watch.timed(con, SEEN)))
            time.sleep(0.02)
            yield


def _repeats(database, watch: Watch, first: str) -> None:
    """One transaction, table by table, whose snapshot `first` takes."""
    with database.open(autocommit=False) as con:
        con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        while True:
            watch.timed(con, first)
            time.sleep(0.03)
            leads = watch.timed(con, "select min(run), max(run), count(*) from metrics.leads")
            time.sleep(0.03)
            deals = watch.timed(con, "select min(run), max(run) from metrics.deals")
            run = watch.timed(con, "select max(run) from metrics.run_info")
            con.rollback()
            watch.saw([*run, *deals, *leads])
            yield


def _comes_anew(database, watch: Watch) -> None:
    """A new connection for each look, through the view of a user."""
    while True:
        with database.open() as con:
            watch.saw(list(watch.timed(con, "select * from theirs.seen")))
        time.sleep(0.1)
        yield


@contextmanager
def readers(database):
    """Four kinds of readers look until the block ends; yields what they see."""
    watch, stop = Watch(), threading.Event()
    with database.open() as con:
        con.execute(
            f"create schema if not exists theirs; create or replace view theirs.seen(a, b, c, d, e, f) as {SEEN}"
        )

    def go(looks):
        try:
            for _ in looks:
                if stop.is_set():
                    return
        except Exception as error:
            watch.wrong.append(repr(error))

    kinds = [
        _joins(database, watch),
        _repeats(database, watch, "select max(run) from metrics.run_info"),
        _repeats(database, watch, "select count(*) from pg_class"),
        _comes_anew(database, watch),
    ]
    threads = [threading.Thread(target=go, args=[kind], daemon=True) for kind in kinds]
    for thread in threads:
        thread.start()
    try:
        yield watch
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
