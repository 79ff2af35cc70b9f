"""From records to accounts and persons."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd

from onefunnel.identity import accounts, people, rules
from onefunnel.identity.records import read


class Matches(NamedTuple):
    """accounts: entity, record_id, account_id, rule, confidence, one row per record. people: the same with person_id,
    one row per lead and contact. Sorted by entity and record_id."""

    accounts: pd.DataFrame
    people: pd.DataFrame


def match(records: pd.DataFrame, shared_domains: frozenset[str]) -> Matches:
    """Every record with its account, every lead and contact with its person, whatever the order of the rows.

    records: entity (lead, contact, company, deal), record_id, created_at, gstin, email, website, company_name, city,
    country, phone, company_id, lead_id; all but the first two may be null or unusable. shared_domains: hosts of many
    firms (free mail, marketplaces, site builders), in lower case. An account_id is the record_id of its first company,
    else `lead:`, `contact:` or `deal:` and the id of its first lead, contact or deal. A person_id is the id of its
    first lead, else contact. ValueError for a record without entity or id, or an id given twice.
    """
    r = read(records, shared_domains)
    persons = people.groups(r)
    joined = accounts.groups(r, persons)
    everyone = np.arange(r.n)
    return Matches(
        _table(r, everyone, joined, rules.ACCOUNT_CONFIDENCE, "account_id", _account_ids(r)),
        _table(r, everyone[r.is_person], persons, rules.PERSON_CONFIDENCE, "person_id", _person_ids(r)),
    )


def _table(
    r: SimpleNamespace, rows: np.ndarray, stages: list, confidence: dict, column: str, ids: np.ndarray
) -> pd.DataFrame:
    """The rows with the id of their group's first record and the rule that finally joined them to it."""
    final = stages[-1][1]
    first = pd.Series(rows).groupby(final[rows]).transform("min").to_numpy()  # rows are in order: the least is first
    rule = np.full(len(rows), rules.FIRST, dtype=object)
    for name, group in reversed(stages):
        rule[(group[rows] == group[first]) & (rows != first)] = name
    table = pd.DataFrame(
        {
            "entity": np.array(rules.ENTITIES, dtype=object)[r.entity[rows]],
            "record_id": r.id[rows],
            column: ids[first],
            "rule": rule,
            "confidence": [confidence[name] for name in rule],
        }
    )
    table["confidence"] = table["confidence"].astype(float)
    return table.sort_values(["entity", "record_id"], ignore_index=True)


def _account_ids(r: SimpleNamespace) -> np.ndarray:
    """The id of the account whose first record this is; a prefix that no company's id begins with keeps them apart."""
    ids = r.id.copy()
    companies = r.id[r.entity == rules.ENTITIES.index("company")]
    for number, entity in enumerate(rules.ENTITIES):
        mine = r.entity == number
        if entity == "company" or not mine.any():
            continue
        prefix = f"{entity}:"
        while any(c.startswith(prefix) for c in companies):
            prefix += ":"
        ids[mine] = [prefix + i for i in r.id[mine]]
    return ids


def _person_ids(r: SimpleNamespace) -> np.ndarray:
    """The id of the person whose first record this is; a contact that has a lead's id gets `contact:` before it."""
    contact = r.entity == rules.ENTITIES.index("contact")
    leads = set(r.id[r.entity == rules.ENTITIES.index("lead")])
    ids = r.id.copy()
    for row in np.flatnonzero(contact):
        while ids[row] in leads:
            ids[row] = f"contact:{ids[row]}"
    return ids
