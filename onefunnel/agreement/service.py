"""The service levels of both sides: per version one complete set, and the calendar in which they are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from onefunnel.agreement.cells import Count, Days, MaybeWords, Number, Percent
from onefunnel.agreement.load import DO, Agreement, stop_once, told
from onefunnel.errors import Stop
from onefunnel.sources.csv_file import shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# deadlines lie this many days after AS_OF at most
DAYS_AHEAD = 400


def _clock(value: str) -> time:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ValueError("must be a time of day such as 09:30")
    return time.fromisoformat(value)


def _weekdays(value: str) -> frozenset[int]:
    days = [word.strip().lower() for word in value.split(";")]
    if any(day not in WEEKDAYS for day in days):
        raise ValueError("must be some of: Mon; Tue; Wed; Thu; Fri; Sat; Sun")
    return frozenset(WEEKDAYS.index(day) for day in days)


def _country(value: str) -> str:
    if value not in holidays.list_supported_countries():
        raise ValueError("must be a country such as IN, whose holidays are known")
    return value


Clock = Annotated[time, BeforeValidator(_clock)]
Hours = Annotated[Number, Field(gt=0, le=10_000)]


class ServiceLevels(BaseModel):
    """What both sides promise in one version: office hours, windows, and targets in percent."""

    model_config = ConfigDict(extra="forbid")
    opens_at: Clock
    closes_at: Clock
    working_days: Annotated[frozenset[int], BeforeValidator(_weekdays)]
    holiday_country: Annotated[str, BeforeValidator(_country)]
    holiday_subdivision: MaybeWords
    contact_within_hours: Hours
    contact_target: Percent
    conversation_min_seconds: Count
    disposition_within_days: Days
    disposition_target: Percent
    definition_met_target: Percent
    objection_logged_within_hours: Hours
    objection_logged_target: Percent
    objection_shown_within_hours: Hours
    objection_shown_target: Percent


def service_levels(agreement: Agreement) -> dict[int, ServiceLevels]:
    """Version -> its service levels: whole for each signed version, a draft may have none; Stop names the cell."""
    stop_once(agreement, "service_levels", lambda line: (line.version, line.level), "level")
    given: dict[int, dict[str, object]] = {}
    for line in agreement.rows["service_levels"]:
        if line.level not in ServiceLevels.model_fields:
            raise Stop(
                "agreement_service",
                f"{agreement.where('service_levels', line)}, column level: {shown(line.level)} is no service level",
                f"use one of: {', '.join(ServiceLevels.model_fields)}",
            )
        given.setdefault(line.version, {})[line.level] = line
    for signature in agreement.signed:
        given.setdefault(signature.version, {})
    return {version: _levels(agreement, version, lines) for version, lines in given.items()}


def _levels(agreement: Agreement, version: int, lines: dict) -> ServiceLevels:
    for level in ServiceLevels.model_fields:
        if level not in lines:
            raise Stop(
                "agreement_service",
                f"service_levels.csv, column level: version {version} has no row for '{level}'",
                f"add the row {version}, {level}, <value>",
            )
    try:
        levels = ServiceLevels.model_validate({level: line.value or "" for level, line in lines.items()})
    except ValidationError as why:
        first = why.errors()[0]
        line = lines[str(first["loc"][0])]
        raise _stop(agreement, line, f"{line.level}: {shown(line.value or '')} {told(first)}") from None
    if levels.opens_at >= levels.closes_at:
        raise _stop(agreement, lines["closes_at"], f"the office closes at {levels.closes_at} before it opens")
    known = holidays.country_holidays(levels.holiday_country).subdivisions
    if levels.holiday_subdivision is not None and levels.holiday_subdivision not in known:
        what = f"{shown(levels.holiday_subdivision)} is no part of {levels.holiday_country} with holidays of its own"
        raise _stop(agreement, lines["holiday_subdivision"], what, f"leave it blank or use one of: {', '.join(known)}")
    return levels


def _stop(agreement: Agreement, line, what: str, do: str = DO) -> Stop:
    return Stop("agreement_service", f"{agreement.where('service_levels', line)}, column value: {what}", do)


def calendar(agreement: Agreement, as_of: datetime) -> Iterator[tuple]:
    """Rows (version, day_on, is_working, opens_at, closes_at, worked_before_us) of every signed version.

    A version's days run from the day before it came into force to DAYS_AHEAD after as_of. worked_before_us: business
    microseconds before the day. A day off opens and closes at its midnight, so that nothing is worked in it.
    """
    zone = ZoneInfo(agreement.settings.timezone)
    special = {line.day: line.is_working for line in agreement.rows["special_days"]}
    levels = service_levels(agreement)
    for signature in agreement.signed:
        mine, worked = levels[signature.version], 0
        free = holidays.country_holidays(mine.holiday_country, subdiv=mine.holiday_subdivision)
        for day in _days(signature.in_force_on - timedelta(days=1), as_of.astimezone(zone).date()):
            is_working = special.get(day, day.weekday() in mine.working_days and day not in free)
            opens, closes = (
                datetime.combine(day, at if is_working else time(), zone) for at in (mine.opens_at, mine.closes_at)
            )
            yield signature.version, day, is_working, opens, closes, worked
            worked += _microseconds(opens, closes)


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + DAYS_AHEAD + 1):
        yield first + timedelta(days=step)


def _microseconds(opens: datetime, closes: datetime) -> int:
    """Elapsed between the two instants; wall clocks of one zone would forget a shift between them."""
    return round((closes.timestamp() - opens.timestamp()) * 1_000_000)


def in_microseconds(hours: Decimal) -> int:
    """Hours as whole microseconds."""
    return int(hours * 3_600_000_000)
