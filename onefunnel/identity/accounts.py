"""Joins records into accounts, rule by rule from the strongest to the weakest."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from onefunnel.identity import rules
from onefunnel.identity.cells import known, numbered
from onefunnel.identity.join import join
from onefunnel.identity.names import distinctive, fits_label
from onefunnel.identity.voice import agrees

Stage = tuple[str, np.ndarray]


def groups(r: SimpleNamespace, people: list[Stage]) -> list[Stage]:
    """(rule, group of each record once this rule and the stronger ones have joined), in the order of the rules.

    people: the same for persons. No group ever holds two PANs.
    """
    label = numbered(r.pan)
    own = _own_domains(r)
    now, stages = np.arange(r.n), []
    for rule, edges in (
        (rules.CRM_LINK, _company_links),
        (rules.CRM_LINK, _lead_links),
        (rules.PAN, lambda r, _: _edges(r.pan)),
        (rules.EMAIL_DOMAIN, lambda r, _: own.email),
        (rules.WEBSITE, lambda r, _: own.every),
        (rules.NAME_AND_CITY, lambda r, now: _names_and_cities(r, now, own)),
        *((rule, lambda r, now, person=person: _persons(r, now, person)) for rule, person in people),
    ):
        now = join(now, label, *edges(r, now))
        stages.append((rule, now))
    return stages


def _edges(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(record, key) of the records with a value."""
    rows = np.flatnonzero(known(values))
    return rows, numbered(values[rows])


def _company_links(r: SimpleNamespace, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each record with the company that the CRM says it is of, unless both have a PAN and they differ.

    A link across two PANs is not followed: a person links by what the deal was about, a PAN is an entity in law. What
    has no PAN follows the company. Records of two PANs linked to a company without one are each left to themselves.
    """
    company = np.where(r.entity == rules.ENTITIES.index("company"), np.arange(r.n), r.company_row)
    rows = np.flatnonzero(company >= 0)
    company, pan = company[rows], r.pan[rows]
    given = pd.Series(pan, dtype=object).groupby(company)
    only = np.where(given.transform("nunique") == 1, given.transform("first"), None)
    wanted = np.where(known(r.pan[company]), r.pan[company], only)
    keep = ~known(pan) | (pan == wanted)
    return rows[keep], company[keep]


def _lead_links(r: SimpleNamespace, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each deal with its lead; a deal that names its company too has been decided by that."""
    deals = np.flatnonzero((r.lead_row >= 0) & (r.company_row < 0))
    leads = r.lead_row[deals]
    return np.concatenate([deals, leads]), np.concatenate([leads, leads])


def _own_domains(r: SimpleNamespace) -> SimpleNamespace:
    """Edges of the domains that speak for their records (email, every); `fits`: the labels surely their own."""
    both = np.concatenate([r.email_domain, r.site_domain])
    rows = np.flatnonzero(known(both))
    record, domain = rows % max(r.n, 1), both[rows]
    keep = agrees(domain, r.said[record], is_domain=True) & ~_disputed(domain, r.pan[record])
    record, domain, from_site = record[keep], domain[keep], rows[keep] >= r.n
    key = numbered(domain)
    labels = np.array([d.split(".")[0] for d in domain], dtype=object)
    said = r.said[record]
    sure = [s or (c is not None and fits_label(c, b)) for s, c, b in zip(from_site, said, labels)]
    sure = np.array(sure, dtype=bool)
    return SimpleNamespace(
        email=(record[~from_site], key[~from_site]),
        every=(record, key),
        fits=pd.DataFrame({"record": record[sure], "label": labels[sure]}),
    )


def _disputed(key: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Where records with this key say two different values."""
    return (pd.Series(value, dtype=object).groupby(key).transform("nunique") > 1).to_numpy(dtype=bool)


def _names_and_cities(r: SimpleNamespace, now: np.ndarray, own: SimpleNamespace) -> tuple[np.ndarray, np.ndarray]:
    """Records with the same distinctive name in the same city, where nothing tells two firms of that name.

    Two legal forms or countries make two keys, and who names none of them has none. Two PANs, or two domains that are
    surely their own, and the name decides nothing.
    """
    good = {c for c in pd.unique(r.core[known(r.core)]) if distinctive(c)}
    named = np.fromiter((c in good for c in r.core), bool, r.n)
    rows = np.flatnonzero(named & known(r.city))
    key = pd.DataFrame({"core": r.core[rows], "city": r.city[rows]}).groupby(["core", "city"]).ngroup().to_numpy()
    for told in (r.form, r.region):
        split = _disputed(key, told[rows])
        keep = ~split | known(told[rows])
        rows, key, split = rows[keep], key[keep], split[keep]
        kind = np.where(split, numbered(told[rows]), -1)
        key = pd.DataFrame({"key": key, "kind": kind}).groupby(["key", "kind"]).ngroup().to_numpy()
    keep = ~_disputed(key, r.pan[rows]) & ~np.isin(key, _homonyms(now[rows], key, now, own))
    return rows[keep], key[keep]


def _homonyms(group: np.ndarray, key: np.ndarray, now: np.ndarray, own: SimpleNamespace) -> list[int]:
    """The keys held by groups whose own domains have no label in common."""
    labels = own.fits.assign(group=now[own.fits["record"].to_numpy()]).drop_duplicates(["group", "label"])
    held = pd.DataFrame({"key": key, "group": group}).drop_duplicates()
    held = held[held["group"].isin(labels["group"])]
    held = held[held.duplicated("key", keep=False)]
    of_group = labels[labels["group"].isin(held["group"])].groupby("group")["label"].agg(frozenset)
    held = held.assign(labels=held["group"].map(of_group))
    return [k for k, sets in held.groupby("key")["labels"] if not frozenset.intersection(*sets)]


def _persons(r: SimpleNamespace, now: np.ndarray, person: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Records of one person, where the person speaks for one firm; who names none speaks for their account's."""
    rows = np.flatnonzero(r.is_person)
    key, said = person[rows], r.said[rows]
    told = pd.DataFrame({"group": now, "core": r.said}).dropna().value_counts().reset_index()
    told = told.sort_values(["count", "core"], ascending=False).drop_duplicates("group").set_index("group")["core"]
    said = np.where(known(said), said, pd.Series(now[rows]).map(told).to_numpy(dtype=object))
    keep = agrees(key, said, is_domain=False)
    return rows[keep], key[keep]
