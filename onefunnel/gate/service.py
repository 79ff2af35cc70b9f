"""Both sides' promises counted again: deadlines and responses by a clock of the gate's own, and their weeks."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from expectations.service_levels import OF_RESPONSES, OF_WEEKS
from onefunnel.agreement import Agreement
from onefunnel.agreement.expand import DDL, tables
from onefunnel.agreement.service import calendar
from onefunnel.gate.checks import beside
from onefunnel.judge.instants import local_date, micros

HOUR = 3_600_000_000
DAY = 24 * HOUR
NO_AGREEMENT = "unavailable: no agreement in force"
NO_ACTIVITIES = "unavailable: no activities"
INSTANTS = ("first_contact_at", "first_conversation_at", "advanced_at", "disposed_at")
# what a handover's own row, and the lake, say of it: the rest is judged from these
ASKED = """
    select handover_id, lead_id, is_marketing, is_latest, disposition_status as told_status, {instants}
    from metrics.handovers
""".format(instants=", ".join(f"epoch_us({name}) as {name}" for name in INSTANTS))


@dataclass(frozen=True)
class Office:
    """One version's days of work in time order, in microseconds; it is open from opens[i] until closes[i]."""

    opens: list[int]
    closes: list[int]

    def is_open(self, at: int) -> bool:
        """At the stroke of opening it is, at that of closing no longer."""
        day = bisect_right(self.opens, at) - 1
        return day >= 0 and at < self.closes[day]

    def worked(self, since: int, until: int) -> int:
        """Microseconds of work between the instants; none when the second is not the later one."""
        return sum(min(until, closed) - opened for opened, closed in self._from(since) if opened < until)

    def over(self, since: int, within: int) -> int | None:
        """The last instant by which no more than that much work was done; None beyond the calendar."""
        for opened, closed in self._from(since):
            if within < closed - opened:
                return opened + within
            within -= closed - opened
        return None

    def _from(self, since: int) -> Iterator[tuple[int, int]]:
        """What is left of each day of work."""
        first = max(bisect_right(self.opens, since) - 1, 0)
        for opened, closed in zip(self.opens[first:], self.closes[first:]):
            if closed > since:
                yield max(opened, since), closed


@dataclass(frozen=True)
class Service:
    """What both sides promise per version, and whose ids come with activities.

    levels: version -> its row of agreement.service_levels; namespaces: whose activities the lake has.
    """

    offices: dict[int, Office]
    levels: dict[int, dict[str, int]]
    namespaces: frozenset[str]


def read_service(agreement: Agreement, delivered: dict[str, set[str]], as_of: datetime) -> Service:
    """The agreement's hours and levels; delivered: id namespace -> our entities."""
    offices: dict[int, Office] = {}
    for version, _, is_working, opens, closes, _ in calendar(agreement, as_of):
        office = offices.setdefault(version, Office([], []))
        if is_working:
            office.opens.append(micros(opens))
            office.closes.append(micros(closes))
    names = [column.split()[0] for column in DDL["service_levels"].split(",")]
    levels = {row[0]: dict(zip(names, row)) for row in tables(agreement, as_of)["service_levels"]}
    return Service(offices, levels, frozenset(space for space, has in delivered.items() if "activities" in has))


def responses_frame(con, judged) -> pd.DataFrame:
    """One row per handover id of either side: OF_RESPONSES and rejudged_."""
    hours = "printf('%.9f', response_business_hours)"
    columns = ", ".join(f"{hours} as {name}" if name.startswith("response") else name for name in OF_RESPONSES)
    published = con.execute(f"select handover_id, lead_id, {columns} from metrics.handovers").df()
    rows = rejudged(con, judged)
    frame = pd.DataFrame(rows, columns=["handover_id", *OF_RESPONSES]).astype(object)
    for name in ("contact_due_at", "disposition_due_at"):
        frame[name] = pd.to_datetime(pd.Series([row[name] for row in rows], dtype="Int64"), unit="us", utc=True)
    return beside(published, frame, "handover_id", OF_RESPONSES, ["lead_id"])


def rejudged(con, judged) -> list[dict]:
    """Each handover that the gate has found, with its deadlines, response and statuses; instants in microseconds."""
    asked = {row["handover_id"]: row for row in con.execute(ASKED).df().astype(object).to_dict("records")}
    as_of, rows = micros(judged.as_of.to_pydatetime()), []
    for handover in judged.handovers.to_dict("records"):
        told = {name: _known(value) for name, value in asked.get(handover["handover_id"], {}).items()}
        rows.append(_judge(judged.service, handover, told, as_of))
    return rows


def _known(value):
    return None if value is None or value != value else int(value) if isinstance(value, float) else value


def _judge(service: Service, handover: dict, told: dict, as_of: int) -> dict:
    at, version = micros(handover["handed_over_at"].to_pydatetime()), _known(handover["agreement_version"])
    row = {**dict.fromkeys(OF_RESPONSES), **told, **handover, "at": at, "version": version}
    if version is None:
        return row | {"contact_status": NO_AGREEMENT, "disposition_status": NO_AGREEMENT}
    office, levels, contact = service.offices[version], service.levels[version], told.get("first_contact_at")
    due = office.over(at, levels["contact_within_us"])
    has_activities = handover["lead_id"].split(":")[0] in service.namespaces
    said = at + levels["disposition_within_us"]
    return row | {
        "is_received_in_office_hours": office.is_open(at),
        "contact_due_at": due,
        "response_business_hours": None if contact is None else f"{office.worked(at, contact) / HOUR:.9f}",
        "contact_status": _contact_status(contact, due, as_of) if has_activities else NO_ACTIVITIES,
        "disposition_due_at": said,
        "disposition_status": _disposition_status(told, said, as_of),
    }


def _contact_status(contact: int | None, due: int | None, as_of: int) -> str:
    if due is None:
        return "pending"
    if contact is not None:
        return "met" if contact <= due else "breached"
    return "breached" if due <= as_of else "pending"


def _disposition_status(told: dict, due: int, as_of: int) -> str:
    """By the instants alone; without any, sales may still have said something that bears no date."""
    advanced, disposed = told.get("advanced_at"), told.get("disposed_at")
    first = min((at for at in (advanced, disposed) if at is not None), default=None)
    if first is None:
        if told.get("told_status") == "given" and told.get("is_latest"):
            return "given"
        return "missing" if due <= as_of else "pending"
    if first > due:
        return "late"
    return "not_needed" if first == advanced else "given"


def weeks_frame(con, judged) -> pd.DataFrame:
    """One row per measure of handovers and week, over a whole side: OF_WEEKS and rejudged_."""
    columns = ", ".join(OF_WEEKS)
    published = con.execute(
        f"""
        select measure || ' ' || strftime(week_start_on, '%Y-%m-%d') as week_id, {columns}
        from metrics.sla_weekly
        where owner_id = '(all)' and team in ('(all)', 'marketing') and measure not like 'objection%'
        """
    ).df()
    as_of, zone = micros(judged.as_of.to_pydatetime()), judged.settings.timezone
    counts = Counter(
        (f"{measure} {_monday(at, zone)}", state)
        for row in rejudged(con, judged)
        if row["version"] is not None
        for measure, at, state in _measures(row, as_of)
    )
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
    if row.get("is_marketing"):
        reasons = set((row["failed_criteria"] or "").split("; "))
        yield "definition_met", row["at"], "met" if row["definition_met"] else "missed"
        yield (
            "right_industry_and_size",
            row["at"],
            "missed" if reasons & {"not industry", "not company size"} else "met",
        )


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
                and system_delay_hours >= 0
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
