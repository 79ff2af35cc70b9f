"""How well accounts and persons are found, counted in pairs of records, with eyes of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Score(NamedTuple):
    """precision: of the pairs put together, those that belong together. Recall, of the pairs that belong together,
    those put together: over `every` pair, over pairs of two `identified` records, over pairs with `shared` evidence."""

    precision: float
    every: float
    identified: float
    shared: float

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.4f}  recall: identified {self.identified:.4f}"
            f"  shared evidence {self.shared:.4f}  all pairs {self.every:.4f}"
        )


def score(rows: pd.DataFrame, got: str, true: str, evidence: pd.DataFrame) -> Score:
    """rows: entity, record_id, got, true. evidence: the same index, one column per kind of key."""
    keys = [c for c in evidence if c != "linked"]
    known = identified(evidence)
    both = rows.assign(number=range(len(rows)))
    pairs = both.merge(both, on=true, suffixes=("", "_b"))
    pairs = pairs[pairs["number"] < pairs["number_b"]]
    found = pairs[got] == pairs[f"{got}_b"]
    a, b = pairs["number"].to_numpy(), pairs["number_b"].to_numpy()
    shares = pd.Series(False, index=pairs.index)
    for key in keys:
        column = evidence[key].to_numpy(dtype=object)
        shares |= pd.notna(column[a]) & (column[a] == column[b])
    able = known[a] & known[b]
    put = rows.groupby(got).size()
    return Score(
        found.sum() / (put * (put - 1) // 2).sum(),
        found.mean(),
        found[able].mean(),
        found[shares].mean(),
    )


def identified(evidence: pd.DataFrame):
    """Whether a record has a cell that says which firm it is of; phone and e-mail only when another gives them too."""
    known = evidence["linked"] | evidence[["pan", "domain", "site", "name"]].notna().any(axis=1)
    for key in ("email", "phone"):
        counts = evidence[key].map(evidence[key].value_counts())
        known |= counts.fillna(0) > 1
    return known.to_numpy()


def evidence(records: pd.DataFrame, shared: frozenset[str]) -> pd.DataFrame:
    """What each record's cells hold: pan, domain, site, name (with city), email, phone, company; linked by the CRM."""
    email = records["email"].str.lower()
    domain = email.str.extract(r"@(.+)$")[0]
    site = records["website"].str.lower().str.extract(r"//(?:www\.)?([^/]+)")[0]
    name = records["company_name"].str.lower().str.replace(r"[^a-z0-9]", "", regex=True)
    companies = set(records.loc[records["entity"] == "company", "record_id"])
    leads = set(records.loc[records["entity"] == "lead", "record_id"])
    company = records["company_id"].where(records["company_id"].isin(companies))
    company = company.where(records["entity"] != "company", records["record_id"])
    lead = records["lead_id"].where(records["lead_id"].isin(leads))
    linked = company.notna() | lead.notna() | records["record_id"].isin(set(lead.dropna()))
    return pd.DataFrame(
        {
            "pan": records["gstin"].map(_pan, na_action="ignore"),
            "domain": domain.where(~domain.isin(shared)),
            "site": site.where(
                ~site.map(lambda s: _is_shared(s, shared), na_action="ignore").fillna(True).astype(bool)
            ),
            "name": (name + "|" + records["city"].str.lower()).where(name.notna()),
            "email": email,
            "phone": records["phone"].str.replace(r"\D", "", regex=True).str[-10:],
            "company": company,
            "lead": lead.where(records["entity"] != "lead", records["record_id"]),
            "linked": linked,
        }
    )


def personal(evidence: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """The same, of what identifies a person: the address and an Indian mobile."""
    none = pd.Series(None, index=evidence.index, dtype=object)
    mobile = evidence["phone"].where(records["phone"].str.match(r"(\+91|0|9)"))
    return pd.DataFrame(
        {c: none for c in ("pan", "domain", "site", "name")} | {"email": evidence["email"], "phone": mobile}
    ).assign(linked=False)


def by_rule(matches: pd.DataFrame, truth: pd.DataFrame, got: str, true: str) -> pd.DataFrame:
    """Per rule: records it joined to the first record of their account or person, and the share joined rightly."""
    rows = matches.merge(truth, on=["entity", "record_id"], suffixes=("", "_true"))
    true = f"{true}_true" if f"{true}_true" in rows else true
    first = rows[rows["rule"] == "first_record"].set_index(got)[true]
    rows["right"] = rows[true] == rows[got].map(first)
    return rows[rows["rule"] != "first_record"].groupby("rule")["right"].agg(["size", "mean"])


def _pan(gstin: str) -> str | None:
    if not re.fullmatch(r"\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]", gstin):
        return None
    total, weight = 0, 2  # from the right with weights 2, 1, 2, ...
    for letter in reversed(gstin[:14]):
        total += sum(divmod(ALPHABET.index(letter) * weight, 36))
        weight = 3 - weight
    return gstin[2:12] if ALPHABET[-total % 36] == gstin[14] else None


def _is_shared(host: str, shared: frozenset[str]) -> bool:
    return any(host == s or host.endswith("." + s) for s in shared)
