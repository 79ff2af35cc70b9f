"""The steps of one run, each a task of the DAG: they take and return small JSON-able facts."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.errors import Stop
from onefunnel.home import CHECKOUT, Home, alone_in, write_whole
from onefunnel.progress import count, say, step

WAIT_SECONDS = 900  # a scheduled step waits this long for another run to leave the home


def start_run(dag_run_id: str) -> dict:
    """One run's facts: run_id, as_of, started_at, sources_file, agreement_dir, home, sources (names)."""
    from onefunnel.config import folder_of, read_sources

    sources_file = Path(
        os.environ.get("ONEFUNNEL_SOURCES") or CHECKOUT / "examples/sample_company/sources.yml"
    ).resolve()
    sources = read_sources(sources_file)
    for source in sources.sources:
        folder_of(source, sources_file)
    now = datetime.now(UTC)
    pinned = instant_or_stop(os.environ.get("ONEFUNNEL_AS_OF")) or sources.as_of
    as_of = pinned or now
    run = {
        # Airflow keeps a run's id when it is cleared and run again; what it publishes then is another version
        "run_id": os.environ.get("ONEFUNNEL_RUN_ID")
        or f"{re.sub(r'[^0-9A-Za-z]+', '-', dag_run_id).strip('-')}--{now:%Y%m%dT%H%M%SZ}",
        "as_of": as_of.astimezone(UTC).isoformat(),
        "is_live": pinned is None,
        "started_at": now.isoformat(),
        "sources_file": str(sources_file),
        "agreement_dir": str(Path(os.environ.get("ONEFUNNEL_AGREEMENT") or CHECKOUT / "agreement").resolve()),
        "home": str(Home.from_environment().root),
        "sources": [source.name for source in sources.sources],
    }
    _home(run).keep_private()
    write_whole(_home(run).run_dir(run["run_id"]) / "run.json", json.dumps(run, indent=2))
    say(f"  as of {run['as_of']}; home {run['home']}; sources {', '.join(run['sources'])}")
    return run


def extract_source(run: dict, name: str) -> dict:
    """The named source's new rows are in the lake; returns rows read and appended per entity."""
    from onefunnel.extract import extract

    sources = _sources(run)
    with alone_in(_home(run), run["run_id"], WAIT_SECONDS), step(f"Extract {name}") as tell:
        reads = extract(_home(run), sources.named(name), Path(run["sources_file"]), _instant(run["started_at"]))
        tell(f"{count(sum(r.rows for r in reads))} rows, {count(sum(r.appended for r in reads))} new")
    return {read.entity: [read.rows, read.appended] for read in reads}


def check_landed(run: dict) -> dict:
    """What landed can be built from; else Stop."""
    from expectations.landed import landed_suite
    from onefunnel.gate.checks import Checker
    from onefunnel.gate.landed import landed_frame

    with step("Check what landed") as tell:
        outcomes = Checker().check(landed_frame(_home(run), _sources(run)), landed_suite())
        return _decide(run, outcomes, tell)


def load_agreement(run: dict) -> dict:
    """The agreement is valid, in force, and knows every stage of the deals that landed."""
    from onefunnel.agreement import check_agreement, read_agreement
    from onefunnel.agreement.definition import whole_drafts
    from onefunnel.gate.words import unknown_deal_stages

    with step("Read the agreement") as tell:
        agreement = read_agreement(Path(run["agreement_dir"]))
        check_agreement(agreement, _instant(run["as_of"]))
        unknown_deal_stages(_home(run), _sources(run), agreement)
        tell(f"signed versions {', '.join(str(line.version) for line in agreement.signed)}")
        _freeze(run)
        whole = whole_drafts(agreement)
        for draft in agreement.drafts:
            tried = (
                "what it would change stands in metrics.definition_what_if" if draft in whole else "it is not complete"
            )
            say(f"    version {draft} is an unsigned draft: ignored; {tried}")
        return {"signed": [line.version for line in agreement.signed], "drafts": agreement.drafts}


def build_funnel(run: dict) -> dict:
    """The candidate holds every table, built from nothing but lake, agreement and as-of."""
    from onefunnel import warehouse
    from onefunnel.agreement import read_agreement
    from onefunnel.lineage import keep_lineage

    home, sources = _home(run), _sources(run)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Build the funnel") as tell:
        facts = warehouse.RunFacts(run["run_id"], _instant(run["as_of"]), _instant(run["started_at"]))
        warehouse.prepare(home, facts, sources, read_agreement(_frozen(run)))
        counts = warehouse.build(home, sources)
        keep_lineage(home, run["run_id"])
        tell(f"{counts['models']} models, {counts['tests']} tests")
    return counts


def check_candidate(run: dict) -> dict:
    """The candidate's verdicts equal those judged anew from the raw lake; else Stop."""
    from onefunnel.gate.gate import judge_and_check

    home = _home(run)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Judge again from the raw data") as tell:
        from onefunnel.warehouse import owned_by

        owned_by(home, run["run_id"])
        outcomes = judge_and_check(home, _sources(run), _frozen(run), _instant(run["as_of"]))
        return _decide(run, outcomes, tell)


