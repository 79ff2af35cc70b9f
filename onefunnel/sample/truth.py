"""What the generator knows and the exports do not say."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from onefunnel.sample import words
from onefunnel.sample.clock import AS_OF, EXPORTED, NEVER
from onefunnel.sample.judge import CRITERIA, Judge
from onefunnel.sample.tables import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Truth:
    """The ground truth of one generated company; ids are global (`crm:L100001`), instants UTC.

    leads: one row per lead with mql_at, the verdict columns (at the latest handover, else at AS_OF;
    criteria 1 true, 0 false, -1 unknown), is_qualified, routing, is_excluded (dirt).
    handovers: one row per handover up to AS_OF with definition_met. deals: one row per deal.
    companies, contacts: one row per record. firm_id, on all four: the legal entity that the record is about, which is
    the client where a consultant enquires. contacts.person_id: the person's first lead, else the contact itself.
    dirt: one row per spoiled cell or row. stories: name -> what was planted. sizes: file -> rows.
    """

    as_of: str
    leads: pd.DataFrame
    handovers: pd.DataFrame
    deals: pd.DataFrame
    companies: pd.DataFrame
    contacts: pd.DataFrame
    dirt: pd.DataFrame
    stories: dict[str, dict]
    sizes: dict[str, int]


def tell(w: SimpleNamespace, judge: Judge, tables: dict[str, list[Table]]) -> Truth:
    """The truth about everything that was just written."""
    import pandas as pd

    dirt = pd.DataFrame(
        [(f"{source}/{t.name}.csv", *spoiled) for source, ts in tables.items() for t in ts for spoiled in t.spoiled],
        columns=["file", "row", "key", "fault"],
    )
    who, at = _handovers(w)
    handovers = _handover_frame(w, judge, who, at)
    return Truth(
        "2026-03-31T18:30:00Z",
        _lead_frame(w, judge, who, at, dirt),
        handovers,
        _deal_frame(w),
        _company_frame(w),
        _contact_frame(w),
        dirt,
        {s.name: _facts(w, s.facts) for s in w.stories},
        {f"{source}/{t.name}.csv": len(t.rows) for source, ts in tables.items() for t in ts},
    )


def _facts(w: SimpleNamespace, facts: dict) -> dict:
    facts = dict(facts)
    if "lead_rows" in facts:
        facts["lead_ids"] = [global_id(w, i) for i in facts.pop("lead_rows").tolist()]
    return facts


def global_id(w: SimpleNamespace, row: int) -> str:
    """The lead's id with its namespace."""
    return ("export_desk:" if w.leads.desk[row] else "crm:") + w.lead_ids[row]


def _recycles(w: SimpleNamespace) -> dict[int, list[int]]:
    """The instants each lead went back to marketing, up to AS_OF."""
    found: dict[int, list[int]] = {}
    who, at, field, _, new = w.lead_journal.rows()
    for i, t, f, value in zip(who.tolist(), at.tolist(), field, new):
        if f == "status" and value == words.RECYCLED and t <= AS_OF:
            found.setdefault(i, []).append(t)
    return found


def _handovers(w: SimpleNamespace) -> tuple[np.ndarray, np.ndarray]:
    """(lead, instant) of every handover up to AS_OF, in order."""
    who, at, field, old, new = w.lead_journal.rows()
    entries = [
        (i, t) for i, t, f, v in zip(who.tolist(), at.tolist(), field, new) if f == "status" and v == words.HANDED
    ]
    first: dict[int, str] = {}
    for i, f, v in zip(who.tolist(), field, old):
        if f == "status":
            first.setdefault(i, v)
    now = w.lead_journal.current["status"]
    entries += [(i, int(w.leads.created[i])) for i in range(w.leads.n) if first.get(i, now[i]) == words.HANDED]
    recycles, seen, kept = _recycles(w), set(), []
    for i, t in sorted(e for e in entries if e[1] <= AS_OF):
        entry = (
            i,
            sum(r <= t for r in recycles.get(i, ())),
        )  # only the first entry between recycles counts
        if entry not in seen:
            seen.add(entry)
            kept.append((i, t))
    entries = kept
    return np.array([e[0] for e in entries], dtype=np.int64), np.array([e[1] for e in entries], dtype=np.int64)


def _instants(at: np.ndarray) -> pd.Series:
    import pandas as pd

    return pd.to_datetime(pd.Series(np.where(at <= AS_OF, at, 0)), unit="s", utc=True).where(at <= AS_OF)


