"""The agreement's files and what each row must hold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _blank_is_none(value):
    return None if isinstance(value, str) and not value.strip() else value


def _iso(value):
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    raise ValueError("must be an ISO date such as 2026-04-01")


def _yes_no(value):
    text = str(value).strip().lower()
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def _whole(value):
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise ValueError("must be a whole number in digits only, such as 5000")
    return int(value)


def _number(value):
    if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,2})?", value):
        raise ValueError("must be a number in digits only, such as 250000000")
    return Decimal(value)


def _domain(value):
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", str(value).strip().lower()):
        raise ValueError("must be a domain such as gmail.com, without www or a path")
    return str(value).strip().lower()


def _fiscal_quarter(value):
    if not re.fullmatch(r"FY[0-9]{2}-Q[1-4]", str(value).strip()):
        raise ValueError("must be a fiscal quarter such as FY26-Q1")
    return str(value).strip()


def _optional(read):
    return BeforeValidator(lambda value: None if _blank_is_none(value) is None else read(value))


Words = Annotated[str, Field(min_length=1)]
MaybeWords = Annotated[str | None, BeforeValidator(_blank_is_none)]
Day = Annotated[date, BeforeValidator(_iso)]
MaybeDay = Annotated[date | None, _optional(_iso)]
MaybeNumber = Annotated[Annotated[Decimal, Field(ge=0)] | None, _optional(_number)]
MaybeWhole = Annotated[Annotated[int, Field(ge=0, le=1_000_000_000)] | None, _optional(_whole)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Version = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=9_999)]
Order = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=1_000_000)]
Days = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=36_500)]


class Line(BaseModel):
    """One row of one file of the agreement."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Signature(Line):
    version: Version
    effective_from: Day
    signed_for_sales_by: MaybeWords
    signed_for_sales_on: MaybeDay
    signed_for_marketing_by: MaybeWords
    signed_for_marketing_on: MaybeDay
    note: MaybeWords

    @property
    def signed(self) -> list[bool]:
        cells = (
            self.signed_for_sales_by,
            self.signed_for_sales_on,
            self.signed_for_marketing_by,
            self.signed_for_marketing_on,
        )
        return [cell is not None for cell in cells]

    @property
    def in_force_on(self) -> date:
        """The local day from whose midnight the version judges; only of a signed one."""
        return max(self.effective_from, self.signed_for_sales_on, self.signed_for_marketing_on)


class Qualification(Line):
    version: Version
    criterion: Literal["industry", "company_size", "intent", "role", "geography"]
    rule: Words
    value: MaybeWords
    minimum: MaybeNumber
    maximum: MaybeNumber


class IntentBehaviour(Line):
    version: Version
    kind: Words
    minimum_count: Order
    within_days: Days


class Role(Line):
    from_version: Version
    rule_order: Order
    words: Words
    level: Words
    has_authority: YesNo


class Industry(Line):
    from_version: Version
    source_word: Words
    industry: Words


class HandoverRule(Line):
    source: Words
    marks_by: Literal["field", "status", "owner_team"]
    value: Words


class Stage(Line):
    entity: Literal["lead", "deal"]
    source_word: Words
    stage: Words
    stage_order: MaybeWhole
    status: Annotated[Literal["open", "won", "lost"] | None, BeforeValidator(_blank_is_none)]


class Disposition(Line):
    source_word: Words
    disposition: Words
    is_closing: YesNo
    is_recycling: YesNo


class LossReason(Line):
    source_word: Words
    loss_reason: Words


class Channel(Line):
    rule_order: Order
    lead_source: MaybeWords
    campaign_type: MaybeWords
    touch_kind: MaybeWords
    utm_source: MaybeWords
    utm_medium: MaybeWords
    platform: MaybeWords
    channel: Words
    is_marketing: YesNo


class Segment(Line):
    rule_order: Order
    industry: MaybeWords
    min_employees: MaybeWhole
    max_employees: MaybeWhole
    segment: Words


class Region(Line):
    rule_order: Order
    country: MaybeWords
    state: MaybeWords
    region: Words


class AttributionModel(Line):
    model: Literal["all", "u_shaped", "w_shaped", "full_path", "time_decay"]
    item: Literal["lookback_days", "half_life_days", "first", "lead", "opportunity", "won", "rest"]
    value: Annotated[Decimal, BeforeValidator(_number), Field(gt=0)]


class TouchKind(Line):
    kind: Words
    only_with_utm: YesNo


class SharedDomain(Line):
    domain: Annotated[str, BeforeValidator(_domain)]
    kind: Literal["free_mail", "shared_host", "marketplace"]


class RevenueTarget(Line):
    fiscal_quarter: Annotated[str, BeforeValidator(_fiscal_quarter)]
    target: Annotated[Decimal, BeforeValidator(_number), Field(ge=0)]


class Setting(Line):
    setting: Words
    value: Words
    meaning: MaybeWords


FILES: dict[str, type[Line]] = {
    "signatures": Signature,
    "qualification": Qualification,
    "intent_behaviours": IntentBehaviour,
    "roles": Role,
    "industries": Industry,
    "handover_rules": HandoverRule,
    "stages": Stage,
    "dispositions": Disposition,
    "loss_reasons": LossReason,
    "channels": Channel,
    "segments": Segment,
    "regions": Region,
    "attribution_models": AttributionModel,
    "attribution_touch_kinds": TouchKind,
    "shared_domains": SharedDomain,
    "revenue_targets": RevenueTarget,
    "settings": Setting,
}


def _zone(value):
    if value not in available_timezones():
        raise ValueError("must be a time zone such as Asia/Kolkata")
    return value


def _currency(value):
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("must be three capital letters, such as INR")
    return value


def _deal_types(value):
    for word in value.split(";"):
        if word.strip().lower() not in DEAL_TYPES:
            raise ValueError(f"must be some of: {'; '.join(DEAL_TYPES)}")
    return value


DEAL_TYPES = ("new", "repeat", "expansion")


class Settings(BaseModel):
    """The settings that hold for all of history."""

    model_config = ConfigDict(extra="forbid")
    company_name: Words
    reporting_currency: Annotated[str, BeforeValidator(_currency)]
    timezone: Annotated[str, BeforeValidator(_zone)]
    fiscal_year_start_month: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=12)]
    maturity_days: Days
    intent_lapsed_days: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=36_500)]
    revenue_basis: Literal["bookings", "invoices"]
    deal_types_in_scope: Annotated[str, BeforeValidator(_deal_types)]
    fx_max_age_days: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=36_500)]
    marketing_sourced_rule: Literal["first_touch", "lead_source", "any_touch"]
    invoice_statuses_not_counted: Words
    clv_prior_years: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)]
    clv_margin_percent: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=100)]
    clv_horizon_years: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=30)]
    clv_discount_percent: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=100)]
    clv_half_life_days: Days
