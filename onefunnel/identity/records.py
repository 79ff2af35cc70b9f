"""The records with every cell in its normal form, one array per kind of key."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from onefunnel.identity import names, phones, places, tax, web
from onefunnel.identity.cells import each, instants, known, text
from onefunnel.identity.rules import ENTITIES

COLUMNS = (
    "gstin",
    "email",
    "website",
    "company_name",
    "city",
    "country",
    "phone",
    "company_id",
    "lead_id",
)


def read(records: pd.DataFrame, shared: frozenset[str]) -> SimpleNamespace:
    """n records in order of (entity, created_at, record_id): what each says, None where it says nothing usable.

    ValueError for an unknown entity, an empty id, or an id that an entity holds twice.
    """
    entity, ids, records = _in_order(records)
    cell = {c: text(records[c]) if c in records else np.full(len(ids), None, object) for c in COLUMNS}
    region = each(cell["country"], places.region)
    email = each(cell["email"], web.email)
    host = each(email, lambda address: address.split("@")[1])
    site = each(cell["website"], web.website_host)
    city = each(cell["city"], places.city)
    person = np.isin(entity, [ENTITIES.index("lead"), ENTITIES.index("contact")])
    r = SimpleNamespace(
        n=len(ids),
        entity=entity,
        id=ids,
        pan=each(cell["gstin"], tax.pan_of),
        email_domain=each(host, lambda h: web.own_domain(h, shared)),
        site_domain=each(site, lambda h: web.own_domain(h, shared)),
        region=region,
        is_person=person,
        personal_email=np.where(person, each(email, web.personal), None),
        mobile=phones.mobiles(np.where(person, cell["phone"], None), region),
        company_row=_rows_of("company", entity, ids, cell["company_id"]),
        lead_row=_rows_of("lead", entity, ids, cell["lead_id"]),
    )
    _name(r, cell["company_name"], city)
    return r


def _in_order(records: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Entity numbers, ids and the records, sorted so that nothing later depends on the order they came in."""
    entity = pd.Index(ENTITIES).get_indexer(pd.Index(text(records["entity"]), dtype=object))
    ids = text(records["record_id"])
    if (entity < 0).any() or not known(ids).all():
        raise ValueError("a record needs an entity (lead, contact, company, deal) and an id")
    frame = pd.DataFrame({"entity": entity, "id": ids.astype(str), "at": instants(records["created_at"]).to_numpy()})
    if frame.duplicated(["entity", "id"]).any():
        raise ValueError("an id must be one record's of its entity")
    order = frame.sort_values(["entity", "at", "id"], na_position="last").index.to_numpy()
    return entity[order], ids[order], records.iloc[order]


def _rows_of(kind: str, entity: np.ndarray, ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The row of the record of this kind that each cell names; -1 for none."""
    rows = np.flatnonzero(entity == ENTITIES.index(kind))
    place = pd.Index(ids[rows], dtype=object).get_indexer(pd.Index(wanted, dtype=object))
    place = np.where(known(wanted), place, -1)
    return np.where(place >= 0, rows[place] if len(rows) else -1, -1)


def _name(r: SimpleNamespace, typed: np.ndarray, city: np.ndarray) -> None:
    """core, form, city of each record, and `said`: its own core, else that of its company in the CRM."""
    cities = frozenset(city[known(city)])
    parts = each(typed, lambda name: names.read(name, cities))
    nothing = names.Name(None, None, None)
    read_names = [p or nothing for p in parts]
    r.core, r.form, branch = (np.array([p[i] for p in read_names] + [None], dtype=object)[:-1] for i in range(3))
    r.city = np.where(known(city), city, branch)
    linked = np.where(r.company_row >= 0, r.core[r.company_row] if r.n else None, None)
    r.said = np.where(known(r.core), r.core, linked)
