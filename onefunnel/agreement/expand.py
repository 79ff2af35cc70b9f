"""The agreement as the typed tables that the dbt project reads (schema agreement)."""

from __future__ import annotations

from datetime import datetime

from onefunnel.agreement.load import Agreement, in_force_at
from onefunnel.agreement.service import ServiceLevels, calendar, in_microseconds, service_levels

# table -> its columns, in the order of the rows that `tables` gives
DDL = {
    "versions": "version integer, in_force_at timestamptz, is_signed boolean, effective_from date, "
    "signed_for_sales_by varchar, signed_for_sales_on date, signed_for_marketing_by varchar, "
    "signed_for_marketing_on date, note varchar",
    "drafts": "version integer",
    "company_size": "version integer, has_employee_band boolean, min_employees bigint, max_employees bigint, "
    "has_revenue_band boolean, min_revenue_amount decimal(18, 2), max_revenue_amount decimal(18, 2), "
    "precedence varchar",
    "industries_that_fit": "version integer, industry varchar",
    "geography": "version integer, field varchar, value varchar",
    "intent_behaviours": "version integer, kind varchar, minimum_count integer, within_days integer",
    "roles": "version integer, rule_order integer, words varchar, level varchar, has_authority boolean",
    "industries": "version integer, source_word varchar, industry varchar",
    "handover_rules": "source varchar, marks_by varchar, value varchar",
    "stages": "entity varchar, source_word varchar, stage varchar, stage_order integer, status varchar",
    "dispositions": "source_word varchar, disposition varchar, is_closing boolean, is_recycling boolean, "
    "says_not_qualified boolean, criterion varchar",
    "loss_reasons": "source_word varchar, loss_reason varchar",
    "forecast_categories": "source_word varchar, category varchar",
    "channels": "rule_order integer, lead_source varchar, campaign_type varchar, touch_kind varchar, "
    "utm_source varchar, utm_medium varchar, platform varchar, channel varchar, is_marketing boolean",
    "segments": "rule_order integer, industry varchar, min_employees bigint, max_employees bigint, segment varchar",
    "regions": "rule_order integer, country varchar, state varchar, region varchar",
    "attribution_models": "model varchar, item varchar, value decimal(9, 3)",
    "attribution_touch_kinds": "kind varchar, only_with_utm boolean",
    "shared_domains": "domain varchar, kind varchar",
    "revenue_targets": "fiscal_quarter varchar, target_amount decimal(18, 2)",
    "service_levels": "version integer, contact_within_us bigint, contact_target integer, "
    "conversation_min_seconds integer, disposition_within_us bigint, disposition_target integer, "
    "definition_met_target integer, objection_logged_within_us bigint, objection_logged_target integer, "
    "objection_shown_within_us bigint, objection_shown_target integer",
    "calendar": "version integer, day_on date, is_working boolean, opens_at timestamptz, closes_at timestamptz, "
    "worked_before_us bigint",
    "objection_categories": "found_in varchar, source_word varchar, category varchar",
    "ideal_customer_profile": "version integer, item varchar, value varchar",
    "benchmarks": "metric varchar, value decimal(18, 2), source varchar, note varchar",
    "aging_bands": "band_order integer, age_band varchar, from_days integer, before_days integer",
}


# what a channel's rule may ask of a lead, a touch or a spend row
CHANNEL_CONDITIONS = ("lead_source", "campaign_type", "touch_kind", "utm_source", "utm_medium", "platform")


def words(text: str | None) -> str | None:
    """As words are compared: trimmed, inner white space collapsed, lower case."""
    return None if text is None else " ".join(text.split()).lower()


