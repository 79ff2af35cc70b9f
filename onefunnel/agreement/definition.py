"""The definition of a qualified lead: every criterion there, once, and meaning something."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from onefunnel.agreement.expand import in_version, roles_in, words
from onefunnel.agreement.load import DO, Agreement, stop_once
from onefunnel.errors import Stop
from onefunnel.sources.csv_file import shown

CRITERIA = ("industry", "company_size", "intent", "role")
BANDS = ("employee_count", "annual_revenue")
RULES = {
    "industry": {"one_of"},
    "company_size": {*BANDS, "precedence"},
    "intent": {"any_agreed_behaviour"},
    "role": {"has_authority"},
    "geography": {"country", "state", "city"},
}
WITH_VALUE = {"one_of", "precedence", "country", "state", "city"}


def check_definition(agreement: Agreement) -> None:
    """Each row of qualification.csv and intent_behaviours.csv is sound; each signed version is complete."""
    for line in agreement.rows["qualification"]:
        _row(agreement.where("qualification", line), line)
    stop_once(agreement, "qualification", lambda q: (q.version, q.criterion, q.rule, words(q.value)), "value", "rule")
    for line in agreement.rows["intent_behaviours"]:
        if words(line.kind).replace(" ", "_") == "page_view":
            raise Stop(
                "agreement_intent",
                f"{agreement.where('intent_behaviours', line)}, column kind: a page view alone never signals intent",
                "name a specific behaviour, such as demo_request or pricing_page",
            )
    stop_once(agreement, "intent_behaviours", lambda line: (line.version, words(line.kind)), "kind")
    for signature in agreement.signed:
        _complete(agreement, signature)
        _industries(agreement, signature.version)


def check_draft(agreement: Agreement, signature) -> None:
    """The draft states every criterion, so that history can be judged by it; else Stop, with file and column."""
    _complete(agreement, signature)
    _industries(agreement, signature.version)
    orders = Counter(line.rule_order for line in roles_in(signature.version, agreement))
    for order, times in orders.items():
        if times > 1:
            raise Stop(
                "agreement_twice",
                f"roles.csv, column rule_order: {order} stands {times} times in version {signature.version}",
                "give each of these rows a rule_order of its own",
            )


def whole_drafts(agreement: Agreement) -> list[int]:
    """The unsigned versions that check_draft lets pass."""
    found = []
    for signature in agreement.rows["signatures"]:
        with suppress(Stop):
            if not any(signature.signed):
                check_draft(agreement, signature)
                found.append(signature.version)
    return found


def _row(where: str, line) -> None:
    if line.rule not in RULES[line.criterion]:
        raise Stop(
            "agreement_rule",
            f"{where}, column rule: {shown(line.rule)} is no rule of {line.criterion}",
            f"use one of: {', '.join(sorted(RULES[line.criterion]))}",
        )
    if bool(line.value) != (line.rule in WITH_VALUE):
        found = "needs a value" if not line.value else f"takes no value, found {shown(line.value)}"
        raise Stop("agreement_rule", f"{where}, column value: {line.criterion} {line.rule} {found}", DO)
    if line.rule == "precedence" and line.value not in BANDS:
        raise Stop("agreement_rule", f"{where}, column value: {shown(line.value)}", f"use one of: {', '.join(BANDS)}")
    _band(where, line)


def _band(where: str, line) -> None:
    given = {name: getattr(line, name) for name in ("minimum", "maximum") if getattr(line, name) is not None}
    if line.rule not in BANDS:
        for name, number in given.items():
            raise Stop(
                "agreement_rule",
                f"{where}, column {name}: {number} means nothing for {line.criterion} {line.rule}",
                f"clear the cell; only {' and '.join(BANDS)} have a minimum and a maximum",
            )
    elif not given:
        raise Stop("agreement_rule", f"{where}, column minimum: the band has neither minimum nor maximum", DO)
    elif len(given) == 2 and line.minimum > line.maximum:
        raise Stop("agreement_rule", f"{where}, column minimum: {line.minimum} is above the maximum {line.maximum}", DO)
    for name, number in given.items():
        if line.rule == "employee_count" and number != int(number):
            raise Stop("agreement_rule", f"{where}, column {name}: {number} is no whole number of employees", DO)


def _complete(agreement: Agreement, signature) -> None:
    version = f"version {signature.version} ({agreement.where('signatures', signature)})"
    have = Counter(
        (line.criterion, line.rule) for line in agreement.rows["qualification"] if line.version == signature.version
    )
    criteria = {criterion for criterion, _ in have}
    for criterion in CRITERIA:
        if criterion not in criteria:
            raise Stop("agreement_incomplete", f"qualification.csv, column criterion: {version} has no {criterion}", DO)
    bands = [rule for rule in BANDS if have["company_size", rule]]
    if not bands:
        raise Stop(
            "agreement_incomplete",
            f"qualification.csv, column rule: company_size of {version} has no band",
            f"add a row company_size, {' or '.join(BANDS)}, with minimum and maximum",
        )
    if len(bands) == 2 and not have["company_size", "precedence"]:
        raise Stop(
            "agreement_incomplete",
            f"qualification.csv, column rule: company_size of {version} has two bands and no precedence",
            f"add a row company_size, precedence, {' or '.join(BANDS)}",
        )
    for rule in (*BANDS, "precedence"):
        if have["company_size", rule] > 1:
            raise Stop(
                "agreement_rule",
                f"qualification.csv, column rule: company_size {rule} stands twice in {version}",
                "keep one of the two rows",
            )
    if signature.version not in {line.version for line in agreement.rows["intent_behaviours"]}:
        raise Stop("agreement_incomplete", f"intent_behaviours.csv, column version: {version} lists no behaviour", DO)


def _industries(agreement: Agreement, version: int) -> None:
    """Each industry that fits is one that some source word means."""
    held = in_version(version, agreement.rows["industries"], lambda line: words(line.source_word))
    known = {words(line.industry) for line in held.values()}
    for line in agreement.rows["qualification"]:
        if (line.version, line.criterion) == (version, "industry") and words(line.value) not in known:
            raise Stop(
                "agreement_word",
                f"{agreement.where('qualification', line)}, column value: industries.csv maps nothing to "
                f"{shown(line.value)} in version {version}",
                "mend the word, or add it to industries.csv",
            )
