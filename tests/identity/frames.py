"""Exports of a generated company as identity sees them, with the truth beside."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from onefunnel.sample import generate
from tests.support import CHECKOUT

COLUMNS = [
    "entity",
    "record_id",
    "created_at",
    "gstin",
    "email",
    "website",
    "company_name",
    "city",
    "country",
    "phone",
    "company_id",
    "lead_id",
]
# our name of an export's column, where it differs
RENAMED = {
    "leads": {"converted_company_id": "company_id"},
    "companies": {"name": "company_name"},
    "contacts": {},
    "deals": {},
}
KEYS = {"leads": "lead", "companies": "company", "contacts": "contact", "deals": "deal"}
DESK = {"Enquiry No": "lead_id", "Order No": "deal_id", "Entered On": "created_at"}


def shared_domains() -> frozenset[str]:
    with (CHECKOUT / "agreement/shared_domains.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["domain"] for row in csv.DictReader(file))


def records(folder: Path) -> pd.DataFrame:
    """One row per record of the two CRMs; of rows with one id the first."""
    found = []
    for source in ("crm", "export_desk"):
        for table, entity in KEYS.items():
            if (folder / source / f"{table}.csv").exists():
                found.append(_entity(folder / source / f"{table}.csv", source, table, entity))
    every = pd.concat(found, ignore_index=True)
    return every.drop_duplicates(["entity", "record_id"], ignore_index=True)


def _entity(path: Path, source: str, table: str, entity: str) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, on_bad_lines="skip", index_col=False)
    frame.columns = [DESK.get(c, c.lower().replace(" ", "_")) for c in frame.columns]
    own = {f"{entity}_id": "record_id"}
    frame = frame.rename(columns={**RENAMED[table], **own})
    frame["entity"] = entity
    frame["created_at"] = pd.to_datetime(
        frame["created_at"],
        format="%d-%m-%Y %H:%M" if source == "export_desk" else "ISO8601",
        errors="coerce",
        utc=True,
    )
    for column in ("record_id", "company_id", "lead_id"):
        if column in frame:
            frame[column] = (source + ":" + frame[column]).where(frame[column].notna(), None)
    return frame.reindex(columns=COLUMNS)


def generated(folder: Path, seed: int, scale: float = 0.1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(records, truth): truth has entity, record_id, firm_id and, for leads and contacts, person_id."""
    truth = generate(folder, seed=seed, scale=scale)
    leads = truth.leads.assign(person_id=truth.leads["duplicate_of"].fillna(truth.leads["lead_id"]))
    parts = []
    for frame, entity in (
        (leads, "lead"),
        (truth.companies, "company"),
        (truth.contacts, "contact"),
        (truth.deals, "deal"),
    ):
        part = frame.rename(columns={f"{entity}_id": "record_id"}).reindex(
            columns=["record_id", "firm_id", "person_id"]
        )
        parts.append(part.assign(entity=entity))
    return records(folder), pd.concat(parts, ignore_index=True)
