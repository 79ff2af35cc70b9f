"""A few records, and what becomes of them."""

from __future__ import annotations

import pandas as pd

from onefunnel.identity import Matches, match
from tests.identity.frames import COLUMNS

SHARED = frozenset({"gmail.com", "sites.google.com", "wixsite.com"})
# valid GSTINs of three PANs; the second of A is of another state
PAN_A, PAN_A_GUJARAT, PAN_B, PAN_C = "27AAPFU0939F1ZV", "24AAPFU0939F1Z1", "27AABCU9603R1ZN", "29AAGCB7383J1Z4"


def frame(*records: dict) -> pd.DataFrame:
    """One row per record; `lead="L1"` names entity and id, what is not said is null, dates follow the order."""
    rows = []
    for day, given in enumerate(records, 1):
        entity = next(e for e in ("lead", "company", "contact", "deal") if e in given)
        row = {"entity": entity, "record_id": given[entity], "created_at": f"2025-01-{day:02d}T00:00:00Z"}
        rows.append({**row, **{k: v for k, v in given.items() if k != entity}})
    return pd.DataFrame(rows, columns=COLUMNS)


def matched(*records: dict, shared: frozenset[str] = SHARED) -> Matches:
    return match(frame(*records), shared)


def accounts(*records: dict, shared: frozenset[str] = SHARED) -> dict[str, str]:
    """record_id -> account_id; the records need different ids."""
    found = matched(*records, shared=shared).accounts
    return dict(zip(found["record_id"], found["account_id"]))


def rule_of(record_id: str, *records: dict) -> str:
    """The rule that joins this record to its account."""
    found = matched(*records).accounts.set_index("record_id")
    return found.loc[record_id, "rule"]


def people(*records: dict) -> dict[str, str]:
    """record_id -> person_id."""
    found = matched(*records).people
    return dict(zip(found["record_id"], found["person_id"]))


def together(answer: dict[str, str], *ids: str) -> bool:
    return len({answer[i] for i in ids}) == 1
