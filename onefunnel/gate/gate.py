"""Judge the candidate from the raw lake and run every published suite over the two sides."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from onefunnel import lake
from onefunnel.config import Sources
from onefunnel.gate.checks import Checker, Outcome
from onefunnel.gate.published import Judged
from onefunnel.home import Home


def judge_and_check(home: Home, sources: Sources, agreement: Path, as_of: datetime) -> list[Outcome]:
    """Every check of the second boundary, passed or failed, on the candidate as it is."""
    return check(home, judge(home, sources, agreement, as_of))


def judge(home: Home, sources: Sources, agreement: Path, as_of: datetime) -> Judged:
    """The gate's own word on the loads that the candidate was built from; its tables are not looked at."""
    from onefunnel.agreement import read_agreement
    from onefunnel.gate.stages import resell
    from onefunnel.judge import rejudge

    files = _configured(home, sources)
    verdicts = rejudge(files, agreement, as_of)
    sales = resell(files, agreement, as_of, verdicts)
    leads = verdicts.leads.merge(sales.leads, "left", "lead_id", validate="one_to_one")
    return Judged(
        leads=leads,
        handovers=verdicts.handovers,
        deals=sales.deals,
        counts=verdicts.counts,
        settings=read_agreement(agreement).settings,
        as_of=pd.Timestamp(as_of),
    )


def check(home: Home, judged: Judged) -> list[Outcome]:
    """The candidate beside what was judged, check by check."""
    from expectations import published as suites
    from onefunnel.gate import published as frames

    con = frames.open_candidate(home.candidate)
    try:
        pairs = [
            (frames.leads_frame(con, judged), suites.leads_suite()),
            (frames.handovers_frame(con, judged), suites.handovers_suite()),
            (frames.lists_frame(con, judged), suites.lists_suite()),
            (frames.deals_frame(con, judged), suites.deals_suite()),
            (frames.cohorts_frame(con, judged), suites.cohorts_suite()),
            (frames.totals_frame(con, judged), suites.totals_suite()),
        ]
    finally:
        con.close()
    checker = Checker()
    return [outcome for frame, suite in pairs for outcome in checker.check(frame, suite)]


def note_checks(home: Home, passed: int, warned: int) -> None:
    """run_info of the candidate says how many checks passed and how many warned."""
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("update metrics.run_info set checks_passed = ?, checks_warned = ?", [passed, warned])


def _configured(home: Home, sources: Sources) -> lake.Files:
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        loads = set(con.execute("select load_ids from run.context").fetchone()[0].split(", "))
    files = lake.completed_files(home, loads)
    return {
        source.name: {e: paths for e, paths in files.get(source.name, {}).items() if e in source.entities}
        for source in sources.sources
    }
