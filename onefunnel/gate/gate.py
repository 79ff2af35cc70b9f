"""Judge the candidate from the raw lake and run every published suite over the two sides."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from onefunnel import lake
from onefunnel.config import OWN, Sources
from onefunnel.gate.checks import Checker, Outcome
from onefunnel.gate.published import Judged
from onefunnel.home import Home


def judge_and_check(home: Home, sources: Sources, agreement: Path, as_of: datetime) -> list[Outcome]:
    """Every check of the second boundary, passed or failed, on the candidate as it is."""
    return check(home, judge(home, sources, agreement, as_of))


def judge(home: Home, sources: Sources, agreement: Path, as_of: datetime) -> Judged:
    """The gate's own word on the loads that the candidate was built from; its tables are not looked at."""
    from onefunnel.agreement import read_agreement
    from onefunnel.gate import objections, service, stages
    from onefunnel.gate.movements import replay
    from onefunnel.judge import WANTED, judge_leads
    from onefunnel.judge.history import read_leads
    from onefunnel.judge.instants import micros
    from onefunnel.judge.read import read_lake
    from onefunnel.judge.signed import read_agreement as read_signed

    files, signed_rows = _configured(home, sources), read_agreement(agreement)
    lake = read_lake(files, micros(as_of), (*WANTED, *stages.WANTED))
    try:
        signed, leads = read_signed(agreement), read_leads(lake)
        verdicts = judge_leads(lake, signed, leads)
        sales = stages.resell(lake, files, agreement, signed, verdicts, leads)
        logged = objections.read_objections(lake, files, agreement, signed, sales)
    finally:
        lake.con.close()
    leads = verdicts.leads.merge(sales.leads, "left", "lead_id", validate="one_to_one")
    return Judged(
        leads=leads,
        handovers=verdicts.handovers,
        deals=sales.deals,
        counts=verdicts.counts,
        market=sales.market,
        handed=sales.handed,
        objections=logged,
        pipeline=replay(sales.past),
        settings=signed_rows.settings,
        service=service.read_service(signed_rows, lake.delivered, as_of),
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
            # after the leads and deals that they rest on: a stop names its first failing rule
            *_shared_numbers(con, judged),
            *_promises(con, judged),
            *_pipeline(con, judged),
            *_forecasts(con, judged),
        ]
    finally:
        con.close()
    checker = Checker()
    return [outcome for frame, suite in pairs for outcome in checker.check(frame, suite)]


def _shared_numbers(con, judged: Judged) -> list[tuple]:
    """Frame and suite of all that rests on identities, touches and money."""
    from expectations import shared_numbers as suites
    from onefunnel.gate import accounts, channels, credits, metrics
    from onefunnel.gate.books import open_books

    credits.identify(con, judged.market, judged.deals)
    books = open_books(con, judged)
    return [
        (accounts.records_frame(con, judged.market), suites.records_suite()),
        (accounts.persons_frame(con), suites.persons_suite()),
        (accounts.accounts_frame(con, judged.market), suites.accounts_suite()),
        (credits.credits_frame(con, judged.deals), suites.credits_suite()),
        (credits.paths_frame(con, judged.market), suites.paths_suite()),
        (metrics.performance_frame(con, books), suites.performance_suite()),
        (metrics.campaigns_frame(con), suites.campaigns_suite()),
        (metrics.metrics_frame(con, books), suites.metrics_suite()),
        (metrics.shape_frame(con), suites.shape_suite()),
        (metrics.breakdown_frame(con), suites.breakdown_suite()),
        (metrics.trail_frame(con), suites.trail_suite()),
        (channels.touch_words_frame(con), suites.touch_words_suite()),
        (channels.spend_words_frame(judged.market.spend), suites.spend_words_suite()),
    ]


def _promises(con, judged: Judged) -> list[tuple]:
    """Frame and suite of what both sides promised each other."""
    from expectations import service_levels as suites
    from onefunnel.gate import promises, responses

    handovers = responses.rejudged(con, judged)
    return [
        (responses.responses_frame(con, handovers), suites.responses_suite()),
        (promises.answers_frame(con), suites.answers_suite()),
        (promises.weeks_frame(con, judged, handovers), suites.weeks_suite()),
        (promises.promises_frame(con), suites.promises_suite()),
        (promises.levels_frame(con), suites.levels_suite()),
    ]


def _pipeline(con, judged: Judged) -> list[tuple]:
    """Frame and suite of what moved the pipeline; cells of sums that are wrong come after the deals behind them."""
    from expectations import pipeline as suites
    from onefunnel.gate import pipeline

    return [
        (pipeline.deals_frame(con, judged.pipeline), suites.deals_suite()),
        (pipeline.weeks_frame(con, judged.pipeline), suites.weeks_suite()),
        (pipeline.balance_frame(con, judged.pipeline), suites.balance_suite()),
    ]


def _forecasts(con, judged: Judged) -> list[tuple]:
    """Frame and suite of what is expected, how far off that was, and the targets."""
    from expectations import forecasts as suites
    from onefunnel.gate import forecasts
    from onefunnel.gate.books import open_books

    return [
        (forecasts.forecasts_frame(con), suites.forecasts_suite()),
        (forecasts.intervals_frame(con), suites.intervals_suite()),
        (forecasts.accuracy_frame(con), suites.accuracy_suite()),
        (forecasts.targets_frame(con, open_books(con, judged)), suites.targets_suite()),
    ]


def note_checks(home: Home, passed: int, warned: int) -> None:
    """run_info of the candidate says how many checks passed and how many warned."""
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("update metrics.run_info set checks_passed = ?, checks_warned = ?", [passed, warned])


def _configured(home: Home, sources: Sources) -> lake.Files:
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        loads = set(con.execute("select load_ids from run.context").fetchone()[0].split(", "))
    files = lake.completed_files(home, loads)
    # of what onefunnel recorded itself the forecasts are no records of anything that happened
    files.get(OWN.name, {}).pop("forecasts", None)
    return {
        source.name: {e: paths for e, paths in files.get(source.name, {}).items() if e in source.entities}
        for source in [*sources.sources, OWN]
    }