def publish_tables(run: dict, landed: dict, checked: dict) -> dict:
    """BI reads this run's tables; returns rows per table."""
    from onefunnel.gate.gate import note_checks
    from onefunnel.publish import publish
    from onefunnel.warehouse import owned_by

    home = _home(run)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Publish") as tell:
        owned_by(home, run["run_id"])
        note_checks(home, landed["passed"] + checked["passed"], landed["warned"] + checked["warned"])
        rows = publish(home, run["run_id"])
        tell(f"{len(rows)} tables, {count(sum(rows.values()))} rows")
    return rows


def publish_postgres(run: dict, published: dict) -> dict:
    """PostgreSQL, where sources.yml names it, shows the tables just published; returns rows per table."""
    to = _sources(run).postgres
    if to is None:
        return {}
    from onefunnel.postgres import publish_to_postgres

    home = _home(run)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Publish to PostgreSQL") as tell:
        rows = publish_to_postgres(home, to)
        tell(f"{len(rows)} tables, {count(sum(rows.values()))} rows, schema {to.schema_name}")
    return rows


def freeze_forecast(run: dict, published: dict) -> dict:
    """What was published as forecast is kept as it was, the first of the week; returns how many rows are new."""
    from onefunnel.forecast.freeze import freeze

    home = _home(run)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Keep the forecast as published") as tell:
        rows = freeze(home, run["run_id"], run["is_live"])
        tell(f"{count(rows)} rows are new" if run["is_live"] else "nothing is kept: AS_OF is given")
    return {"rows": rows}


def show_objections(run: dict, published: dict) -> dict:
    """Marketing has seen the objections that are new; returns how many and in which file (none: no file)."""
    from onefunnel.digest import show
    from onefunnel.digest_text import headline
    from onefunnel.send import channels

    home, sends = _home(run), channels(_sources(run).digest)
    with alone_in(home, run["run_id"], WAIT_SECONDS), step("Show new objections to marketing") as tell:
        digest = show(home, run["run_id"], run["is_live"], sends)
        facts = {"objections": len(digest.objections), "path": str(digest.path)} if digest else {"objections": 0}
        tell(f"{headline(digest)} -> {digest.path}" if digest else "none is new")
        if digest and not digest.is_live:
            tell("not recorded as shown: AS_OF is given")
        write_whole(home.run_dir(run["run_id"]) / "digest.json", json.dumps(facts))
    return facts


def write_pages() -> dict:
    """Every page shows what is published; one that could not be made fails the step, and stays as it was."""
    from onefunnel.review import write_pages as write

    failed = write(Home.from_environment())
    if failed:
        raise RuntimeError("; ".join(f"the page '{page}' could not be made: {why}" for page, why in failed.items()))
    return {"failed": 0}


def deliver_review() -> dict:
    """Those who want it have the week's review; returns what was sent to whom."""
    from onefunnel.deliver import deliver_review as deliver
    from onefunnel.pages.published import opened

    home = Home.from_environment()
    with opened(home) as published:
        run_id = published.facts["run_id"]
    return deliver(home, run_id)


def _decide(run: dict, outcomes: list, tell) -> dict:
    """Warnings are said, a failed stop ends the run, and its rows are where a person can open them."""
    from onefunnel.gate.checks import write_audit
    from onefunnel.gate.noted import note_outcomes

    note_outcomes(_home(run), run["run_id"], outcomes)
    folder = _home(run).audit_dir(run["run_id"])
    failed = [outcome for outcome in outcomes if not outcome.passed]
    paths = {outcome.rule: write_audit(folder, outcome) for outcome in failed}
    for outcome in failed:
        if not outcome.stops:
            say(f"    warning {outcome.rule}: {count(outcome.failed)} rows -> {outcome.do} ({paths[outcome.rule]})")
    stops = [outcome for outcome in failed if outcome.stops]
    if stops:
        first = stops[0]
        others = f"; and {len(stops) - 1} more: {', '.join(o.rule for o in stops[1:])}" if stops[1:] else ""
        raise Stop(
            first.rule,
            f"{count(first.failed)} rows fail it ({', '.join(first.columns)}), listed in {paths[first.rule]}{others}",
            first.do,
            [_row_text(row, first.columns) for row in first.rows.head(3).to_dict("records")],
        )
    tell(f"{len(outcomes) - len(failed)} checks passed, {len(failed)} warned")
    return {"passed": len(outcomes) - len(failed), "warned": len(failed)}


def _row_text(row: dict, columns: list[str]) -> str:
    named = [
        name for name in row if name in columns or name.endswith("_id") or name in ("total", "source_name", "entity")
    ]
    return ", ".join(f"{name} {row[name]}" for name in named)


def _frozen(run: dict) -> Path:
    """The agreement as it was when it was checked; an edit in between is the next run's."""
    return _home(run).run_dir(run["run_id"]) / "agreement"


def _freeze(run: dict) -> None:
    shutil.rmtree(_frozen(run), ignore_errors=True)
    shutil.copytree(run["agreement_dir"], _frozen(run), ignore=shutil.ignore_patterns("*.md"))


def _home(run: dict) -> Home:
    return Home(Path(run["home"]))


def _sources(run: dict):
    from onefunnel.config import read_sources

    return read_sources(Path(run["sources_file"]))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def instant_or_stop(text: str | None) -> datetime | None:
    """The instant that the text names, None where there is no text; Stop where it is none with a zone."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Stop("as_of", f"AS_OF '{text}' is not an instant with a zone", "write it like 2026-03-31T00:00:00Z")
    return instant
