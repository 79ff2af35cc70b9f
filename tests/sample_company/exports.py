"""Reading the sample company's exports as they were written."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

AGREEMENT = Path(__file__).resolve().parents[2] / "agreement"
AS_OF = pd.Timestamp("2026-03-31T18:30:00Z")
DESK_NAMES = {"Enquiry No": "lead_id", "Order No": "deal_id", "Entered On": "created_at"}
SCALE = 0.2


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a file as dicts; ragged rows are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = [DESK_NAMES.get(h, h.lower().replace(" ", "_")) for h in next(reader)]
        return [dict(zip(header, row, strict=True)) for row in reader if len(row) == len(header)]


def once(rows: list[dict[str, str]], key: str) -> dict[str, dict[str, str]]:
    """The first row of each key."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row[key], row)
    return found


def agreed(name: str) -> list[dict[str, str]]:
    """The rows of one file of the agreement."""
    return table(AGREEMENT / f"{name}.csv")


def sheet(company) -> pd.DataFrame:
    """objections.csv with Indian instants and our category: '' where the word is blank or nobody mapped it."""
    rows = pd.DataFrame(table(company[0] / "crm/objections.csv"))
    for column in ("raised_at", "logged_at", "answered_at"):
        rows[column] = pd.to_datetime(rows[column].replace("", None), utc=True).dt.tz_convert("Asia/Kolkata")
    ours = {r["source_word"].lower(): r["category"] for r in agreed("objection_categories") if r["found_in"] == "sheet"}
    return rows.assign(ours=rows.category.str.lower().map(ours).fillna(""))


def conversations(company) -> pd.Series:
    """When people talked with buyers for a minute or more."""
    rows = pd.DataFrame(table(company[0] / "crm/activities.csv"))
    talked = rows.kind.isin(["call", "meeting"]) & (pd.to_numeric(rows.duration_seconds) >= 60)
    at = pd.to_datetime(rows.happened_at[talked & (rows.is_automated == "false")], errors="coerce")
    return at.dropna().dt.tz_localize("Asia/Kolkata")
