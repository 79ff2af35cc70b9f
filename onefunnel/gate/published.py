"""The second boundary: the candidate's tables beside what the judge makes of the raw lake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from expectations.published import OF_COHORTS, OF_DEALS, OF_HANDOVERS, OF_LEADS
from onefunnel.agreement.settings import Settings
from onefunnel.gate.checks import beside
from onefunnel.gate.cohorts import DATED, RECOUNTED, recounted_cohorts, weeks
from onefunnel.gate.handed import Handed
from onefunnel.gate.market import Market
from onefunnel.gate.movements import Replayed
from onefunnel.gate.objections import Objection
from onefunnel.gate.persons import people, same_persons
from onefunnel.gate.service import Service
from onefunnel.gate.stages import NO_LIST


@dataclass
class Judged:
    """What the gate says of the lake: leads (with the instants of their stages and listed_as), handovers, deals.

    counts: rows per source and entity; market: touches, records and money spent; handed: what sales did with
    each handover; objections: those that count; pipeline: what moved it; settings and service (hours and levels):
    the agreement's.
    """

    leads: pd.DataFrame
    handovers: pd.DataFrame
    deals: pd.DataFrame
    counts: pd.DataFrame
    market: Market
    handed: Handed
    objections: list[Objection]
    pipeline: Replayed
    settings: Settings
    service: Service
    as_of: pd.Timestamp


def leads_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per lead id of either side: <column>, rejudged_<column>, times_published, times_rejudged, channel."""
    published = con.execute(f"select lead_id, channel, {', '.join(OF_LEADS)} from metrics.leads").df()
    return beside(published, judged.leads, "lead_id", OF_LEADS, ["channel"])


def handovers_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per handover id of either side."""
    published = con.execute(f"select handover_id, lead_id, {', '.join(OF_HANDOVERS)} from metrics.handovers").df()
    return beside(published, judged.handovers, "handover_id", OF_HANDOVERS, ["lead_id"])


def deals_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per deal id of either side."""
    amount = "cast(deal_amount as varchar) as deal_amount"
    columns = ", ".join(amount if column == "deal_amount" else column for column in OF_DEALS)
    published = con.execute(f"select deal_id, lead_id, {columns} from metrics.deals").df()
    return beside(published, judged.deals, "deal_id", OF_DEALS, ["lead_id"])


def cohorts_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per period and stage of funnel_cohorts over all channels."""
    published = con.execute(
        f"""
        select
            period_kind || ' ' || strftime(period_start_on, '%Y-%m-%d') || ' ' || stage as cohort_id,
            {", ".join(OF_COHORTS)}
        from metrics.funnel_cohorts
        where channel = 'all' and list_contains(?, stage)
        """,
        [list(RECOUNTED)],
    ).df()
    recounted = recounted_cohorts(people(judged.leads, same_persons(con)), judged.settings, judged.as_of)
    return beside(published, recounted, "cohort_id", OF_COHORTS, [])


def lists_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per lead that is on a list or belongs on one: listed_as and rejudged_listed_as."""
    listed = con.execute(
        """
        select lead_id, 'to_hand_over: ' || waiting_status as listed_as from metrics.to_hand_over
        union all
        select lead_id, 'return_to_nurture' as listed_as from metrics.return_to_nurture
        """
    ).df()
    listed["times_listed"] = listed.groupby("lead_id")["lead_id"].transform("size")
    due = judged.leads.loc[judged.leads["listed_as"] != NO_LIST, ["lead_id", "listed_as"]]
    frame = listed.merge(due.rename(columns={"listed_as": "rejudged_listed_as"}), "outer", "lead_id")
    frame["times_listed"] = frame["times_listed"].fillna(0).astype(int)
    return frame.fillna(NO_LIST)


def totals_frame(con, judged: Judged) -> pd.DataFrame:
    """One row per total: name, published, recounted."""
    rows = [*_row_balance(con, judged), *_weeks(con, judged), *_channels(con), *_between_tables(con)]
    return pd.DataFrame(rows, columns=["total", "published", "recounted"])


def open_candidate(path: Path):
    con = duckdb.connect(str(path), read_only=True)
    con.execute("set timezone = 'UTC'")
    return con