def title_words(text: str) -> str:
    """As titles are compared: lower case, letters and digits only, one space between words."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def tables(agreement: Agreement, as_of: datetime) -> dict[str, list[tuple]]:
    """Table of DDL -> its rows; dictionaries are written out for every version, the calendar until after as_of."""
    # what a draft must state is known where definitions are checked, which rests on this module
    from onefunnel.agreement.definition import whole_drafts

    rows = agreement.rows
    versions = [line.version for line in rows["signatures"]]
    return {
        "versions": [_version(agreement, line) for line in rows["signatures"]],
        "drafts": [(version,) for version in whole_drafts(agreement)],
        "company_size": [_size(version, rows["qualification"]) for version in versions],
        "industries_that_fit": [
            (q.version, words(q.value)) for q in rows["qualification"] if q.criterion == "industry"
        ],
        "geography": [(q.version, q.rule, words(q.value)) for q in rows["qualification"] if q.criterion == "geography"],
        "intent_behaviours": [
            (b.version, words(b.kind), b.minimum_count, b.within_days) for b in rows["intent_behaviours"]
        ],
        "roles": [row for version in versions for row in _roles(version, agreement)],
        "industries": [
            (version, key, words(line.industry))
            for version in versions
            for key, line in in_version(version, rows["industries"], lambda line: words(line.source_word)).items()
        ],
        "handover_rules": [(r.source, r.marks_by, r.value) for r in rows["handover_rules"]],
        "stages": [(s.entity, words(s.source_word), s.stage, s.stage_order, s.status) for s in rows["stages"]],
        "dispositions": [
            (words(d.source_word), d.disposition, d.is_closing, d.is_recycling, d.says_not_qualified, d.criterion_words)
            for d in rows["dispositions"]
        ],
        "loss_reasons": [(words(r.source_word), r.loss_reason) for r in rows["loss_reasons"]],
        "forecast_categories": [(words(c.source_word), c.category) for c in rows["forecast_categories"]],
        "channels": [
            (c.rule_order, *(words(getattr(c, on)) for on in CHANNEL_CONDITIONS), c.channel, c.is_marketing)
            for c in rows["channels"]
        ],
        "segments": [
            (s.rule_order, words(s.industry), s.min_employees, s.max_employees, s.segment) for s in rows["segments"]
        ],
        "regions": [(r.rule_order, words(r.country), words(r.state), r.region) for r in rows["regions"]],
        "attribution_models": [(m.model, m.item, m.value) for m in rows["attribution_models"]],
        "attribution_touch_kinds": [(words(k.kind), k.only_with_utm) for k in rows["attribution_touch_kinds"]],
        "shared_domains": [(d.domain, d.kind) for d in rows["shared_domains"]],
        "revenue_targets": [(t.fiscal_quarter, t.target) for t in rows["revenue_targets"]],
        "service_levels": [_service(version, levels) for version, levels in service_levels(agreement).items()],
        "calendar": list(calendar(agreement, as_of)),
        "objection_categories": [(c.found_in, words(c.source_word), c.category) for c in rows["objection_categories"]],
        "ideal_customer_profile": [(i.version, i.item, i.value) for i in rows["ideal_customer_profile"]],
        "benchmarks": [(b.metric, b.value, b.source, b.note) for b in rows["benchmarks"]],
        "aging_bands": _bands([int(day) for day in agreement.settings.aging_bands_days.split(";")]),
    }


def _bands(lasts: list[int]) -> list[tuple]:
    """The bands by the last whole day of each, and the one that follows them; before_days is the next one's first."""
    firsts = [0, *(last + 1 for last in lasts)]
    named = [f"{first}-{last} days" for first, last in zip(firsts, lasts)]
    return list(zip(range(1, len(firsts) + 1), [*named, f"over {lasts[-1]} days"], firsts, [*firsts[1:], None]))


def _service(version: int, levels: ServiceLevels) -> tuple:
    return (
        version,
        in_microseconds(levels.contact_within_hours),
        levels.contact_target,
        levels.conversation_min_seconds,
        levels.disposition_within_days * 86_400_000_000,
        levels.disposition_target,
        levels.definition_met_target,
        in_microseconds(levels.objection_logged_within_hours),
        levels.objection_logged_target,
        in_microseconds(levels.objection_shown_within_hours),
        levels.objection_shown_target,
    )


def _version(agreement: Agreement, line) -> tuple:
    signed = all(line.signed)
    return (
        line.version,
        in_force_at(agreement, line) if signed else None,
        signed,
        line.effective_from,
        line.signed_for_sales_by,
        line.signed_for_sales_on,
        line.signed_for_marketing_by,
        line.signed_for_marketing_on,
        line.note,
    )


def _size(version: int, lines: list) -> tuple:
    mine = {line.rule: line for line in lines if line.version == version and line.criterion == "company_size"}
    employees, revenue, precedence = (mine.get(rule) for rule in ("employee_count", "annual_revenue", "precedence"))
    return (
        version,
        employees is not None,
        employees and employees.minimum,
        employees and employees.maximum,
        revenue is not None,
        revenue and revenue.minimum,
        revenue and revenue.maximum,
        precedence and precedence.value,
    )


def in_version(version: int, lines: list, key) -> dict:
    """Per key the row with the largest from_version that is not after the version."""
    held: dict = {}
    for line in sorted(lines, key=lambda line: line.from_version):
        if line.from_version <= version:
            held[key(line)] = line
    return held


def roles_in(version: int, agreement: Agreement) -> list:
    return list(in_version(version, agreement.rows["roles"], lambda line: title_words(line.words)).values())


def _roles(version: int, agreement: Agreement) -> list[tuple]:
    return [(version, r.rule_order, r.words, r.level, r.has_authority) for r in roles_in(version, agreement)]
