"""The agreement's CSVs, read by the judge's own hand."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from onefunnel.judge.instants import DAY, midnight
from onefunnel.judge.rules import Agreement, Version
from onefunnel.judge.words import normal, number, title_words, truth

PLACES = ("country", "state", "city")
SIGNED = (
    "signed_for_sales_by", "signed_for_sales_on", "signed_for_marketing_by",
    "signed_for_marketing_on",
)  # fmt: skip


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one CSV of the agreement, cells trimmed; none where the file is missing."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding=_encoding(path), newline="") as file:
        return [
            {(key or "").strip().lower(): (cell or "").strip() for key, cell in row.items() if key}
            for row in csv.DictReader(file)
        ]


def _encoding(path: Path) -> str:
    """As spreadsheets save CSV: UTF-8 with or without its mark, or UTF-16."""
    start = path.read_bytes()[:2]
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\0" in start:
        return "utf-16-le" if start.endswith(b"\0") else "utf-16-be"
    return "utf-8-sig"


def read_agreement(folder: Path) -> Agreement:
    """The agreement as signed; raises ValueError for a version signed in part."""
    settings = {row["setting"]: row["value"] for row in rows_of(folder, "settings")}
    zone = settings.get("timezone") or "Asia/Kolkata"
    starts = {int(r["version"]): _start(r, zone) for r in rows_of(folder, "signatures") if _is_signed(r)}
    rules: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(folder, "handover_rules"):
        rules.setdefault(row["source"], []).append((row["marks_by"].lower(), row["value"]))
    return Agreement(
        [_version(folder, number, start) for number, start in sorted(starts.items())],
        settings,
        rules,
        {
            normal(row["source_word"])
            for row in rows_of(folder, "stages")
            if normal(row["entity"]) == "lead" and normal(row["stage"]) == "recycled"
        },
        {normal(row["source_word"]) for row in rows_of(folder, "dispositions") if truth(row["is_recycling"])},
    )


def _is_signed(row: dict[str, str]) -> bool:
    cells = [bool(row.get(name)) for name in SIGNED]
    if any(cells) and not all(cells):
        raise ValueError(f"signatures.csv: version {row['version']} is signed in part")
    return all(cells)


def _start(row: dict[str, str], zone: str) -> int:
    days = ("effective_from", "signed_for_sales_on", "signed_for_marketing_on")
    return midnight(max(date.fromisoformat(row[day]) for day in days), zone)


def _version(folder: Path, version: int, starts_at: int) -> Version:
    items = [r for r in rows_of(folder, "qualification") if int(r["version"]) == version]
    by_rule: dict[tuple[str, str], list[dict]] = {}
    for row in items:
        by_rule.setdefault((row["criterion"], row["rule"]), []).append(row)

    def values(criterion: str, rule: str) -> set[str]:
        return {normal(row["value"]) for row in by_rule.get((criterion, rule), [])}

    return Version(
        version,
        starts_at,
        values("industry", "one_of"),
        {
            rule: [_band(row) for row in by_rule[("company_size", rule)]]
            for rule in ("employee_count", "annual_revenue")
            if ("company_size", rule) in by_rule
        },
        next(iter(values("company_size", "precedence")), None),
        {place: values("geography", place) for place in PLACES if ("geography", place) in by_rule},
        _industry_words(folder, version),
        _role_words(folder, version),
        _behaviours(folder, version),
    )


def _band(row: dict[str, str]) -> tuple:
    low, high = number(row["minimum"]), number(row["maximum"])
    return (
        Decimal("-Infinity") if low is None else low,
        Decimal("Infinity") if high is None else high,
    )


def _holding(rows: list[dict], version: int, key) -> dict[str, dict]:
    """Per key the row with the largest from_version that is not later than the version."""
    rows = sorted(rows, key=lambda row: int(row["from_version"]))
    return {key(row): row for row in rows if int(row["from_version"]) <= version}


def _industry_words(folder: Path, version: int) -> dict[str, str]:
    rows = _holding(rows_of(folder, "industries"), version, lambda r: normal(r["source_word"]))
    return {word: normal(r["industry"]) for word, r in rows.items() if word and r["industry"]}


def _role_words(folder: Path, version: int) -> list[tuple[str, bool | None]]:
    rows = _holding(rows_of(folder, "roles"), version, lambda r: title_words(r["words"]))
    rows.pop("", None)
    ordered = sorted(rows.items(), key=lambda item: int(item[1]["rule_order"]))
    return [(words, truth(row["has_authority"])) for words, row in ordered]


def _behaviours(folder: Path, version: int) -> list[tuple[str, int, int]]:
    rows = [r for r in rows_of(folder, "intent_behaviours") if int(r["version"]) == version]
    found = [(normal(r["kind"]), int(r["minimum_count"]), int(r["within_days"]) * DAY) for r in rows]
    return [row for row in found if row[0].replace(" ", "_") != "page_view"]