def _row_balance(con, judged: Judged) -> list[tuple]:
    columns = ["rows_in", "rows_excluded", "rows_after_as_of", "rows_out"]
    published = con.execute(f"select source_name, delivered_as, {', '.join(columns)} from metrics.source_rows").df()
    ours = {(row.source_name, row.delivered_as): row for row in published.itertuples()}
    theirs = {(row.source_name, row.entity): row for row in judged.counts.itertuples()}
    return [
        (
            f"{column} of {source}.{entity}",
            *(int(getattr(side.get((source, entity)), column, 0)) for side in (ours, theirs)),
        )
        for source, entity in sorted({*ours, *theirs})
        for column in columns
    ]


def _weeks(con, judged: Judged) -> list[tuple]:
    """funnel_weekly's entries per week and stage, counted anew from the gate's own instants."""
    persons, rows = people(judged.leads, same_persons(con)), []
    for stage in DATED:
        published = con.execute(
            "select strftime(week_start_on, '%Y-%m-%d'), sum(entered) "
            "from metrics.funnel_weekly where stage = ? group by 1",
            [stage],
        ).fetchall()
        ours = {week: int(entered) for week, entered in published}
        theirs = weeks(persons, stage, judged.settings.timezone)
        rows += [
            (f"{stage} entered in the week of {w}", ours.get(w, 0), theirs.get(w, 0)) for w in sorted({*ours, *theirs})
        ]
    return rows


def _channels(con) -> list[tuple]:
    """What funnel_weekly and funnel_cohorts count under each channel, and what the leads say."""
    records = con.execute(f"select lead_id, channel, {', '.join(DATED.values())} from metrics.leads").df()
    persons = people(records, same_persons(con))
    leads = {
        (channel, stage): int(number)
        for stage, column in DATED.items()
        for channel, number in persons.groupby("channel")[column].count().items()
        if number
    }
    weekly = _by_channel(con, "select channel, stage, sum(entered) from metrics.funnel_weekly group by all")
    cohorts = _by_channel(
        con,
        "select channel, stage, sum(cohort_size) from metrics.funnel_cohorts "
        "where stage = 'lead' and period_kind = 'month' and channel <> 'all' group by all",
    )
    created = {pair: number for pair, number in leads.items() if pair[1] == "lead"}
    rows = [(f"{s} entered, channel {c}", weekly.get((c, s), 0), leads.get((c, s), 0)) for c, s in {*weekly, *leads}]
    pairs = {*cohorts, *created}
    rows += [(f"monthly cohorts, channel {c}", cohorts.get((c, s), 0), created.get((c, s), 0)) for c, s in pairs]
    return sorted(rows)


def _by_channel(con, sql: str) -> dict[tuple[str, str], int]:
    return {(channel, stage): int(number) for channel, stage, number in con.execute(sql).fetchall()}


def _between_tables(con) -> list[tuple]:
    """The same number from two tables."""
    pairs = {
        "people, and the leads of all monthly cohorts": (
            "select count(*) from metrics.leads where duplicate_of_lead_id is null",
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'month' and channel = 'all' and stage = 'lead'",
        ),
        "leads of the channels, and of all": (
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'fiscal_year' and channel <> 'all' and stage = 'lead'",
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'week' and channel = 'all' and stage = 'lead'",
        ),
        "records of people, and leads in the sources": (
            "select count(*) from metrics.account_records where entity = 'lead'",
            "select coalesce(sum(rows_out), 0) from metrics.source_rows where entity = 'leads'",
        ),
        "duplicates, of a lead that is none itself": (
            "select count(*) from metrics.leads where duplicate_of_lead_id is not null",
            "select count(*) from metrics.leads as d "
            "inner join metrics.leads as f on d.duplicate_of_lead_id = f.lead_id "
            "where f.duplicate_of_lead_id is null and f.created_at <= d.created_at",
        ),
        "deals, and deals in the sources": (
            "select count(*) from metrics.deals",
            "select coalesce(sum(rows_out), 0) from metrics.source_rows where entity = 'deals'",
        ),
        "leads with a handover, in both tables": (
            "select count(*) from metrics.leads where handed_over_at is not null",
            "select count(distinct lead_id) from metrics.handovers",
        ),
        "handovers, counted on the leads": (
            "select count(*) from metrics.handovers",
            "select coalesce(sum(times_handed_over), 0) from metrics.leads",
        ),
        "excluded rows, each listed": (
            "select coalesce(sum(rows_excluded), 0) from metrics.source_rows",
            "select count(*) from metrics.data_faults where action = 'excluded'",
        ),
        "faults, and those of run_info": (
            "select count(*) from metrics.data_faults",
            "select data_faults from metrics.run_info",
        ),
    }
    return [(name, *(int(con.execute(sql).fetchall()[0][0]) for sql in sqls)) for name, sqls in pairs.items()]