def _handover_frame(w: SimpleNamespace, judge: Judge, who: np.ndarray, at: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    verdict = judge.verdict(who, at)
    return pd.DataFrame(
        {
            "lead_id": [global_id(w, i) for i in who.tolist()],
            "handed_over_at": _instants(at),
            **{c: verdict[c] for c in CRITERIA},
            "definition_met": verdict["met"],
            "agreement_version": verdict["version"],
            "owner_id": w.lead_journal.current["owner"][who],
            "judged_on": np.where(w.leads.desk[who], "current", "history"),
        }
    )


def _lead_frame(w: SimpleNamespace, judge: Judge, who: np.ndarray, at: np.ndarray, dirt: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    x = w.leads
    latest = np.full(x.n, -1)
    np.maximum.at(latest, who, at)
    verdict = judge.verdict(np.arange(x.n), np.where(latest >= 0, latest, AS_OF))
    recycles = _recycles(w)
    back = np.array([recycles.get(i, [0])[-1] for i in range(x.n)])
    handed = (latest >= 0) & ~(back > latest)
    excluded = set(
        dirt.loc[
            (dirt.file.str.endswith("leads.csv")) & dirt.fault.isin(["unreadable created_at", "ragged row"]),
            "key",
        ]
    )
    mql = judge.first_qualified()
    mql = np.where(mql < NEVER, mql, AS_OF + 1)
    return pd.DataFrame(
        {
            "lead_id": [global_id(w, i) for i in range(x.n)],
            "created_at": pd.to_datetime(pd.Series(x.created), unit="s", utc=True),
            "exists": (x.created <= AS_OF) & ~np.isin(w.lead_ids, list(excluded)),
            **{c: verdict[c] for c in CRITERIA},
            "is_qualified": verdict["met"],
            "agreement_version": verdict["version"],
            "mql_at": _instants(mql),
            "latest_handed_at": _instants(np.where(latest >= 0, latest, AS_OF + 1)),
            "is_recycled": (latest >= 0) & ~handed,
            "routing": np.where(
                verdict["met"],
                np.where(handed, "qualified_handed", "qualified_waiting"),
                np.where(handed, "unqualified_handed", "nurture"),
            ),
            "firm_id": _firm_ids(x.firm),
            "duplicate_of": [global_id(w, i) if i >= 0 else None for i in x.duplicate_of.tolist()],
            "campaign_id": [w.campaigns.ids[c] if c >= 0 else None for c in x.campaign.tolist()],
        }
    )


def _deal_frame(w: SimpleNamespace) -> pd.DataFrame:
    import pandas as pd

    d, stage = w.deals, w.deal_journal.current["stage"]
    return pd.DataFrame(
        {
            "deal_id": [("export_desk:" if k else "crm:") + i for i, k in zip(w.deal_ids, d.desk)],
            "lead_id": [global_id(w, i) if i >= 0 else None for i in d.lead.tolist()],
            "firm_id": _firm_ids(d.firm),
            "deal_type": [("new", "repeat", "expansion")[k] for k in d.kind.tolist()],
            "created_at": pd.to_datetime(pd.Series(d.created), unit="s", utc=True),
            "status_at_export": np.where(stage == words.WON, "won", np.where(d.lost, "lost", "open")),
            "closed_at_export": pd.to_datetime(
                pd.Series(np.where(d.closed_at <= EXPORTED, d.closed_at, 0)), unit="s", utc=True
            ).where(d.closed_at <= EXPORTED),
            "was_reopened": d.reopened_at <= EXPORTED,
        }
    )


def _firm_ids(firm: np.ndarray) -> list[str]:
    return [f"F{number:05d}" for number in firm.tolist()]


def _company_frame(w: SimpleNamespace) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {"company_id": [f"crm:{i}" for i in w.company_ids], "firm_id": _firm_ids(w.companies.firm)},
    )


def _contact_frame(w: SimpleNamespace) -> pd.DataFrame:
    import pandas as pd

    person = [f"crm:{i}" for i in w.contact_ids]
    for lead in np.flatnonzero(w.lead_contact >= 0).tolist():
        person[w.lead_contact[lead]] = global_id(w, int(w.leads.person[lead]))
    firm = w.companies.firm[np.array([row[0] for row in w.contacts], dtype=np.int64)]
    return pd.DataFrame(
        {"contact_id": [f"crm:{i}" for i in w.contact_ids], "firm_id": _firm_ids(firm), "person_id": person}
    )
