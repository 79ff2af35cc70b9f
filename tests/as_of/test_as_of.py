"""A run as of an earlier moment on the whole lake equals a run on raw extracts that were filtered to that moment."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from onefunnel import warehouse
from onefunnel.agreement import read_agreement
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.gate.gate import judge_and_check
from onefunnel.home import Home
from tests import support
from tests.as_of import extracts

AGREEMENT = support.CHECKOUT / "agreement"
MADE_LATER = datetime(2026, 4, 2, tzinfo=UTC)
# the moment, and the exports that were made before it
MOMENTS = {
    "within a quarter": ("2025-11-14T09:30:00+00:00", "2025-06-30T18:30:00+00:00", "2025-10-06T03:30:00+00:00"),
    "at the end of a fiscal year": (
        "2025-03-31T18:30:00+00:00",
        "2024-11-04T03:30:00+00:00",
        "2025-02-17T03:30:00+00:00",
    ),
}
# tables of what was delivered, of which filtered files have less, and of the run itself
NOT_COMPARED = {
    "source_rows": "rows in, and rows after AS_OF",
    "data_faults": "rows that would be excluded if they were not after AS_OF, and where a row stands in its file",
    "run_info": "the loads, and how many data faults there are",
    "source_freshness": "the loads",
}
# of weekly_review the section that tells of the loads and the faults
COMPARED = {"weekly_review": "where section <> 'health'"}


def changed(export: extracts.Export, number: int) -> extracts.Export:
    """Deals are deleted; a desk without a log gives other amounts, dates and stages; sales changes its mind."""
    gone = {row["deal_id"] for place, row in enumerate(export["crm/deals.csv"]) if place % 17 == 5 * number}
    for name in ("crm/deals.csv", "crm/deal_changes.csv"):
        export[name] = [row for row in export[name] if row["deal_id"] not in gone]
    cells = [("amount", "98765"), ("expected_close_on", ""), ("currency", "USD"), ("stage", "Offer Sent")]
    desk = export["export_desk/deals.csv"]
    for place, row in enumerate(desk):
        name, value = cells[(place + number) % len(cells)]
        if place % 3 != 2:
            row[name] = value
    export["export_desk/deals.csv"] = desk[number % 2 :]
    for row in export["crm/deals.csv"][number::5]:
        row["forecast_category"] = "omitted" if number == 1 else "commit"
    return export


def lake(folder: Path, made: list[tuple[datetime, extracts.Export]], like: Path, monkeypatch) -> Home:
    """A home whose lake holds these exports, each loaded when it was made."""
    home = Home(folder / "home")
    for number, (at, export) in enumerate(made):
        monkeypatch.setenv("SAMPLE_EXPORT", str(extracts.write(export, like, folder / f"exports{number}")))
        for source in read_sources(support.SAMPLE_SOURCES).sources:
            extract(home, source, support.SAMPLE_SOURCES, at)
    return home


def published(home: Home, as_of: datetime) -> Path:
    sources = read_sources(support.SAMPLE_SOURCES)
    warehouse.prepare(home, warehouse.RunFacts("r", as_of, MADE_LATER), sources, read_agreement(AGREEMENT))
    warehouse.build(home, sources, tests=False)
    return home.candidate


def differences(one: Path, other: Path) -> dict[str, tuple]:
    """Table -> how many rows only either side has, and one of each."""
    found = {}
    with duckdb.connect(str(one), read_only=True) as a, duckdb.connect(str(other), read_only=True) as b:
        named = a.execute("select table_name from duckdb_tables() where schema_name = 'metrics' order by 1").fetchall()
        for (table,) in named:
            rows = f"from metrics.{table} {COMPARED.get(table, '')}"
            mine, theirs = (Counter(con.execute(rows).fetchall()) for con in (a, b))
            if mine != theirs:
                less = (mine - theirs, theirs - mine)
                found[table] = tuple((sum(rows.values()), next(iter(rows), None)) for rows in less)
    return found


@pytest.mark.parametrize("when", MOMENTS)
def test_as_of_a_moment_is_what_was_known_at_it(small_exports, tmp_path, monkeypatch, when):
    moment, *earlier = (datetime.fromisoformat(text) for text in MOMENTS[when])
    made = [(at, extracts.really_made(at, extracts.read(small_exports))) for at in earlier]
    made[1] = (made[1][0], changed(made[1][1], 1))
    made.append((MADE_LATER, changed(extracts.read(small_exports), 2)))
    whole = lake(tmp_path / "whole", made, small_exports, monkeypatch)
    by_then = [*made[:2], (moment, extracts.at_moment(moment, made))]
    filtered = lake(tmp_path / "filtered", by_then, small_exports, monkeypatch)
    found = differences(published(whole, moment), published(filtered, moment))
    assert not set(found) - set(NOT_COMPARED), {table: found[table] for table in set(found) - set(NOT_COMPARED)}
    with duckdb.connect(str(whole.candidate), read_only=True) as con:
        told = con.execute("select distinct movement from metrics.pipeline_movements where moved_at <= ?", [moment])
        assert {"created", "pulled_in", "pushed_out", "won", "lost", "scrubbed"} <= {row[0] for row in told.fetchall()}
    outcomes = judge_and_check(whole, read_sources(support.SAMPLE_SOURCES), AGREEMENT, moment)
    failed = [outcome for outcome in outcomes if outcome.stops and not outcome.passed]
    assert not failed, [(o.rule, o.failed, o.rows.head(2).to_dict("records")) for o in failed]
