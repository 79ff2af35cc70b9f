"""Judge the candidate from the raw lake and run every published suite over the two sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
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
    from onefunnel.gate import published as frames

    checker, con = Checker(), frames.open_candidate(home.candidate)
    try:
        # one frame after the other, that memory holds no more than one
        return [
            outcome for beside in comparisons(con, judged) for outcome in checker.check(beside.look(), beside.suite())
        ]
    finally:
        con.close()


@dataclass(frozen=True)
class Comparison:
    """What of the candidate is looked at, and the suite that it must pass."""

    look: Callable[[], pd.DataFrame]
    suite: Callable


def comparisons(con, judged: Judged) -> list[Comparison]:
    """Every comparison that the gate makes, in its order; none is made yet."""
    from expectations import published as suites
    from onefunnel.gate import published as frames

    return [
        Comparison(lambda: frames.leads_frame(con, judged), suites.leads_suite),
        Comparison(lambda: frames.handovers_frame(con, judged), suites.handovers_suite),
        Comparison(lambda: frames.lists_frame(con, judged), suites.lists_suite),
        Comparison(lambda: frames.deals_frame(con, judged), suites.deals_suite),
        Comparison(lambda: frames.cohorts_frame(con, judged), suites.cohorts_suite),
        Comparison(lambda: frames.totals_frame(con, judged), suites.totals_suite),
        # after the leads and deals that they rest on: a stop names its first failing rule
        *_shared_numbers(con, judged),
        *_promises(con, judged),
        *_pipeline(con, judged),
        *_forecasts(con, judged),
        *_review(con, judged),
    ]


def _shared_numbers(con, judged: Judged) -> list[Comparison]:
    """All that rests on identities, touches and money."""
    from expectations import shared_numbers as suites
    from onefunnel.gate import accounts, channels, credits, metrics
    from onefunnel.gate.books import open_books

    identified = cache(lambda: credits.identify(con, judged.market, judged.deals))
    books = cache(lambda: open_books(con, judged))

    def once_identified(look: Callable) -> Callable:
        return lambda: (identified(), look())[1]

    return [
        Comparison(lambda: accounts.records_frame(con, judged.market), suites.records_suite),
        Comparison(lambda: accounts.persons_frame(con), suites.persons_suite),
        Comparison(lambda: accounts.accounts_frame(con, judged.market), suites.accounts_suite),
        Comparison(once_identified(lambda: credits.credits_frame(con, judged.deals)), suites.credits_suite),
        Comparison(once_identified(lambda: credits.paths_frame(con, judged.market)), suites.paths_suite),
        Comparison(lambda: metrics.performance_frame(con, books()), suites.performance_suite),
        Comparison(lambda: metrics.campaigns_frame(con), suites.campaigns_suite),
        Comparison(lambda: metrics.metrics_frame(con, books()), suites.metrics_suite),
        Comparison(lambda: metrics.shape_frame(con), suites.shape_suite),
        Comparison(lambda: metrics.breakdown_frame(con), suites.breakdown_suite),
        Comparison(lambda: metrics.trail_frame(con), suites.trail_suite),
        Comparison(once_identified(lambda: channels.touch_words_frame(con)), suites.touch_words_suite),
        Comparison(lambda: channels.spend_words_frame(judged.market.spend), suites.spend_words_suite),
    ]


def _promises(con, judged: Judged) -> list[Comparison]:
    """What both sides promised each other."""
    from expectations import service_levels as suites
    from onefunnel.gate import promises, responses

    handovers = cache(lambda: responses.rejudged(con, judged))
    return [
        Comparison(lambda: responses.responses_frame(con, handovers()), suites.responses_suite),
        Comparison(lambda: promises.answers_frame(con), suites.answers_suite),
        Comparison(lambda: promises.weeks_frame(con, judged, handovers()), suites.weeks_suite),
        Comparison(lambda: promises.promises_frame(con), suites.promises_suite),
        Comparison(lambda: promises.levels_frame(con), suites.levels_suite),
    ]


def _pipeline(con, judged: Judged) -> list[Comparison]:
    """What moved the pipeline; cells of sums that are wrong come after the deals behind them."""
    from expectations import pipeline as suites
    from onefunnel.gate import pipeline

    return [
        Comparison(lambda: pipeline.deals_frame(con, judged.pipeline), suites.deals_suite),
        Comparison(lambda: pipeline.weeks_frame(con, judged.pipeline), suites.weeks_suite),
        Comparison(lambda: pipeline.balance_frame(con, judged.pipeline), suites.balance_suite),
    ]


def _forecasts(con, judged: Judged) -> list[Comparison]:
    """What is expected, how far off that was, and the targets."""
    from expectations import forecasts as suites
    from onefunnel.gate import forecasts
    from onefunnel.gate.books import open_books

    return [
        Comparison(lambda: forecasts.forecasts_frame(con), suites.forecasts_suite),
        Comparison(lambda: forecasts.intervals_frame(con), suites.intervals_suite),
        Comparison(lambda: forecasts.accuracy_frame(con), suites.accuracy_suite),
        Comparison(lambda: forecasts.targets_frame(con, open_books(con, judged)), suites.targets_suite),
    ]


def _review(con, judged: Judged) -> list[Comparison]:
    """What both heads read on Monday, after the tables that it is of."""
    from expectations import review as suites
    from onefunnel.gate import review

    return [
        Comparison(lambda: review.review_frame(con, judged), suites.review_suite),
        Comparison(lambda: review.actions_frame(con), suites.actions_suite),
    ]


def note_checks(home: Home, passed: int, warned: int) -> None:
    """run_info and the newest weekly_review of the candidate say how many checks passed and how many warned."""
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("update metrics.run_info set checks_passed = ?, checks_warned = ?", [passed, warned])
        for figure, checks in {"checks_passed": passed, "checks_warned": warned}.items():
            con.execute("update metrics.weekly_review set value = ? where figure = ?", [checks, figure])


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
