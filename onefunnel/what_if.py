"""What drafts of the agreement would have changed: a candidate beside the home's own, a table in the terminal."""

from __future__ import annotations

import csv
import json
import logging
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.errors import Stop
from onefunnel.home import CHECKOUT, Home, Scratch
from onefunnel.progress import step

SAMPLE = CHECKOUT / "examples/sample_company/sources.yml"
TABLES = ("definition_what_if", "definition_what_if_leads")
NO_DRAFT = (
    "add a row to signatures.csv with a new version and its four signature cells blank, and that version's rows to "
    "qualification.csv and intent_behaviours.csv"
)


def what_if(sources: Path | None, agreement: Path | None, home: Path | None, as_of: str | None) -> int:
    """The folder's drafts are judged on the home's lake and told in the terminal; nothing is published. Returns 0."""
    from onefunnel.config import read_sources
    from onefunnel.steps import instant_or_stop
    from onefunnel.warehouse import RunFacts

    place = Home(home.resolve()) if home else Home.from_environment()
    _lake_or_stop(place)
    _steps_to_the_terminal()
    last = _last_run(place)
    file = (sources or Path(last.get("sources_file") or SAMPLE)).resolve()
    read = read_sources(file)
    _delivered_or_stop(place, read, file)
    now = datetime.now(UTC)
    at = instant_or_stop(as_of) or _as_of(last, file) or read.as_of or now
    run = RunFacts(f"what-if-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}", at, now)
    drafts = _agreement(place, agreement or CHECKOUT / "agreement", read, at)
    folder = _folder(place)
    scratch = Scratch(folder / run.run_id, place)
    scratch.root.mkdir()
    try:
        figures, leads = _tried(scratch, run, read, drafts)
    finally:
        shutil.rmtree(scratch.root)
    from onefunnel.what_if_report import told

    for name, rows in zip(TABLES, (figures, leads), strict=True):
        _write(folder / f"{name}.csv", rows)
    print(told(figures, leads, drafts.settings, at))
    print(f"\n  the leads behind it: {folder / TABLES[1]}.csv; nothing was published")
    return 0


def _lake_or_stop(home: Home) -> None:
    from onefunnel.lake import completed_files

    if not completed_files(home):
        raise Stop(
            "no_lake",
            f"{home.root} holds no data yet, so there is no history to try a draft on",
            "make run first, or name the home of a finished run with HOME_DIR",
        )


def _steps_to_the_terminal() -> None:
    """What steps say goes to the person who waits."""
    log, handler = logging.getLogger("onefunnel"), logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def _last_run(home: Home) -> dict:
    """The facts of the home's newest run; empty where no run has left any."""
    found = []
    for path in home.root.glob("runs/*/run.json"):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            continue  # cut off while it was being written
    return max(found, key=lambda run: run["started_at"], default={})


def _delivered_or_stop(home: Home, sources, file: Path) -> None:
    from onefunnel.lake import completed_files

    found = set(completed_files(home))
    if not found & {source.name for source in sources.sources}:
        raise Stop(
            "no_lake",
            f"{home.root} holds nothing of the sources of {file}, only of {', '.join(sorted(found))}",
            "name the sources.yml that the home was run with: SOURCES=path/sources.yml",
        )


def _as_of(last: dict, file: Path) -> datetime | None:
    """The instant of the newest run on these sources: the lake holds no more than was known then."""
    return datetime.fromisoformat(last["as_of"]) if last.get("sources_file") == str(file) else None


def _folder(home: Home) -> Path:
    """The home's folder for this, the owner's alone, without what tries that were killed have left."""
    folder = home.root / "what_if"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    for left in folder.glob("what-if-*"):
        if not Path(f"/proc/{left.name.rsplit('-', 1)[1]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return folder


def _agreement(home: Home, folder: Path, sources, as_of: datetime):
    """The folder's agreement, valid, with at least one draft and every draft complete; else Stop."""
    from onefunnel.agreement import check_agreement, read_agreement
    from onefunnel.agreement.definition import check_draft
    from onefunnel.gate.words import unknown_deal_stages

    with step("Read the agreement") as tell:
        agreement = read_agreement(folder.resolve())
        check_agreement(agreement, as_of)
        unknown_deal_stages(home, sources, agreement)
        if not agreement.drafts:
            raise Stop("no_draft", f"{folder} has no draft: both sides have signed every version in it", NO_DRAFT)
        for line in agreement.rows["signatures"]:
            if line.version in agreement.drafts:
                check_draft(agreement, line)
        tell(f"drafts {', '.join(str(version) for version in agreement.drafts)}")
    return agreement


def _tried(scratch: Scratch, run, sources, agreement) -> tuple[list[dict], list[dict]]:
    """The rows of TABLES, from a candidate built for them alone."""
    import duckdb

    from onefunnel import warehouse

    with step("Judge history by the drafts and by the version in force") as tell:
        warehouse.prepare(scratch, run, sources, agreement)
        counts = warehouse.build_only(scratch, sources, list(TABLES))
        tell(f"{counts['models']} models, {counts['tests']} tests")
    with duckdb.connect(str(scratch.candidate), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        return tuple(_rows(con, f"select * from metrics.{name} order by all") for name in TABLES)


def _rows(con, sql: str) -> list[dict]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _write(path: Path, rows: list[dict]) -> None:
    """The rows as CSV for a spreadsheet; only the owner reads it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with open(part, "w", encoding="utf-8", newline="") as file:
        part.chmod(0o600)
        if rows:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    os.replace(part, path)
