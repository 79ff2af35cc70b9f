"""The second boundary: the candidate's tables beside what the judge makes of the raw lake."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from expectations.published import OF_HANDOVERS, OF_LEADS
from onefunnel.gate.checks import as_text
from onefunnel.judge import Rejudged

LIST_ROUTING = {"to_hand_over": "qualified_waiting", "return_to_nurture": "unqualified_handed"}


def leads_frame(con, judged: Rejudged) -> pd.DataFrame:
    """One row per lead id of either side: <column>, rejudged_<column>, times_published, times_rejudged, channel."""
    published = con.execute(f"select lead_id, channel, {', '.join(OF_LEADS)} from metrics.leads").df()
    return _beside(published, judged.leads, "lead_id", OF_LEADS, ["channel"])


def handovers_frame(con, judged: Rejudged) -> pd.DataFrame:
    """One row per handover id of either side."""
    published = con.execute(f"select handover_id, lead_id, {', '.join(OF_HANDOVERS)} from metrics.handovers").df()
    return _beside(published, judged.handovers, "handover_id", OF_HANDOVERS, ["lead_id"])


def lists_frame(con, judged: Rejudged) -> pd.DataFrame:
    """One row per entry of the two lists: listed_as and what the re-judged routing would list it as."""
    listed = con.execute(
        """
        select lead_id, waiting_status as status, 'to_hand_over' as list from metrics.to_hand_over
        union all
        select lead_id, 'unqualified' as status, 'return_to_nurture' as list from metrics.return_to_nurture
        """
    ).df()
    listed["times_listed"] = listed.groupby("lead_id")["lead_id"].transform("size")
    frame = listed.merge(judged.leads[["lead_id", "routing", "mql_at", "not_qualified_reasons"]], "left", "lead_id")
    lapsed = (frame["status"] == "intent lapsed") & frame["mql_at"].notna()
    lapsed &= (frame["routing"] == "nurture") & (frame["not_qualified_reasons"] == "not intent")
    frame["listed_as"] = frame["list"].map(LIST_ROUTING).where(frame["status"] != "intent lapsed", "intent lapsed")
    frame["rejudged_as"] = as_text(frame["routing"]).where(~lapsed, "intent lapsed")
    return frame[["list", "lead_id", "times_listed", "listed_as", "rejudged_as"]]


def totals_frame(con, judged: Rejudged, agreement_zone: str) -> pd.DataFrame:
    """One row per total: name, published, recounted."""
    rows = [*_row_balance(con, judged), *_weeks(con, judged, agreement_zone), *_between_tables(con)]
    return pd.DataFrame(rows, columns=["total", "published", "recounted"])


def open_candidate(path: Path):
    con = duckdb.connect(str(path), read_only=True)
    con.execute("set timezone = 'UTC'")
    return con


def judge_candidate(files: dict, agreement: Path, as_of: datetime) -> Rejudged:
    """The judge's word, on the configured sources only."""
    from onefunnel.judge import rejudge

    return rejudge(files, agreement, as_of)


def _beside(published: pd.DataFrame, judged: pd.DataFrame, key: str, columns: list[str], kept: list[str]) -> pd.DataFrame:
    ours = published[[key, *kept]].copy()
    theirs = judged[[key]].copy()
    for column in columns:
        ours[column] = as_text(published[column])
        theirs[f"rejudged_{column}"] = as_text(judged[column])
    ours["times_published"] = ours.groupby(key)[key].transform("size")
    theirs["times_rejudged"] = theirs.groupby(key)[key].transform("size")
    frame = ours.merge(theirs, "outer", key)
    for name in ("times_published", "times_rejudged"):
        frame[name] = frame[name].fillna(0).astype(int)
    return frame.fillna("missing")


def _row_balance(con, judged: Rejudged) -> list[tuple]:
    columns = ["rows_in", "rows_excluded", "rows_after_as_of", "rows_out"]
    published = con.execute(f"select source_name, delivered_as, {', '.join(columns)} from metrics.source_rows").df()
    ours = {(row.source_name, row.delivered_as): row for row in published.itertuples()}
    theirs = {(row.source_name, row.entity): row for row in judged.counts.itertuples()}
    return [
        (f"{column} of {source}.{entity}", *(int(getattr(side.get((source, entity)), column, 0)) for side in (ours, theirs)))
        for source, entity in sorted({*ours, *theirs})
        for column in columns
    ]


def _weeks(con, judged: Rejudged, zone: str) -> list[tuple]:
    """funnel_weekly's leads, mqls and handovers per week, counted anew from the judge's instants."""
    rows = []
    for stage, column in (("lead", "created_at"), ("mql", "mql_at"), ("handed_over", "first_handed_over_at")):
        published = con.execute(
            "select strftime(week_start_on, '%Y-%m-%d'), sum(entered) from metrics.funnel_weekly where stage = ? group by 1",
            [stage],
        ).fetchall()
        ours = {week: int(entered) for week, entered in published}
        days = judged.leads[column].dropna().dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
        mondays = days - pd.to_timedelta(days.dt.weekday, unit="D")
        theirs = mondays.dt.strftime("%Y-%m-%d").value_counts().to_dict() if len(mondays) else {}
        rows += [(f"{stage} entered in the week of {w}", ours.get(w, 0), theirs.get(w, 0)) for w in sorted({*ours, *theirs})]
    return rows


def _between_tables(con) -> list[tuple]:
    """The same number from two tables."""
    pairs = {
        "leads, and the leads of all monthly cohorts": (
            "select count(*) from metrics.leads",
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'month' and channel = 'all' and stage = 'lead'",
        ),
        "leads of the channels, and of all": (
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'fiscal_year' and channel <> 'all' and stage = 'lead'",
            "select coalesce(sum(cohort_size), 0) from metrics.funnel_cohorts "
            "where period_kind = 'week' and channel = 'all' and stage = 'lead'",
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
    return [(name, *(int(con.execute(sql).fetchone()[0]) for sql in sqls)) for name, sqls in pairs.items()]
