"""What the agreement's rows must be to each other, beyond each cell."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from onefunnel.agreement.load import DO, Agreement
from onefunnel.errors import Stop

CRITERIA = ("industry", "company_size", "intent", "role")
RULES = {
    "industry": {"one_of"},
    "company_size": {"employee_count", "annual_revenue", "precedence"},
    "intent": {"any_agreed_behaviour"},
    "role": {"has_authority"},
    "geography": {"country", "state", "city"},
}
LEAD_STAGES = {"inquiry", "nurture", "handed_over", "sal", "sql", "opportunity", "recycled", "disqualified"}
HANDOVER_FIELDS = {"handed_over_at"}


def check_agreement(agreement: Agreement, as_of: datetime) -> None:
    """The agreement can judge every lead at as_of; else Stop, with file, row and column."""
    if agreement.settings.timezone not in available_timezones():
        raise Stop("agreement_setting", f"settings.csv: timezone: '{agreement.settings.timezone}' is unknown", DO)
    _signatures(agreement, as_of)
    _qualification(agreement)
    _intent(agreement)
    _versions_exist(agreement)
    _once(agreement, "roles", lambda line: (line.from_version, line.rule_order), "rule_order")
    _once(agreement, "roles", lambda line: (line.from_version, line.words.lower()), "words")
    _once(agreement, "industries", lambda line: (line.from_version, line.source_word.lower()), "source_word")
    _once(agreement, "dispositions", lambda line: line.source_word.lower(), "source_word")
    _once(agreement, "loss_reasons", lambda line: line.source_word.lower(), "source_word")
    _once(agreement, "handover_rules", lambda line: line.source, "source")
    for name in ("channels", "segments", "regions"):
        _once(agreement, name, lambda line: line.rule_order, "rule_order")
    _handovers(agreement)
    _stages(agreement)


def in_force_at(agreement: Agreement, line) -> datetime:
    """The instant from which a signed version judges: local midnight of its last date."""
    zone = ZoneInfo(agreement.settings.timezone)
    return datetime.combine(line.in_force_on, datetime.min.time(), zone)


def _signatures(agreement: Agreement, as_of: datetime) -> None:
    _once(agreement, "signatures", lambda line: line.version, "version")
    for line in agreement.rows["signatures"]:
        if not any(line.signed):
            agreement.drafts.append(line.version)
        elif not all(line.signed):
            columns = [name for name in type(line).model_fields if name.startswith("signed_")]
            blank = columns[line.signed.index(False)]
            raise Stop(
                "agreement_partly_signed",
                f"{agreement.where('signatures', line)}, column {blank}: version {line.version} is signed in part",
                "both heads sign and date it, or clear all four cells to keep it a draft",
            )
    signed = agreement.signed
    for earlier, later in zip(signed, signed[1:], strict=False):
        if earlier.in_force_on == later.in_force_on or earlier.version > later.version:
            raise Stop(
                "agreement_overlap",
                f"{agreement.where('signatures', later)}, column effective_from: version {later.version} is in force from "
                f"{later.in_force_on}, version {earlier.version} from {earlier.in_force_on}: they overlap",
                "a later version needs a later date in force (the latest of effective_from and both signing dates)",
            )
    if not any(in_force_at(agreement, line) <= as_of for line in signed):
        raise Stop(
            "agreement_not_in_force",
            f"signatures.csv: no version is signed by both sides and in force at {as_of:%Y-%m-%d %H:%M %Z}",
            "both heads sign a version with effective_from on or before that day",
        )


def _qualification(agreement: Agreement) -> None:
    lines = agreement.rows["qualification"]
    for line in lines:
        where = agreement.where("qualification", line)
        if line.rule not in RULES[line.criterion]:
            allowed = ", ".join(sorted(RULES[line.criterion]))
            raise Stop(
                "agreement_rule",
                f"{where}, column rule: '{line.rule}' is no rule of {line.criterion}",
                f"use {allowed}",
            )
        needs_value = line.rule in ("one_of", "precedence", "country", "state", "city")
        if needs_value and not line.value:
            raise Stop("agreement_rule", f"{where}, column value: {line.criterion} {line.rule} needs a value", DO)
        if line.rule in ("employee_count", "annual_revenue"):
            _band(where, line)
        if line.rule == "precedence" and line.value not in ("employee_count", "annual_revenue"):
            raise Stop(
                "agreement_rule", f"{where}, column value: '{line.value}'", "use employee_count or annual_revenue"
            )
    for signature in agreement.rows["signatures"]:
        _complete(signature.version, [line for line in lines if line.version == signature.version])


def _band(where: str, line) -> None:
    if line.minimum is None and line.maximum is None:
        raise Stop("agreement_rule", f"{where}, column minimum: the band has neither minimum nor maximum", DO)
    if line.minimum is not None and line.maximum is not None and line.minimum > line.maximum:
        raise Stop("agreement_rule", f"{where}, column minimum: {line.minimum} is above the maximum {line.maximum}", DO)


def _complete(version: int, lines: list) -> None:
    have = Counter((line.criterion, line.rule) for line in lines)
    criteria = {criterion for criterion, _ in have}
    for criterion in CRITERIA:
        if criterion not in criteria:
            raise Stop("agreement_incomplete", f"qualification.csv: version {version} has no row for {criterion}", DO)
    bands = [rule for rule in ("employee_count", "annual_revenue") if have["company_size", rule]]
    if not bands:
        raise Stop("agreement_incomplete", f"qualification.csv: version {version}: company_size has no band", DO)
    if len(bands) == 2 and not have["company_size", "precedence"]:
        raise Stop(
            "agreement_incomplete",
            f"qualification.csv: version {version}: company_size has two bands and no precedence",
            "add a row company_size, precedence, employee_count or annual_revenue",
        )
    for rule in ("employee_count", "annual_revenue", "precedence"):
        if have["company_size", rule] > 1:
            raise Stop("agreement_rule", f"qualification.csv: version {version}: company_size {rule} stands twice", DO)


def _intent(agreement: Agreement) -> None:
    for line in agreement.rows["intent_behaviours"]:
        if line.kind == "page_view":
            raise Stop(
                "agreement_intent",
                f"{agreement.where('intent_behaviours', line)}, column kind: a page view alone never signals intent",
                "name a specific behaviour, such as demo_request or pricing_page",
            )
    _once(agreement, "intent_behaviours", lambda line: (line.version, line.kind), "kind")
    behaving = {line.version for line in agreement.rows["intent_behaviours"]}
    for line in agreement.rows["signatures"]:
        if line.version not in behaving:
            raise Stop("agreement_incomplete", f"intent_behaviours.csv: version {line.version} lists no behaviour", DO)


def _versions_exist(agreement: Agreement) -> None:
    known = {line.version for line in agreement.rows["signatures"]}
    for name, column in (
        ("qualification", "version"),
        ("intent_behaviours", "version"),
        ("roles", "from_version"),
        ("industries", "from_version"),
    ):
        for line in agreement.rows[name]:
            if getattr(line, column) not in known:
                raise Stop(
                    "agreement_version",
                    f"{agreement.where(name, line)}, column {column}: signatures.csv has no version {getattr(line, column)}",
                    "add the version to signatures.csv, or mend the number",
                )


def _once(agreement: Agreement, name: str, key, column: str) -> None:
    seen = {}
    for line in agreement.rows[name]:
        if key(line) in seen:
            first = agreement.where(name, seen[key(line)])
            raise Stop(
                "agreement_twice",
                f"{agreement.where(name, line)}, column {column}: '{getattr(line, column)}' stands already in {first}",
                "keep one of the two rows",
            )
        seen[key(line)] = line


def _handovers(agreement: Agreement) -> None:
    for line in agreement.rows["handover_rules"]:
        if line.marks_by == "field" and line.value not in HANDOVER_FIELDS:
            raise Stop(
                "agreement_handover",
                f"{agreement.where('handover_rules', line)}, column value: '{line.value}' is no instant of a handover",
                "use handed_over_at, and map the source's own field to it in sources.yml",
            )


def _stages(agreement: Agreement) -> None:
    _once(agreement, "stages", lambda line: (line.entity, line.source_word.lower()), "source_word")
    for line in agreement.rows["stages"]:
        where = agreement.where("stages", line)
        if line.entity == "lead" and line.stage not in LEAD_STAGES:
            raise Stop(
                "agreement_stage",
                f"{where}, column stage: unknown stage word '{line.stage}'",
                f"use one of: {', '.join(sorted(LEAD_STAGES))}",
            )
        if line.entity == "deal" and (line.status is None or line.stage_order is None):
            column = "status" if line.status is None else "stage_order"
            raise Stop("agreement_stage", f"{where}, column {column}: a deal's stage needs an order and a status", DO)
