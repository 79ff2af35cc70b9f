"""Both sides' promises week by week, counted again from each handover and objection that the gate judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from expectations.service_levels import OF_WEEKS
from onefunnel.gate.checks import beside
from onefunnel.gate.objections import Objection
from onefunnel.gate.responses import GIVEN_UP, NO_AGREEMENT
from onefunnel.gate.service import Service
from onefunnel.judge.instants import local_date, micros


def weeks_frame(con, judged, handovers: list[dict]) -> pd.DataFrame:
    """One row per measure and week, over a whole side: OF_WEEKS and rejudged_. handovers: as judged again."""
    columns = ", ".join(OF_WEEKS)
    published = con.execute(
        f"""
        select measure || ' ' || strftime(week_start_on, '%Y-%m-%d') as week_id, {columns}
        from metrics.sla_weekly
        -- an employee of marketing may own a lead that sales was handed: a team of that side, and not the side
        where owner_id = '(all)' and team = case when side = 'sales' then '(all)' else 'marketing' end
        """
    ).df()
    as_of, zone = micros(judged.as_of.to_pydatetime()), judged.settings.timezone
    found = [
        *(_measures(row, as_of) for row in handovers if row["version"] is not None),
        *(_of_objection(objection, judged.service, as_of) for objection in judged.objections),
    ]
    counts = Counter((f"{measure} {_monday(at, zone)}", state) for told in found for measure, at, state in told)
    rows = [
        (week, counts[week, "met"], counts[week, "met"] + counts[week, "missed"])
        + (counts[week, "pending"], counts[week, "unavailable"])
        for week in sorted({week for week, _ in counts})
    ]
    return beside(published, pd.DataFrame(rows, columns=["week_id", *OF_WEEKS]), "week_id", OF_WEEKS)


def _monday(at: int, zone: str) -> str:
    day = pd.Timestamp(local_date(at, zone))
    return f"{day - pd.Timedelta(days=day.weekday()):%Y-%m-%d}"


def _measures(row: dict, as_of: int) -> Iterator[tuple[str, int, str]]:
    """Where a handover under a version in force counts: (measure, the instant whose week it is, how it stands)."""
    due = row["contact_due_at"]
    if row["contact_status"].startswith("unavailable"):
        contact = spoken = "unavailable"
        week = row["at"]
    elif due is None or due > as_of:
        contact = spoken = "pending"
        week = row["at"] if due is None else due
    else:
        contact = "met" if row["contact_status"] == "met" else "missed"
        talked = row.get("first_conversation_at")
        spoken, week = "met" if talked is not None and talked <= due else "missed", due
    yield "contact", week, contact
    yield "conversation", week, spoken
    if row["is_received_in_office_hours"]:
        yield "contact_in_office_hours", week, contact
    said, is_kept = row["disposition_due_at"], row["disposition_status"] in ("given", "not_needed")
    yield "disposition", said, "pending" if said > as_of else "met" if is_kept else "missed"
    if row["sales_verdict"] in GIVEN_UP:
        why = row["is_disposition_explained"]
        state = "unavailable" if why is None else "pending" if said > as_of else "met" if why else "missed"
        yield "disposition_explained", said, state
    if row.get("is_marketing"):
        reasons = set((row["failed_criteria"] or "").split("; "))
        yield "definition_met", row["at"], "met" if row["definition_met"] else "missed"
        is_wrong = reasons & {"not industry", "not company size"}
        is_unknown = reasons & {"unknown: industry", "unknown: company size"}
        yield "right_industry_and_size", row["at"], "missed" if is_wrong else "unavailable" if is_unknown else "met"


def _of_objection(objection: Objection, service: Service, as_of: int) -> Iterator[tuple[str, int, str]]:
    """The same of an objection: what sales owes of one in its log, and of each what marketing is to be shown."""
    levels, logged, raised = service.levels[objection.version], objection.logged_at, objection.raised_at
    if objection.is_of_the_log:
        due = raised + levels["objection_logged_within_us"]
        yield "objection_logged", due, "unavailable" if logged is None else _kept(logged, due, as_of)
    due = (raised if logged is None else logged) + levels["objection_shown_within_us"]
    is_told = service.is_showing_told and logged is not None
    yield "objection_shown", due, _kept(objection.first_shown_at, due, as_of) if is_told else "unavailable"


def _kept(done: int | None, due: int, as_of: int) -> str:
    if due > as_of:
        return "pending"
    return "met" if done is not None and done <= due else "missed"


def promises_frame(con) -> pd.DataFrame:
    """One row per side and measure: how many rows, and how many are shares of what they are shares of."""
    return con.execute(
        """
        select side, measure, count(*) as rows,
            count(*) filter (
                0 <= met and met <= due and pending >= 0 and unavailable >= 0
                and (target is null or (target >= 0 and target <= 1))
                and case when due = 0 then rate is null else rate between 0 and 1 and abs(rate * due - met) < 1e-6 end
            ) as rows_that_hold,
            min(week_start_on) filter (met > due) as for_example_on
        from metrics.sla_weekly group by all
        """
    ).df()


def levels_frame(con) -> pd.DataFrame:
    """One row per measure of sales: in how many weeks owners add up to their teams, and teams to the side."""
    same = " and ".join(
        f"sum({n}) filter ({one}) is not distinct from sum({n}) filter (team = '(all)')"
        for n in OF_WEEKS
        for one in ("team <> '(all)' and owner_id = '(all)'", "owner_id <> '(all)'")
    )
    return con.execute(
        f"""
        with weeks as (
            select measure, week_start_on, {same} as holds
            from metrics.sla_weekly where side = 'sales' group by all
        )
        select measure, count(*) as weeks, count(*) filter (holds) as weeks_that_hold,
            min(week_start_on) filter (not holds) as for_example_on
        from weeks group by all
        """
    ).df()


def answers_frame(con) -> pd.DataFrame:
    """One row per version: how many handovers, how many have no negative time, how many one agreed status."""
    words = ("not_needed", "given", "late", "missing", "pending")
    return con.execute(
        """
        select agreement_version, count(*) as handovers,
            count(*) filter (
                coalesce(response_business_hours, 0) >= 0 and coalesce(response_elapsed_hours, 0) >= 0
                and system_delay_hours >= 0 and coalesce(mql_to_handover_hours between 0 and system_delay_hours, true)
            ) as handovers_that_hold,
            count(*) filter (
                list_contains(?, disposition_status)
                and (disposition_status <> 'not_needed' or advanced_at is not null)
                and (disposition_status not in ('missing', 'pending') or (advanced_at is null and disposed_at is null))
                or agreement_version is null and disposition_status = ?
            ) as handovers_told
        from metrics.handovers group by all
        """,
        [list(words), NO_AGREEMENT],
    ).df()
