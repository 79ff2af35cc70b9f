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


def rows(con, table: str, left_out: set[str]) -> Counter:
    columns = [row[0] for row in con.execute(f"describe metrics.{table}").fetchall() if row[0] not in left_out]
    listed = ", ".join(f'"{column}"' for column in columns)
    return Counter(con.execute(f"select {listed} from metrics.{table}").fetchall())


def differences(one: Path, other: Path) -> dict[str, tuple]:
    """Table -> how many rows only either side has, and one of each."""
    found = {}
    with duckdb.connect(str(one), read_only=True) as a, duckdb.connect(str(other), read_only=True) as b:
        named = a.execute("select table_name from duckdb_tables() where schema_name = 'metrics' order by 1").fetchall()
        for (table,) in named:
            mine, theirs = (rows(con, table, set()) for con in (a, b))
            if mine != theirs:
                found[table] = tuple(
                    (sum(less.values()), next(iter(less), None)) for less in (mine - theirs, theirs - mine)
                )
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
    for table, sides in found.items():
        print(table, sides)
    failed = [
        o
        for o in judge_and_check(whole, read_sources(support.SAMPLE_SOURCES), AGREEMENT, moment)
        if not o.passed and o.stops
    ]
    assert not failed, [(o.rule, o.failed, o.rows.head(2).to_dict("records")) for o in failed]
    assert not found
