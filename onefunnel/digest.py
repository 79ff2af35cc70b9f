"""The daily digest: objections that marketing has not seen yet, as a file, a message and a record of it.

Order matters: write, send, record. A run that dies on its way has recorded nothing, and the next one shows the same
objections again, under the same name; what is recorded is never shown again. A run that judges as of a pinned instant
records and sends nothing, for nobody was shown anything then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from onefunnel import lake
from onefunnel.digest_text import as_csv, as_markdown, deals_of
from onefunnel.errors import Stop
from onefunnel.home import Home, write_whole
from onefunnel.records import record
from onefunnel.sources import own

Send = Callable[["Digest"], None]


@dataclass(frozen=True)
class Digest:
    """What one digest shows: its file, the local day, the objections as rows of metrics.objection_digest.

    deal_amounts: deal at stake -> its amount in currency; aged_out: how many left the digest's days unseen.
    """

    path: Path
    day_on: date
    currency: str
    objections: list[dict]
    deal_amounts: dict
    is_live: bool
    aged_out: int = 0

    @property
    def table(self) -> Path:
        return self.path.with_suffix(".csv")

    @property
    def text(self) -> str:
        return as_markdown(self)


def show(home: Home, run_id: str, is_live: bool, sends: dict[str, Send]) -> Digest | None:
    """The run's new objections are in <home>/published/digests/<local day>.md and .csv, sent, recorded; None if none.

    sends: channel -> how it is sent; a channel that was served is not served again when this run's step is repeated.
    """
    facts, objections, amounts = _published(home, run_id)
    shown = _log(home)
    if is_live:  # this very step may have been through before
        known = {row["objection_id"] for row in shown}
        objections = [row for row in objections if row["objection_id"] not in known]
    if not objections:
        return None
    day = facts["as_of_at"].astimezone(ZoneInfo(facts["timezone"])).date()
    path, aged_out = _path(home, day, shown), facts["aged_out"]
    digest = Digest(path, day, facts["reporting_currency"], objections, amounts, is_live, aged_out)
    write_whole(digest.table, as_csv(objections))
    write_whole(digest.path, digest.text)
    if is_live:
        _send(home.run_dir(run_id) / "digest_sent.json", digest, sends)
        _record(home, digest)
    return digest


def _published(home: Home, run_id: str) -> tuple[dict, list[dict], dict]:
    path = home.published / "onefunnel.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        facts = _rows(con, "select run_id, as_of_at, timezone, reporting_currency from metrics.run_info")[0]
        if facts["run_id"] != run_id:
            raise Stop(
                "one_run_at_a_time",
                f"what is published in {home.published} is of another run by now ({facts['run_id']})",
                "that run shows its objections itself; nothing is lost",
            )
        aged_out = "select count(*) from metrics.objections where digest_status = 'aged out'"
        facts["aged_out"] = con.execute(aged_out).fetchone()[0]
        objections = _rows(con, "select * from metrics.objection_digest order by category, raised_at, objection_id")
        deals = {deal for row in objections for deal in deals_of(row)}
        found = con.execute(
            "select deal_id, deal_amount from metrics.deals where list_contains(?, deal_id)", [[*deals]]
        )
        return facts, objections, dict(found.fetchall())


def _rows(con, sql: str) -> list[dict]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _log(home: Home) -> list[dict]:
    """What was ever recorded as shown: objection_id and the file."""
    files = lake.completed_files(home).get(own.NAME, {}).get("digests", [])
    with duckdb.connect() as con:
        return _rows(
            con,
            "select distinct _ids_of || ':' || objection_id as objection_id, _file as file "
            f"from ({lake.rows_of(con, files, ['_ids_of', '_file', 'objection_id'])})",
        )


def _path(home: Home, day: date, shown: list[dict]) -> Path:
    """The day's next file after those recorded; one that was written and not recorded is written over."""
    files = {row["file"] for row in shown if row["file"].startswith(f"{day}")}
    return home.published / "digests" / (f"{day}-{len(files) + 1}.md" if files else f"{day}.md")


def _send(note: Path, digest: Digest, sends: dict[str, Send]) -> None:
    ids = sorted(row["objection_id"] for row in digest.objections)
    served = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    for channel, send in sends.items():
        if served.get(channel) != ids:
            send(digest)
            served[channel] = ids
            write_whole(note, json.dumps(served))


def _record(home: Home, digest: Digest) -> None:
    """A load of the lake's own source says what was shown when; the next run reads it as entity digests."""
    now = datetime.now(UTC).isoformat()
    rows = []
    for row in digest.objections:
        ids_of, _, objection_id = row["objection_id"].partition(":")
        told = {"_ids_of": ids_of, "_key": f"{row['objection_id']}|{now}"}
        rows.append(told | {"objection_id": objection_id, "shown_at": now})
    record(home, "digests", rows, file=digest.path.name)
