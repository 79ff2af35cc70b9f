"""The agreement's files and what each row must hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from onefunnel.agreement.cells import (
    Day,
    Days,
    Domain,
    FiscalQuarter,
    MaybeDay,
    MaybeNumber,
    MaybeWhole,
    MaybeWords,
    MaybeYesNo,
    Number,
    Order,
    SegmentName,
    Version,
    Words,
    YesNo,
    blank_is_none,
)


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
    status: Annotated[Literal["open", "won", "lost"] | None, BeforeValidator(blank_is_none)]


class Disposition(Line):
    source_word: Words
    disposition: Words
    is_closing: YesNo
    is_recycling: YesNo
    says_not_qualified: MaybeYesNo
    criterion: MaybeWords = None

    @property
    def criterion_words(self) -> str | None:
        """The criterion that the word says is missing, as reasons spell it."""
        return None if self.criterion is None else " ".join(self.criterion.replace("_", " ").split()).lower()


class LossReason(Line):
    source_word: Words
    loss_reason: Words


class ForecastCategory(Line):
    source_word: Words
    category: Literal["commit", "best case", "pipeline", "omitted", "closed"]


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
    segment: SegmentName


class Region(Line):
    rule_order: Order
    country: MaybeWords
    state: MaybeWords
    region: Words


class AttributionModel(Line):
    model: Literal["all", "u_shaped", "w_shaped", "full_path", "time_decay"]
    item: Literal["lookback_days", "half_life_days", "first", "lead", "opportunity", "won", "rest"]
    value: Annotated[Number, Field(gt=0)]


class TouchKind(Line):
    kind: Words
    only_with_utm: YesNo


class SharedDomain(Line):
    domain: Domain
    kind: Literal["free_mail", "shared_host", "marketplace"]


class RevenueTarget(Line):
    fiscal_quarter: FiscalQuarter
    target: Annotated[Number, Field(ge=0)]


class ServiceLevel(Line):
    version: Version
    level: Words
    value: MaybeWords
    meaning: MaybeWords


class SpecialDay(Line):
    day: Day
    is_working: YesNo
    name: Words


class ObjectionCategory(Line):
    found_in: Literal["sheet", "call_outcome", "lost_reason"]
    source_word: Words
    category: MaybeWords


class ProfileItem(Line):
    version: Version
    item: Literal[
        "industry", "geography", "company_size", "buyer_persona", "trigger", "pain_point", "expected_objection"
    ]
    value: Words


class Benchmark(Line):
    metric: Words
    value: Annotated[Number, Field(ge=0)]
    source: Words
    note: MaybeWords


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
    "forecast_categories": ForecastCategory,
    "channels": Channel,
    "segments": Segment,
    "regions": Region,
    "attribution_models": AttributionModel,
    "attribution_touch_kinds": TouchKind,
    "shared_domains": SharedDomain,
    "revenue_targets": RevenueTarget,
    "service_levels": ServiceLevel,
    "special_days": SpecialDay,
    "objection_categories": ObjectionCategory,
    "ideal_customer_profile": ProfileItem,
    "benchmarks": Benchmark,
    "settings": Setting,
}
