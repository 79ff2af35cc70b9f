"""The signed agreement as both heads read it: who signed what when, what it says, what changed, what was heard."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from itertools import pairwise
from pathlib import Path

from onefunnel.agreement import Agreement, read_agreement
from onefunnel.agreement.expand import CHANNEL_CONDITIONS
from onefunnel.home import Home
from onefunnel.pages.index_changes import PROFILE, changes
from onefunnel.pages.index_definition import definition, kind_of_touch, listed
from onefunnel.pages.published import Published
from onefunnel.pages.words import days
from onefunnel.pages.write import write_page

OBSERVED = """
select *
from metrics.expected_objections
where agreement_version = ?
order by is_expected desc nulls last, objections desc, category
"""
MARKS = {
    "field": "a lead is handed over when its field “{value}” is filled",
    "status": "a lead is handed over when its status becomes “{value}”",
    "owner_team": "a lead is handed over when it gets an owner of the team “{value}”",
}
HEARD_IN = {"sheet": "the log of sales", "call_outcome": "outcomes of calls", "lost_reason": "reasons of losses"}
CONDITIONS = {name: name.replace("_", " ").replace("utm ", "UTM ") for name in CHANNEL_CONDITIONS}
MODELS = {
    "all": "All models",
    "u_shaped": "U-shaped",
    "w_shaped": "W-shaped",
    "full_path": "Full path",
    "time_decay": "Time decay",
}


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """agreement.html out of the copy that the published run was judged by."""
    agreement = read_agreement(home.run_dir(published.facts["run_id"]) / "agreement")
    versions = published.rows("select * from metrics.agreement_versions order by version")
    current = next((row for row in versions if row["status"] == "in force"), None)
    number = current["version"] if current else None
    return [
        write_page(
            home,
            "agreement.html",
            "index_agreement.html",
            published,
            facts=published.facts,
            zone=published.zone,
            as_of_on=published.as_of_on,
            versions=[_dated(row, published) for row in reversed(versions)],
            current=_dated(current, published) if current else None,
            told=definition(agreement, number) if number else None,
            steps=_steps(agreement, versions),
            levels=_levels(agreement, number),
            profile=_profile(agreement, number),
            observed=published.rows(OBSERVED, [number]) if number else [],
            **_words(agreement, published),
        )
    ]


def _dated(row: dict, published: Published) -> dict:
    """The version with the local days from and until which it judges; until is its last day."""
    from_at, until_at = row["in_force_at"], row["in_force_until_at"]
    from_on = from_at.astimezone(published.zone).date() if from_at else None
    until_on = until_at.astimezone(published.zone).date() if until_at else None
    last_on = date.fromordinal(until_on.toordinal() - 1) if until_on else None
    return row | {"from_on": from_on, "last_on": last_on}


def _steps(agreement: Agreement, versions: list[dict]) -> list[dict]:
    """What each version changed, the newest first: a draft beside the version that judges, a signed one beside

    the signed one before it.
    """
    status = {row["version"]: row["status"] for row in versions}
    signed = agreement.signed
    judging = next((line for line in signed if status.get(line.version) == "in force"), None)
    steps = [
        {"version": after.version, "before": before.version, "status": status.get(after.version, "to come")}
        | {"changes": changes(agreement, before, after), "note": after.note}
        for before, after in pairwise(signed)
    ]
    steps += [
        {"version": line.version, "before": judging.version, "status": "draft", "note": line.note}
        | {"changes": changes(agreement, judging, line)}
        for line in agreement.rows["signatures"]
        if judging and not any(line.signed)
    ]
    return sorted(steps, key=lambda step: step["version"], reverse=True)


def _levels(agreement: Agreement, version: int | None) -> dict[str, str | None]:
    """Service level -> its value as it was signed; the run has checked each."""
    return {line.level: line.value for line in agreement.rows["service_levels"] if line.version == version}


def _profile(agreement: Agreement, version: int | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in agreement.rows["ideal_customer_profile"]:
        if line.version == version:
            found.setdefault(PROFILE[line.item], []).append(line.value)
    return found


def _words(agreement: Agreement, published: Published) -> dict:
    """What holds whatever the version: words, lists, targets and settings."""
    rows, settings = agreement.rows, agreement.settings
    return {
        "settings": rows["settings"],
        "basis": settings.revenue_basis,
        "deal_types": listed([kind.strip() for kind in settings.deal_types_in_scope.split(";")]),
        "targets": [
            {"quarter": line.fiscal_quarter, "target": line.target}
            | {"days": days(*quarter_days(line.fiscal_quarter, settings.fiscal_year_start_month))}
            for line in rows["revenue_targets"]
        ],
        "handover": {line.source: MARKS[line.marks_by].format(value=line.value) for line in rows["handover_rules"]},
        "stages": _grouped(rows["stages"], lambda line: (line.entity, line.stage_order or 0, line.stage, line.status)),
        "dispositions": rows["dispositions"],
        "loss_reasons": _grouped(rows["loss_reasons"], lambda line: line.loss_reason),
        "categories": _grouped(rows["forecast_categories"], lambda line: line.category),
        "objections": _objections(rows["objection_categories"]),
        "channels": _channels(rows["channels"]),
        "segments": [(line.segment, _segment(line, published.currency)) for line in rows["segments"]],
        "regions": _grouped(rows["regions"], lambda line: line.region, lambda line: line.state or line.country),
        "attribution": [
            (MODELS[line.model], line.item.replace("_", " "), line.value) for line in rows["attribution_models"]
        ],
        "touch_kinds": rows["attribution_touch_kinds"],
        "special_days": sorted(rows["special_days"], key=lambda line: line.day),
        "benchmarks": rows["benchmarks"],
        "domains": len(rows["shared_domains"]),
        "kind_of_touch": kind_of_touch,
        "listed": listed,
    }


def quarter_days(fiscal_quarter: str, start_month: int) -> tuple[date, date]:
    """First and last day of FY26-Q1: a fiscal year is called by the year in which it ends."""
    year, quarter = 2000 + int(fiscal_quarter[2:4]), int(fiscal_quarter[-1])
    first = (year - (start_month > 1)) * 12 + start_month - 1 + 3 * (quarter - 1)
    last = first + 2
    until = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
    return date(first // 12, first % 12 + 1, 1), until


def _grouped(lines: list, key, word=lambda line: line.source_word) -> dict:
    """What the key says -> the words that mean it, in the file's order."""
    found: dict = {}
    for line in lines:
        found.setdefault(key(line), []).append(word(line))
    return found


def _objections(lines: list) -> dict[str, list[str]]:
    """Category -> its words with where each is found; words that are no objection are left out."""
    named = [line for line in lines if line.category]
    return _grouped(named, lambda line: line.category, lambda line: f"{line.source_word} ({HEARD_IN[line.found_in]})")


def _channels(lines: list) -> dict[tuple[str, bool], list[str]]:
    """(channel, whether it is marketing's) -> its rules in words, the first that matches wins."""

    def rule(line) -> str:
        told = [f"{CONDITIONS[name]} is {value}" for name in CONDITIONS if (value := getattr(line, name))]
        return " and ".join(told) or "everything else"

    return _grouped(lines, lambda line: (line.channel, line.is_marketing), rule)


def _segment(line, currency: str) -> str:
    low, high = line.min_employees, line.max_employees
    size = f"{low or 0:,} to {high:,} employees" if high is not None else f"{low:,} employees or more" if low else ""
    if high is not None and not low:
        size = f"up to {high:,} employees"
    return ", ".join(filter(None, [line.industry, size])) or "everything else"
