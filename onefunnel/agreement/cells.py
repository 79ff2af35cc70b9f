"""What a cell of the agreement may hold, and what is said when it does not."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, Field


def blank_is_none(value):
    return None if isinstance(value, str) and not value.strip() else value


def iso_day(value):
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    raise ValueError("must be an ISO date such as 2026-04-01")


def yes_no(value):
    text = str(value).strip().lower()
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def whole(value):
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise ValueError("must be a whole number in digits only, such as 5000")
    return int(value)


def number(value):
    if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,2})?", value):
        raise ValueError("must be a number in digits only, such as 250000000")
    return Decimal(value)


def domain(value):
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", str(value).strip().lower()):
        raise ValueError("must be a domain such as gmail.com, without www or a path")
    return str(value).strip().lower()


def segment_name(value):
    if str(value).strip().lower() == "all":
        raise ValueError("is what all segments together are called; choose another name")
    return value


def fiscal_quarter(value):
    if not re.fullmatch(r"FY[0-9]{2}-Q[1-4]", str(value).strip()):
        raise ValueError("must be a fiscal quarter such as FY26-Q1")
    return str(value).strip()


def optional(read):
    return BeforeValidator(lambda value: None if blank_is_none(value) is None else read(value))


def maybe_yes_no(value):
    try:
        return yes_no(value)
    except ValueError:
        raise ValueError("must be true, false or empty") from None


def rising_days(value):
    """'7; 14; 30' as it is."""
    days = [word.strip() for word in str(value).split(";")]
    if not all(re.fullmatch(r"[0-9]{1,5}", day) for day in days) or not is_rising([int(day) for day in days]):
        raise ValueError("must be whole days, each more than the one before, such as 7; 14; 30")
    return value


def is_rising(numbers: list[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise([0, *numbers]))


Words = Annotated[str, Field(min_length=1)]
MaybeWords = Annotated[str | None, BeforeValidator(blank_is_none)]
Day = Annotated[date, BeforeValidator(iso_day)]
MaybeDay = Annotated[date | None, optional(iso_day)]
MaybeNumber = Annotated[Annotated[Decimal, Field(ge=0)] | None, optional(number)]
MaybeWhole = Annotated[Annotated[int, Field(ge=0, le=1_000_000_000)] | None, optional(whole)]
YesNo = Annotated[bool, BeforeValidator(yes_no)]
MaybeYesNo = Annotated[bool | None, optional(maybe_yes_no)]
RisingDays = Annotated[str, BeforeValidator(rising_days)]
Version = Annotated[int, BeforeValidator(whole), Field(ge=1, le=9_999)]
Order = Annotated[int, BeforeValidator(whole), Field(ge=1, le=1_000_000)]
Days = Annotated[int, BeforeValidator(whole), Field(ge=1, le=36_500)]
Domain = Annotated[str, BeforeValidator(domain)]
SegmentName = Annotated[str, Field(min_length=1), BeforeValidator(segment_name)]
FiscalQuarter = Annotated[str, BeforeValidator(fiscal_quarter)]
Number = Annotated[Decimal, BeforeValidator(number)]
Count = Annotated[int, BeforeValidator(whole), Field(ge=0, le=1_000_000_000)]
Percent = Annotated[int, BeforeValidator(whole), Field(ge=0, le=100)]
