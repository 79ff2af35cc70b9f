"""A small company: a lake of Parquet and an agreement, written where the test says."""

import csv
import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefunnel.judge import Rejudged, rejudge

AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
SIGNATURE = {
    "version": "1",
    "effective_from": "2025-01-01",
    "signed_for_sales_by": "S",
    "signed_for_sales_on": "2024-12-01",
    "signed_for_marketing_by": "M",
    "signed_for_marketing_on": "2024-12-01",
}
GOOD = {
    "industry": "Mfg",
    "employee_count": "120",
    "job_title": "Plant Head",
    "created_at": "2025-06-01T10:00:00Z",
}


def agreement_tables() -> dict[str, list[dict]]:
    """Version 1: manufacturing, 50 to 500 people, one form_fill in 30 days, a head."""
    return {
        "signatures": [SIGNATURE],
        "qualification": [
            item("industry", "one_of", "Manufacturing"),
            item("company_size", "employee_count", "", "50", "500"),
            item("intent", "any_agreed_behaviour"),
            item("role", "has_authority"),
        ],
        "intent_behaviours": [behaviour("form_fill", 1, 30)],
        "roles": [
            role(10, "assistant to", "false"),
            role(20, "head", "true"),
            role(30, "executive", "false"),
        ],
        "industries": [
            {"from_version": "1", "source_word": "Mfg", "industry": "Manufacturing"},
            {"from_version": "1", "source_word": "Retail", "industry": "Retail"},
        ],
        "handover_rules": [{"source": "*", "marks_by": "field", "value": "handed_over_at"}],
        "stages": [
            {"entity": "lead", "source_word": "New", "stage": "inquiry"},
            {"entity": "lead", "source_word": "Back to Marketing", "stage": "recycled"},
        ],
        "dispositions": [
            {"source_word": "Not Now", "disposition": "later", "is_recycling": "true"},
            {"source_word": "Wrong number", "disposition": "bad", "is_recycling": "false"},
        ],
        "settings": [
            {"setting": "timezone", "value": "Asia/Kolkata"},
            {"setting": "reporting_currency", "value": "INR"},
            {"setting": "fx_max_age_days", "value": "7"},
        ],
    }


def item(criterion, rule, value="", minimum="", maximum="", version="1") -> dict:
    return {
        "version": version, "criterion": criterion, "rule": rule, "value": value,
        "minimum": minimum, "maximum": maximum,
    }  # fmt: skip


def behaviour(kind, minimum_count, within_days, version="1") -> dict:
    return {
        "version": version, "kind": kind, "minimum_count": str(minimum_count),
        "within_days": str(within_days),
    }  # fmt: skip


def role(rule_order, words, has_authority, from_version="1") -> dict:
    return {
        "from_version": from_version, "rule_order": str(rule_order), "words": words,
        "level": words, "has_authority": has_authority,
    }  # fmt: skip


class Company:
    """Collects a lake and an agreement; judge() writes the agreement and rejudges."""

    item = staticmethod(item)
    behaviour = staticmethod(behaviour)
    role = staticmethod(role)
    signature = SIGNATURE

    def __init__(self, folder: Path):
        self.folder = folder
        self.files: dict[str, dict[str, list[Path]]] = {}
        self.agreement = agreement_tables()
        self.keys = itertools.count(1)

    def add(self, entity: str, *rows: dict, source: str = "crm", **meta) -> "Company":
        """One Parquet file of rows; meta, also in a row itself, replaces the lake's columns."""
        cells = [
            {
                "_source": source, "_ids_of": source, "_kind": "csv_folder",
                "_key": row.get("lead_id", str(n)) if entity == "leads" else str(n),
                "_occurrence": "1", "_version": "1", "_deleted": "false",
                "_loaded_at": "2026-03-31T18:30:00Z", "_file": f"{entity}.csv", "_row": str(n),
                "_fault": None, "_timezone": "Asia/Kolkata", "_day_first": "true",
                "_currency": "INR", **meta, **row,
            }
            for n, row in enumerate(rows, start=2)
        ]  # fmt: skip
        names = list(dict.fromkeys(name for row in cells for name in row)) or ["_kind", "_ids_of"]
        table = pa.table({name: pa.array([row.get(name) for row in cells], pa.string()) for name in names})
        known = self.files.setdefault(source, {}).setdefault(entity, [])
        path = self.folder / "lake" / source / entity / f"{len(known)}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        known.append(path)
        return self

    def lead(self, lead_id: str = "L1", source: str = "crm", **cells) -> "Company":
        """A lead that fits in everything but what cells say."""
        return self.add("leads", {"lead_id": lead_id, **GOOD, **cells}, source=source)

    def touch(self, *instants: str, **cells) -> "Company":
        """Touches of lead L1, form fills, unless cells say otherwise."""
        who = {} if "email" in cells else {"lead_id": "L1"}
        usual = {"kind": "form_fill", **who, **cells}
        return self.touches(*[{"happened_at": at, **usual} for at in instants])

    def touches(self, *rows: dict) -> "Company":
        """One file of touches, each with a key of its own."""
        return self.add("touches", *[{"_key": f"T{next(self.keys)}", **row} for row in rows])

    def change(self, field: str, *changes: tuple, lead_id: str = "L1") -> "Company":
        """Changes (instant, old, new) of a lead's field."""
        rows = [
            {"lead_id": lead_id, "changed_at": at, "field": field, "old": old, "new": new,
             "_key": f"C{next(self.keys)}"}
            for at, old, new in changes
        ]  # fmt: skip
        return self.add("lead_changes", *rows)

    def judge(self, as_of: datetime = AS_OF) -> Rejudged:
        folder = self.folder / "agreement"
        folder.mkdir(exist_ok=True)
        for name, rows in self.agreement.items():
            names = list(dict.fromkeys(key for row in rows for key in row)) or ["version"]
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return rejudge(self.files, folder, as_of)

    def verdict(self, lead_id: str = "crm:L1", as_of: datetime = AS_OF) -> dict:
        """The lead's row as a dict."""
        leads = self.judge(as_of).leads.set_index("lead_id")
        return leads.loc[lead_id].to_dict()

    def handovers(self, as_of: datetime = AS_OF) -> list[dict]:
        """The rows of the handovers as dicts."""
        return self.judge(as_of).handovers.to_dict("records")


@pytest.fixture
def company(tmp_path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def new_company():
    """A factory of companies, for properties that need one for each example."""
    with tempfile.TemporaryDirectory() as folder:
        made = []

        def make() -> Company:
            made.append(Path(folder) / str(len(made)))
            made[-1].mkdir()
            return Company(made[-1])

        yield make
