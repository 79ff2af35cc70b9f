"""What changed from one version of the agreement to the next, block by block, in words."""

from __future__ import annotations

from dataclasses import dataclass

from onefunnel.agreement import Agreement
from onefunnel.agreement.tables import Signature
from onefunnel.pages.index_definition import Definition, definition

# the blocks of a version and the file each stands in
FILES = {
    "Industry": "qualification",
    "Company size": "qualification",
    "Intent": "intent_behaviours",
    "Role": "roles",
    "Geography": "qualification",
    "Words for industries": "industries",
    "Service levels": "service_levels",
    "Ideal customer": "ideal_customer_profile",
}
PROFILE = {
    "industry": "industry",
    "geography": "geography",
    "company_size": "company size",
    "buyer_persona": "buyer persona",
    "trigger": "buying trigger",
    "pain_point": "pain point",
    "expected_objection": "expected objection",
}


@dataclass(frozen=True)
class Change:
    """A block with what is new in it, a line each, and the file that says so."""

    block: str
    file: str
    lines: list[str]


def changes(agreement: Agreement, before: Signature, after: Signature) -> list[Change]:
    """The blocks in which the later version differs from the earlier one; none where nothing changed."""
    old, new = definition(agreement, before.version), definition(agreement, after.version)
    # a draft that does not say a block yet changes nothing in it
    is_told = bool(new.industries or new.sizes)
    found = {
        "Industry": _set("fits", old.industries, new.industries) if new.industries else [],
        "Company size": _size(old, new) if new.sizes else [],
        "Intent": _map(old.behaviours, new.behaviours, "counts", "no longer counts") if new.behaviours else [],
        "Role": _map(_titles(old), _titles(new), "added", "removed"),
        "Geography": _places(old, new) if is_told else [],
        "Words for industries": _map(old.source_words, new.source_words, "is read as", "is no longer read"),
        "Service levels": _levels(agreement, before.version, after.version),
        "Ideal customer": _profile(agreement, before.version, after.version),
    }
    return [Change(block, FILES[block], lines) for block, lines in found.items() if lines]


def _set(verb: str, old: list[str], new: list[str]) -> list[str]:
    added = [f"{item} now {verb}" for item in new if item not in old]
    return added + [f"{item} no longer {verb}" for item in old if item not in new]


def _map(old: dict[str, str], new: dict[str, str], added: str, removed: str) -> list[str]:
    lines = [f"{key} {added}: {told}" for key, told in new.items() if key not in old]
    lines += [f"{key}: {told} instead of {old[key]}" for key, told in new.items() if old.get(key, told) != told]
    return lines + [f"{key} {removed}" for key in old if key not in new]


def _size(old: Definition, new: Definition) -> list[str]:
    lines = [
        f"{told} instead of {old.sizes[rule]}" for rule, told in new.sizes.items() if old.sizes.get(rule, told) != told
    ]
    lines += [f"new: {told}" for rule, told in new.sizes.items() if rule not in old.sizes]
    lines += [f"no longer asked: {told}" for rule, told in old.sizes.items() if rule not in new.sizes]
    if old.precedence != new.precedence and new.precedence:
        lines.append(f"where both are known and disagree, the {new.precedence} decides")
    return lines


def _titles(told: Definition) -> dict[str, str]:
    return {
        f"“{title}”": f"{level}, {'with' if has_authority else 'without'} authority"
        for title, (level, has_authority) in told.titles.items()
    }


def _places(old: Definition, new: Definition) -> list[str]:
    lines = []
    for kind in dict.fromkeys([*old.places, *new.places]):
        was, now = old.places.get(kind, []), new.places.get(kind, [])
        if not was:
            lines.append(f"now asked, by {kind}: {', '.join(now)}")
        elif not now:
            lines.append(f"no longer asked by {kind}")
        else:
            lines += _set("fits", was, now)
    return lines


def _levels(agreement: Agreement, before: int, after: int) -> list[str]:
    by_version: dict[int, dict[str, tuple[str, str]]] = {}
    for line in agreement.rows["service_levels"]:
        by_version.setdefault(line.version, {})[line.level] = (line.value or "none", line.meaning or "")
    old, new = by_version.get(before, {}), by_version.get(after, {})
    if not new:
        return []
    return [
        f"{name(level)}: {value} instead of {old[level][0]}{f' ({told})' if told else ''}"
        for level, (value, told) in new.items()
        if level in old and old[level][0] != value
    ]


def name(level: str) -> str:
    """A service level as it is said: contact target, opens at."""
    return level.replace("_", " ")


def _profile(agreement: Agreement, before: int, after: int) -> list[str]:
    def values(version: int) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in agreement.rows["ideal_customer_profile"]:
            if line.version == version:
                found.setdefault(PROFILE[line.item], []).append(line.value)
        return found

    old, new = values(before), values(after)
    lines: list[str] = []
    for item in dict.fromkeys([*old, *new]) if new else []:
        gone = [value for value in old.get(item, []) if value not in new.get(item, [])]
        come = [value for value in new.get(item, []) if value not in old.get(item, [])]
        if len(gone) == len(come) == 1:
            lines.append(f"{item}: {come[0]} instead of {gone[0]}")
        else:
            lines += [f"{item} added: {value}" for value in come] + [f"{item} removed: {value}" for value in gone]
    return lines
