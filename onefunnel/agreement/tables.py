"""The agreement's files and what each row must hold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _blank_is_none(value):
    return None if isinstance(value, str) and not value.strip() else value


def _iso(value):
    value = _blank_is_none(value)
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError("not an ISO date such as 2026-04-01")
    return value


def _yes_no(value):
    text = str(value).strip().lower()
    if text not in ("true", "false"):
        raise ValueError("neither true nor false")
    return text == "true"


Words = Annotated[str, Field(min_length=1)]
MaybeWords = Annotated[str | None, BeforeValidator(_blank_is_none)]
MaybeDate = Annotated[date | None, BeforeValidator(_iso)]
MaybeNumber = Annotated[Decimal | None, BeforeValidator(_blank_is_none)]
MaybeWhole = Annotated[int | None, BeforeValidator(_blank_is_none)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Version = Annotated[int, Field(ge=1)]
Order = Annotated[int, Field(ge=1)]


class Line(BaseModel):
    """One row of one file of the agreement."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Signature(Line):
    version: Version
    effective_from: Annotated[date, BeforeValidator(_iso)]
    signed_for_sales_by: MaybeWords
    signed_for_sales_on: MaybeDate
    signed_for_marketing_by: MaybeWords
    signed_for_marketing_on: MaybeDate
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
    minimum_count: Annotated[int, Field(ge=1)]
    within_days: Annotated[int, Field(ge=1)]


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
    "settings": Setting,
}


class Settings(BaseModel):
    """The settings that hold for all of history."""

    model_config = ConfigDict(extra="forbid")
    company_name: Words
    reporting_currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Words
    fiscal_year_start_month: Annotated[int, Field(ge=1, le=12)]
    maturity_days: Annotated[int, Field(ge=1)]
    intent_lapsed_days: Annotated[int, Field(ge=0)]
    revenue_basis: Literal["bookings", "invoices"]
    deal_types_in_scope: Words
    fx_max_age_days: Annotated[int, Field(ge=0)]
