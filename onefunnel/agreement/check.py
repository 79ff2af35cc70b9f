"""What the agreement's rows must be to each other, beyond each cell."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches
from itertools import pairwise

from onefunnel.agreement.definition import CRITERIA, check_definition
from onefunnel.agreement.expand import roles_in, title_words, words
from onefunnel.agreement.load import Agreement, in_force_at, stop_once
from onefunnel.agreement.models import check_models
from onefunnel.agreement.service import service_levels
from onefunnel.errors import Stop
from onefunnel.sources.csv_file import shown

LEAD_STAGES = {"inquiry", "nurture", "handed_over", "sal", "sql", "opportunity", "recycled", "disqualified"}
REASONS = tuple(name.replace("_", " ") for name in (*CRITERIA, "geography"))
HANDOVER_FIELDS = {"handed_over_at"}


def check_agreement(agreement: Agreement, as_of: datetime) -> None:
    """The agreement can judge every lead at as_of; else Stop, with file, row and column."""
    _signatures(agreement, as_of)
    _versions_exist(agreement)
    check_definition(agreement)
    _each_word_once(agreement)
    _stages(agreement)
    _handovers(agreement)
    _segments(agreement)
    _objections(agreement)
    _dispositions(agreement)
    check_models(agreement)
    service_levels(agreement)


def _signatures(agreement: Agreement, as_of: datetime) -> None:
    stop_once(agreement, "signatures", lambda line: line.version, "version")
    agreement.drafts = [line.version for line in agreement.rows["signatures"] if not any(line.signed)]
    for line in agreement.rows["signatures"]:
        if any(line.signed) and not all(line.signed):
            columns = [name for name in type(line).model_fields if name.startswith("signed_")]
            blank = columns[line.signed.index(False)]
            raise Stop(
                "agreement_partly_signed",
                f"{agreement.where('signatures', line)}, column {blank}: empty, so version {line.version} is "
                "signed in part",
                "both heads sign and date it, or clear all four cells to keep it a draft",
            )
    signed = agreement.signed
    for earlier, later in pairwise(signed):
        if earlier.in_force_on == later.in_force_on or earlier.version > later.version:
            raise Stop(
                "agreement_overlap",
                f"{agreement.where('signatures', later)}, column effective_from: version {later.version} is in force "
                f"from {later.in_force_on}, version {earlier.version} from {earlier.in_force_on}: they overlap",
                "a later version needs a later date in force (the latest of effective_from and both signing dates)",
            )
    if not any(in_force_at(agreement, line) <= as_of for line in signed):
        raise Stop(
            "agreement_not_in_force",
            f"signatures.csv, column effective_from: no version is signed by both sides and in force at "
            f"{as_of:%Y-%m-%d %H:%M %Z}",
            "both heads sign a version with effective_from on or before that day",
        )


def _versions_exist(agreement: Agreement) -> None:
    known = {line.version for line in agreement.rows["signatures"]}
    for name, column in (
        ("qualification", "version"),
        ("intent_behaviours", "version"),
        ("roles", "from_version"),
        ("industries", "from_version"),
        ("service_levels", "version"),
        ("ideal_customer_profile", "version"),
    ):
        for line in agreement.rows[name]:
            version = getattr(line, column)
            if version not in known:
                raise Stop(
                    "agreement_version",
                    f"{agreement.where(name, line)}, column {column}: signatures.csv has no version {version}",
                    "add the version to signatures.csv, or mend the number",
                )


def _objections(agreement: Agreement) -> None:
    """Only the outcome of a call may be agreed to be no objection; `unmapped` says that nobody agreed."""
    for line in agreement.rows["objection_categories"]:
        where = f"{agreement.where('objection_categories', line)}, column category"
        if line.category is None and line.found_in != "call_outcome":
            raise Stop(
                "agreement_objection",
                f"{where}: empty for a word of {line.found_in}, where each word is an objection",
                "name a category; only an outcome of a call that is no objection has none",
            )
        if words(line.category) == "unmapped":
            raise Stop(
                "agreement_objection",
                f"{where}: `unmapped` is what tables say of words without a row here",
                "name another category, or leave the row out",
            )


def _dispositions(agreement: Agreement) -> None:
    """A word may name the criterion that sales says is missing; the word then speaks against the lead."""
    told: dict[str, object] = {}
    for line in agreement.rows["dispositions"]:
        first = told.setdefault(words(line.disposition), line)
        found = None
        if line.criterion and line.criterion_words not in REASONS:
            near = get_close_matches(line.criterion_words, REASONS, n=1, cutoff=0.5)
            near = [name.replace(" ", "_") for name in near or REASONS]
            found = f"{shown(line.criterion)} is no criterion", f"write {' or '.join(near)}, or leave the cell empty"
        elif line.criterion and line.says_not_qualified is False:
            found = (
                f"{shown(line.criterion)} is said to be missing by a word that says nothing against the lead",
                "leave the cell empty, or write true in says_not_qualified",
            )
        elif line.criterion_words != first.criterion_words:
            other = f"{first.criterion or 'empty'} in {agreement.where('dispositions', first)}"
            found = f"'{line.disposition}' has {line.criterion or 'none'} here and {other}", "a disposition has one"
        if found:
            where = f"{agreement.where('dispositions', line)}, column criterion"
            raise Stop("agreement_criterion", f"{where}: {found[0]}", found[1])


def _each_word_once(agreement: Agreement) -> None:
    for name in ("roles", "channels", "segments", "regions"):
        version = "from_version" if name == "roles" else None
        stop_once(agreement, name, lambda line, v=version: (v and getattr(line, v), line.rule_order), "rule_order")
    stop_once(agreement, "roles", lambda line: (line.from_version, title_words(line.words)), "words")
    stop_once(agreement, "industries", lambda line: (line.from_version, words(line.source_word)), "source_word")
    stop_once(agreement, "stages", lambda line: (line.entity, words(line.source_word)), "source_word")
    stop_once(agreement, "dispositions", lambda line: words(line.source_word), "source_word")
    stop_once(agreement, "loss_reasons", lambda line: words(line.source_word), "source_word")
    stop_once(agreement, "forecast_categories", lambda line: words(line.source_word), "source_word")
    stop_once(agreement, "handover_rules", lambda line: line.source, "source")
    stop_once(agreement, "attribution_touch_kinds", lambda line: words(line.kind), "kind")
    stop_once(agreement, "shared_domains", lambda line: line.domain, "domain")
    stop_once(agreement, "revenue_targets", lambda line: line.fiscal_quarter, "fiscal_quarter")
    stop_once(agreement, "special_days", lambda line: line.day, "day")
    stop_once(agreement, "objection_categories", lambda line: (line.found_in, words(line.source_word)), "source_word")
    stop_once(agreement, "benchmarks", lambda line: line.metric, "metric")
    for signature in agreement.signed:
        orders = {}
        for line in roles_in(signature.version, agreement):
            other = orders.setdefault(line.rule_order, line)
            if other is not line:
                raise Stop(
                    "agreement_twice",
                    f"{agreement.where('roles', line)}, column rule_order: in version {signature.version}, "
                    f"{line.rule_order} stands already in {agreement.where('roles', other)}",
                    "give one of the two rows another rule_order",
                )


def _stages(agreement: Agreement) -> None:
    told: dict[str, object] = {}
    for line in agreement.rows["stages"]:
        where = agreement.where("stages", line)
        if line.entity == "lead" and line.stage not in LEAD_STAGES:
            raise Stop(
                "agreement_stage",
                f"{where}, column stage: unknown stage word {shown(line.stage)}",
                f"use one of: {', '.join(sorted(LEAD_STAGES))}",
            )
        if line.entity == "lead":
            continue
        for column in ("status", "stage_order"):
            if getattr(line, column) is None:
                raise Stop(
                    "agreement_stage",
                    f"{where}, column {column}: empty; a deal's stage needs an order and a status",
                    "write 1, 2, 3 ... in stage_order, and open, won or lost in status",
                )
            first = told.setdefault(line.stage, line)
            if getattr(first, column) != getattr(line, column):
                raise Stop(
                    "agreement_stage",
                    f"{where}, column {column}: '{line.stage}' is {getattr(line, column)} here and "
                    f"{getattr(first, column)} in {agreement.where('stages', first)}",
                    "our stage has one order and one status, whatever the sources call it",
                )


def _handovers(agreement: Agreement) -> None:
    statuses = {words(line.source_word) for line in agreement.rows["stages"] if line.entity == "lead"}
    for line in agreement.rows["handover_rules"]:
        where = f"{agreement.where('handover_rules', line)}, column value"
        if line.marks_by == "field" and line.value not in HANDOVER_FIELDS:
            raise Stop(
                "agreement_handover",
                f"{where}: {shown(line.value)} is no instant of a handover",
                "use handed_over_at, and map the source's own field to it in sources.yml",
            )
        if line.marks_by == "status" and words(line.value) not in statuses:
            raise Stop(
                "agreement_handover",
                f"{where}: unknown stage word {shown(line.value)}: stages.csv has no such word for leads",
                "add the row lead, <the word>, handed_over to stages.csv, or mend the word",
            )


def _segments(agreement: Agreement) -> None:
    known = {words(line.industry) for line in agreement.rows["industries"]}
    for line in agreement.rows["segments"]:
        where = agreement.where("segments", line)
        if line.industry and words(line.industry) not in known:
            raise Stop(
                "agreement_word",
                f"{where}, column industry: industries.csv maps nothing to {shown(line.industry)}",
                "mend the word, or add it to industries.csv",
            )
        if (
            line.min_employees is not None
            and line.max_employees is not None
            and line.min_employees > line.max_employees
        ):
            raise Stop(
                "agreement_rule",
                f"{where}, column min_employees: {line.min_employees} is above max_employees {line.max_employees}",
                "swap them or mend one",
            )
