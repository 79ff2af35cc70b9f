"""An office as a test makes it up, its calendar as Python writes it, and the project's clock macros in DuckDB."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import duckdb
import holidays
import pandas as pd
from jinja2 import Environment

from onefunnel.agreement import read_agreement
from onefunnel.agreement.service import WEEKDAYS, calendar
from onefunnel.agreement.tables import SpecialDay
from tests.support import CHECKOUT

MACROS = CHECKOUT / "dbt_project/macros"
VERSION = 2
MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)

ASKED = """
    with
    asked as (
        select *, {{ local_day('a') }} as a_on, {{ local_day('b') }} as b_on from asked
    ),
    clocked as (
        select asked.*,
            {{ clock('d', 'a') }} + w as due_us,
            {{ business_microseconds('d', 'a', 'e', 'b') }} as worked,
            {{ is_in_office_hours('d', 'a') }} as is_open
        from asked
        left join agreement.calendar as d on d.version = 2 and a_on = d.day_on
        left join agreement.calendar as e on e.version = 2 and b_on = e.day_on
    )
    select c.number, c.worked, c.is_open, {{ microseconds(instant_of_clock('f', 'c.due_us')) }} as due
    from clocked as c
    left join agreement.calendar as f on f.version = 2 and {{ clock_lies_in('f', 'c.due_us') }}
    order by c.number
"""


@cache
def rendered() -> str:
    """The question above in DuckDB's SQL, by the project's own macros."""
    names = ("engine", "run", "clock")
    text = "".join((MACROS / f"{name}.sql").read_text(encoding="utf-8") for name in names)
    given = {"target": SimpleNamespace(type="duckdb"), "source": lambda schema, table: f"{schema}.{table}"}
    return Environment(extensions=["jinja2.ext.do"]).from_string(text + ASKED).render(**given)


@dataclass(frozen=True)
class Office:
    """Hours, days and zone of a version in force from 1 March 2024; its calendar ends 400 days after as_of."""

    zone: str = "Asia/Kolkata"
    opens: time = time(9, 30)
    closes: time = time(18, 30)
    weekdays: frozenset = frozenset(range(6))
    country: str = "IN"
    special: tuple = ()
    as_of: datetime = field(default=datetime(2024, 4, 15, 12, tzinfo=UTC))

    def is_worked(self, day: date) -> bool:
        """By the rule itself, day by day."""
        for special_day, works in self.special:
            if special_day == day:
                return works
        return day.weekday() in self.weekdays and day not in _free(self.country)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody who looks at the office's own wall clock finds the door open."""
        local = moment.astimezone(ZoneInfo(self.zone))
        return self.is_worked(local.date()) and self.opens <= local.time() < self.closes

    def worked(self, a: datetime, b: datetime) -> int:
        """Microseconds of open door from a to b, minute after minute; the door moves on whole minutes."""
        total, minute = timedelta(0), a.replace(second=0, microsecond=0)
        while minute < b:
            if self.is_open(minute):
                total += min(b, minute + MINUTE) - max(a, minute)
            minute += MINUTE
        return total // MICROSECOND

    def edge(self, day: date, at: time) -> datetime:
        """The instant at which the office's wall clock shows the time."""
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


@cache
def _free(country: str):
    return holidays.country_holidays(country)


@cache
def _signed():
    return read_agreement(CHECKOUT / "agreement")


def calendar_of(office: Office) -> pd.DataFrame:
    """agreement.calendar of the office, as the run writes it."""
    signed = _signed()
    told = {
        "opens_at": f"{office.opens:%H:%M}",
        "closes_at": f"{office.closes:%H:%M}",
        "working_days": "; ".join(WEEKDAYS[day] for day in sorted(office.weekdays)),
        "holiday_country": office.country,
        "holiday_subdivision": None,
    }
    levels = [
        line.model_copy(update={"value": told.get(line.level, line.value)}) for line in signed.rows["service_levels"]
    ]
    special = [SpecialDay.model_construct(day=day, is_working=works, name="a test") for day, works in office.special]
    early = date(2024, 2, 1)
    versions = [
        line.model_copy(
            update={"effective_from": date(2024, 3, 1), "signed_for_sales_on": early, "signed_for_marketing_on": early}
        )
        for line in signed.rows["signatures"]
        if line.version == VERSION
    ]
    rows = {**signed.rows, "service_levels": levels, "special_days": special, "signatures": versions}
    settings = signed.settings.model_copy(update={"timezone": office.zone})
    columns = ["version", "day_on", "is_working", "opens_at", "closes_at", "worked_before_us"]
    return pd.DataFrame(calendar(replace(signed, rows=rows, settings=settings), office.as_of), columns=columns)


@dataclass
class Clock:
    """The SQL clock of one office."""

    office: Office
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self):
        days = calendar_of(self.office)
        self.until = days["day_on"].iloc[-1]
        for name in ("opens_at", "closes_at"):
            days[name] = pd.to_datetime(days[name].map(lambda moment: moment.astimezone(UTC)), utc=True)
        self.con.execute("create schema agreement; create schema run")
        self.con.execute(f"create table run.context as select '{self.office.zone}' as timezone")
        self.con.register("days", days)
        days_on = "select * replace (cast(day_on as date) as day_on) from days"
        self.con.execute(f"create table agreement.calendar as {days_on}")
        self.con.unregister("days")

    def ask(self, pairs: list[tuple], within: int = 1, zone: str = "UTC", session: str = "UTC") -> list[tuple]:
        """Per pair (a, b), written in the zone: (microseconds worked, is a in office hours, when `within` is over)."""
        self.con.execute(f"set timezone = '{session}'")
        rows = [(n, *(at.astimezone(ZoneInfo(zone)).isoformat() for at in pair)) for n, pair in enumerate(pairs)]
        self.con.execute("create or replace temp table told (number integer, a varchar, b varchar)")
        self.con.executemany("insert into told values (?, ?, ?)", rows)
        self.con.execute(
            "create or replace temp table asked as select number, cast(a as timestamptz) as a, cast(b as timestamptz) "
            f"as b, cast({within} as bigint) as w from told"
        )
        found = self.con.execute(rendered()).fetchall()
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return [
            (worked, is_open, None if due is None else epoch + due * MICROSECOND) for _, worked, is_open, due in found
        ]

    def worked(self, a: datetime, b: datetime) -> int:
        return self.ask([(a, b)])[0][0]

    def due(self, a: datetime, within: timedelta) -> datetime | None:
        return self.ask([(a, a)], within // MICROSECOND)[0][2]
