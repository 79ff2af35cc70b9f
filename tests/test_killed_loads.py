"""Loads that die half way, and any sequence of exports: what the lake says afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefunnel import lake
from onefunnel.home import Home
from tests.places import HEADER, LEADS, Place, everything, names
from tests.support import CHECKOUT, environment

KILLER = """
import os, random, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
import dlt, dlt.destinations
from onefunnel import lake
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.home import Home

root, kills = Path(sys.argv[1]), int(sys.argv[2])
source = read_sources(root / "sources.yml").sources[0]
chance, append = random.Random(7), lake.append

def child(home):
    number = os.fork()
    if number == 0:
        try:
            extract(Home(home), source, root / "sources.yml", datetime(2026, 4, 2, tzinfo=UTC))
        finally:
            os._exit(0)
    return number

def timed(*given):
    begun.write_text(str(time.time()))
    append(*given)

# children that live say when a load begins and when it ends; the others die at moments in between
begun, lake.append = root / "begun", timed
for name in ("alive0", "alive1"):
    started = time.time()
    os.waitpid(child(root / name), 0)
first, last = float(begun.read_text()) - started, time.time() - started
for number in range(kills):
    begun.unlink()
    victim = child(root / f"home{number}")
    while not begun.exists():  # the machine may be slower now than it was for the ones that lived
        time.sleep(0.0005)
    time.sleep((last - first) * (number + chance.random()) / kills)
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)
"""


def comparable(place: Place) -> list[tuple]:
    return sorted(
        tuple(sorted((name, cell) for name, cell in row.items() if name != "_loaded_at" and cell is not None))
        for entity in ("leads", "deals")
        for row in place.current(entity)
    )


def test_a_killed_load_leaves_nothing_that_counts_or_hinders(tmp_path):
    place = Place(tmp_path, entities="{leads: leads.csv, deals: deals.csv}")
    deals = "deal_id,created_at\n" + "".join(f"D{n},2025-02-01\n" for n in range(3_000))
    leads = HEADER + "".join(f"L{n},2025-01-01,Company {n}\n" for n in range(3_000))
    (place.exports / "deals.csv").write_text(deals)
    place.extract(leads)
    kills, first = 7, place.home
    for name in ("alive0", "alive1", *(f"home{number}" for number in range(kills))):
        shutil.copytree(first.root, tmp_path / name)
    (place.exports / "leads.csv").write_text(leads.replace("Company 7", "Firm 7").replace("L1,", "LX,"))
    (place.exports / "deals.csv").write_text(deals + "D9999,2025-02-02\n")
    place.extract()
    undisturbed, before = comparable(place), everything(first)
    versions = len(place.versions()), len(place.versions("deals"))
    command = [sys.executable, "-c", KILLER, str(tmp_path), str(kills)]
    done = subprocess.run(command, env=environment(), cwd=CHECKOUT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    halfway = 0
    for number in range(kills):
        place.home = Home(tmp_path / f"home{number}")
        halfway += len(place.loads()) == 1 and (place.home.root / "unfinished" / "crm").exists()
        place.extract()
        assert comparable(place) == undisturbed
        assert (len(place.versions()), len(place.versions("deals"))) == versions
        assert place.extract()[0].skipped
        assert not any((place.home.root / "unfinished").glob("*"))
    assert everything(first) == before
    assert halfway, "every child died before or after its load: the test tests nothing"


@pytest.mark.parametrize("moved", range(3))
def test_a_load_that_dies_on_its_way_into_the_lake_does_not_count(place, monkeypatch, moved):
    place.extract(LEADS)
    left = iter(range(moved))
    move = os.replace

    def dies(*places):
        if next(left, None) is None:
            raise KeyboardInterrupt
        move(*places)

    with monkeypatch.context() as patch:
        patch.setattr(lake.os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):  # before the extractions, the leads or the mark are moved
            place.extract(LEADS.replace("Acme", "Acme Pumps"))
    assert names(place.current())["L1"] == "Acme" and len(place.loads()) == 1
    place.extract(LEADS.replace("Acme", "Acme Pumps"))
    assert len(place.versions()) == 4 and names(place.current())["L1"] == "Acme Pumps"


def test_files_of_a_load_that_was_not_completed_do_not_exist(place):
    place.extract(LEADS)
    (mark,) = (place.home.lake / "crm" / lake.LOADS).iterdir()
    whole = mark.read_text()
    for cut in ("", whole[: len(whole) // 2], whole.replace('"status":0', '"status":1')):
        mark.write_text(cut)
        assert not place.versions()
    mark.write_text(whole)
    assert len(place.versions()) == 3
    (place.home.root / "unfinished" / "crm").mkdir(parents=True)
    (place.home.root / "unfinished" / "crm" / "init").write_text("{")
    assert place.extract(LEADS.replace("Acme", "Acne"))[0].appended == 1


# -- whatever the files were, the lake ends with the last one


def write_at_once(home: Home, source: str, tables: dict) -> None:
    """What lake.append leaves behind, without dlt: fast enough for hundreds of loads."""
    load = f"{len(lake.load_ids(home)) + 1}.0"
    for entity, make in tables.items():
        folder = home.lake / source / entity
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.concat_tables(make()), folder / f"{load}.x.parquet")
    marks = home.lake / source / lake.LOADS
    marks.mkdir(exist_ok=True)
    (marks / f"{load}.jsonl").write_text(json.dumps({"load_id": load, "status": 0}))


CELLS = st.sampled_from(["", "a", "b", "=1+1", "x'y", 'q"q', "ü", "a|b", "two\nlines"])
ROWS = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "4", "1|2", ""]), CELLS, CELLS), min_size=1, max_size=7)


MAYBE_EMPTY = "{leads: {file: leads.csv, allow_empty: true}}"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(ROWS, min_size=1, max_size=5))
def test_after_full_snapshots_the_lake_holds_the_last_file(tmp_path_factory, files):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "append", write_at_once)
        place = Place(tmp_path_factory.mktemp("any"), entities=MAYBE_EMPTY)
        for rows in files:
            place.extract(as_csv(rows))
            assert landed(place.current()) == sorted(told(rows))
        loads, versions = place.loads(), len(place.versions())
        (read,) = place.extract(as_csv(files[-1]) + "\n")
        assert (read.appended, place.loads(), len(place.versions())) == (0, loads, versions)
        shutil.rmtree(place.root)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(ROWS, min_size=1, max_size=4))
def test_after_deltas_the_lake_holds_the_newest_row_of_each_key(tmp_path_factory, files):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "append", write_at_once)
        place = Place(tmp_path_factory.mktemp("any"), entities=MAYBE_EMPTY, more=", snapshot: delta")
        expected = {}
        for rows in files:
            place.extract(as_csv(rows))
            expected |= {row[:2]: row for row in told(rows)}
        assert landed(place.current()) == sorted(expected.values())
        shutil.rmtree(place.root)


def as_csv(rows: list[tuple]) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    return "lead_id,created_at,company_name\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)


def told(rows: list[tuple]) -> list[tuple]:
    """Key, occurrence and cells of each row that is not blank."""
    seen: dict[str, int] = {}
    out = []
    for row in rows:
        if any(row):
            seen[row[0]] = seen.get(row[0], 0) + 1
            out.append((row[0], seen[row[0]], *row[1:]))
    return out


def landed(rows: list[dict]) -> list[tuple]:
    return sorted(
        (row["_key"] or "", int(row["_occurrence"]), row["created_at"] or "", row["company_name"] or "") for row in rows
    )
