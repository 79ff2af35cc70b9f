"""The settings that hold for all of history, one row each in settings.csv."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from onefunnel.agreement.cells import Count, Days, Order, RisingDays, Words, YesNo, whole

DEAL_TYPES = ("new", "repeat", "expansion")


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


class Settings(BaseModel):
    """The settings that hold for all of history."""

    model_config = ConfigDict(extra="forbid")
    company_name: Words
    reporting_currency: Annotated[str, BeforeValidator(_currency)]
    timezone: Annotated[str, BeforeValidator(_zone)]
    fiscal_year_start_month: Annotated[int, BeforeValidator(whole), Field(ge=1, le=12)]
    maturity_days: Days
    intent_lapsed_days: Annotated[int, BeforeValidator(whole), Field(ge=0, le=36_500)]
    aging_bands_days: RisingDays
    revenue_basis: Literal["bookings", "invoices"]
    deal_types_in_scope: Annotated[str, BeforeValidator(_deal_types)]
    fx_max_age_days: Annotated[int, BeforeValidator(whole), Field(ge=0, le=36_500)]
    marketing_sourced_rule: Literal["first_touch", "lead_source", "any_touch"]
    invoice_statuses_not_counted: Words
    clv_prior_years: Annotated[int, BeforeValidator(whole), Field(ge=1, le=100)]
    clv_margin_percent: Annotated[int, BeforeValidator(whole), Field(ge=0, le=100)]
    clv_horizon_years: Annotated[int, BeforeValidator(whole), Field(ge=1, le=30)]
    clv_discount_percent: Annotated[int, BeforeValidator(whole), Field(ge=0, le=100)]
    clv_half_life_days: Days
    publish_objection_words: YesNo
    publish_marketing_actions: YesNo
    objections_top: Order
    objections_listed: Order
    objection_digest_days: Days
    recurrence_days: Days
    recurrence_horizon_days: Days
    recurrence_min_days: Days
    recurrence_min_conversations: Count
    recurrence_min_objections: Order
    lead_brief_days: Days
    lead_brief_objection_days: Days
    lead_brief_listed: Order
    signal_standard_errors: Annotated[int, BeforeValidator(whole), Field(ge=1, le=10)]
    signal_min_cases: Annotated[int, BeforeValidator(whole), Field(ge=1, le=10_000)]
    signal_max_percent_of_others: Annotated[int, BeforeValidator(whole), Field(ge=1, le=100)]
    signal_max_chance_percent: Annotated[int, BeforeValidator(whole), Field(ge=1, le=50)]
    signal_quarters: Annotated[int, BeforeValidator(whole), Field(ge=1, le=40)]
    signal_current_days: Days
    promise_weeks: Annotated[int, BeforeValidator(whole), Field(ge=1, le=260)]

    @field_validator("recurrence_horizon_days")
    @classmethod
    def _is_no_shorter_than_what_it_extends(cls, value, info: ValidationInfo):
        if value < info.data.get("recurrence_days", value):
            raise ValueError("must be recurrence_days or more")
        return value
