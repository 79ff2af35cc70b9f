"""Publication: whole or not at all, readable by all, described, and without end of disk."""

from __future__ import annotations

import subprocess
import threading

import duckdb
import pytest

from onefunnel import publish as publishing
from onefunnel.home import Home
from onefunnel.publish import publish
from tests import support


@pytest.fixture()
def home(tmp_path):
    return Home(tmp_path)


def candidate(home: Home, number: int, rows: int = 1000) -> None:
    """A candidate whose two tables both say which publication they belong to."""
    home.candidate.parent.mkdir(parents=True, exist_ok=True)
    home.candidate.unlink(missing_ok=True)
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("create schema metrics; create schema funnel")
        con.execute(f"create table metrics.leads as select range as lead_id, {number} as run from range({rows})")
        con.execute(f"create table metrics.deals as select range as deal_id, {number} as run from range({rows})")
        con.execute("create table funnel.secret as select 'a@b.example' as email")
        con.execute("comment on table metrics.leads is 'Somebody''s leads. One row per lead.'")
        con.execute("comment on column metrics.leads.run is 'It''s the run.'")


def test_only_metrics_is_copied_with_its_descriptions(home):
    candidate(home, 1)
    assert publish(home, "r1") == {"deals": 1000, "leads": 1000}
    with support.published(home.root) as con:
        assert con.execute("select distinct schema_name from duckdb_tables()").fetchall() == [("metrics",)]
        assert con.execute("select comment from duckdb_tables() where table_name = 'leads'").fetchone()[0] == (
            "Somebody's leads. One row per lead."
        )
        told = con.execute("select comment from duckdb_columns() where table_name = 'leads' and column_name = 'run'")
        assert told.fetchone()[0] == "It's the run."
    assert sorted(path.name for path in (home.published / "parquet").iterdir()) == ["deals.parquet", "leads.parquet"]


def test_readers_never_see_an_error_or_a_mix_through_fifty_publications(home, monkeypatch):
    monkeypatch.setattr(publishing, "KEPT_VERSIONS", 5)  # the patient reader's file is deleted meanwhile
    candidate(home, 0)
    publish(home, "r0")
    patient = support.published(home.root)
    seen, wrong, stop = set(), [], threading.Event()
    script = (
        "import duckdb, sys\n"
        "for line in sys.stdin:\n"
        f"    with duckdb.connect({str(home.published / 'onefunnel.duckdb')!r}, read_only=True) as c:\n"
        "        print(*c.execute('select min(l.run), max(l.run), min(d.run), max(d.run), count(*) from metrics.leads l"
        " join metrics.deals d on lead_id = deal_id').fetchone(), flush=True)\n"
    )
    reader = subprocess.Popen(
        [support.sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def read():
        while not stop.is_set():
            reader.stdin.write("\n")
            reader.stdin.flush()
            answer = reader.stdout.readline().split()
            if len(answer) != 5 or len(set(answer[:4])) != 1 or answer[4] != "1000":
                wrong.append(answer)
                return
            seen.add(answer[0])
            stop.wait(0.05)

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(1, 51):
        candidate(home, number)
        publish(home, f"r{number}")
    stop.set()
    thread.join(timeout=30)
    reader.stdin.close()
    reader.wait(timeout=30)
    assert not wrong
    assert len(seen) > 10
    kept = "select max(l.run), max(d.run), count(*) from metrics.leads l, metrics.deals d where lead_id = deal_id"
    assert patient.execute(kept).fetchone() == (0, 0, 1000), "who has it open keeps the version that was opened"
    patient.close()


def test_a_publication_that_dies_half_way_changes_nothing(home, monkeypatch):
    candidate(home, 1)
    publish(home, "r1")
    before = support.bytes_hash(home.published / "parquet") | support.bytes_hash(home.published / "current")
    candidate(home, 2)

    def dies(folder):
        raise OSError("no space left on device")

    monkeypatch.setattr(publishing, "_sync", dies)
    with pytest.raises(OSError, match="no space"):
        publish(home, "r2")
    assert support.bytes_hash(home.published / "parquet") | support.bytes_hash(home.published / "current") == before
    monkeypatch.undo()
    publish(home, "r2")
    with support.published(home.root) as con:
        assert con.execute("select distinct run from metrics.leads").fetchall() == [(2,)]


def test_a_run_that_is_run_again_publishes_anew_and_never_writes_over_a_version(home):
    candidate(home, 1)
    publish(home, "r1")
    before = support.bytes_hash(home.published / "versions" / "r1")
    candidate(home, 2)
    publish(home, "r1")
    assert support.bytes_hash(home.published / "versions" / "r1") == before
    with support.published(home.root) as con:
        assert con.execute("select distinct run from metrics.leads").fetchall() == [(2,)]


def test_old_versions_are_forgotten_and_the_current_one_never(home, monkeypatch):
    monkeypatch.setattr(publishing, "KEPT_VERSIONS", 3)
    for number in range(6):
        candidate(home, number, rows=3)
        publish(home, f"r{number}")
    assert sorted(path.name for path in (home.published / "versions").iterdir()) == ["r3", "r4", "r5"]
    with support.published(home.root) as con:
        assert con.execute("select max(run) from metrics.leads").fetchone() == (5,)
