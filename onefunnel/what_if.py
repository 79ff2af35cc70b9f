"""What drafts of the agreement would have changed: a candidate beside the home's own, a table in the terminal."""

from __future__ import annotations

import csv
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.beside import as_of_last, delivered_or_stop, lake_or_stop, last_run, steps_to_the_terminal
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
    lake_or_stop(place)
    steps_to_the_terminal()
    last = last_run(place)
    file = (sources or Path(last.get("sources_file") or SAMPLE)).resolve()
    read = read_sources(file)
    delivered_or_stop(place, read, file)
    now = datetime.now(UTC)
    at = instant_or_stop(as_of) or as_of_last(last, file) or read.as_of or now
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
