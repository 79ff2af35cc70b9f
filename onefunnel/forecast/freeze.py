"""Published forecasts are kept as they were: the first of each week, by quarter, method and segment, in the lake.

Written after publication and only by a run that judges as of now, for nobody was told anything as of a pinned instant.
A run that dies before has kept nothing, and the next one of the week is then the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb

from onefunnel import lake
from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.records import record
from onefunnel.sources import own

KEY = ("week_start_on", "fiscal_quarter", "method", "segment")


def freeze(home: Home, run_id: str, is_live: bool) -> int:
    """The run's published forecasts whose key no earlier run has kept are in the lake; returns how many these are."""
    if not is_live:
        return 0
    kept, now = _kept(home), datetime.now(UTC)
    rows = [_text(row, run_id, now) for row in _published(home, run_id)]
    fresh = [row for row in rows if tuple(row[name] for name in KEY) not in kept]
    if fresh:
        record(home, "forecasts", fresh, file=f"forecast of {fresh[0]['as_of_on']}")
    return len(fresh)


def _published(home: Home, run_id: str) -> list[dict]:
    """What the run forecast, where it could; Stop when another run has published since."""
    with duckdb.connect(str(home.published / "onefunnel.duckdb"), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        (owner,) = con.execute("select run_id from metrics.run_info").fetchone()
        if owner != run_id:
            raise Stop(
                "one_run_at_a_time",
                f"what is published in {home.published} is of another run by now ({owner})",
                "that run keeps its forecasts itself; nothing is lost",
            )
        found = con.execute(
            "select * from metrics.revenue_forecast where is_current and expected_amount is not null "
            "order by horizon, method, segment"
        )
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _text(row: dict, run_id: str, now: datetime) -> dict[str, str | None]:
    """The row as the lake's text, with the Monday of its week and its key."""
    day: date = row["as_of_on"]
    told = row | {"week_start_on": day - timedelta(days=day.weekday()), "frozen_at": now, "run_id": run_id}
    text = {name: _cell(told[name]) for name in own.FORECASTS}
    return text | {"_key": "|".join(text[name] for name in (*KEY, "frozen_at"))}


def _cell(value) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value is None else str(value)


def _kept(home: Home) -> set[tuple]:
    """The keys that are in the lake."""
    files = lake.completed_files(home).get(own.NAME, {}).get("forecasts", [])
    with duckdb.connect() as con:
        return set(
            con.execute(f"select distinct {', '.join(KEY)} from ({lake.rows_of(con, files, [*KEY])})").fetchall()
        )
