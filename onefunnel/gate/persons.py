"""Leads counted as people: the records that identity took for one person, by the first of them."""

from __future__ import annotations

import pandas as pd

from onefunnel.gate.cohorts import DATED

FIRST_OF = [column for stage, column in DATED.items() if stage not in ("lead", "lost")]


def people(leads: pd.DataFrame, first_of: dict[str, str]) -> pd.DataFrame:
    """One row per person of leads (lead_id, DATED's instants, what else): the first record's row, with the earliest
    instant that any of the person's records has; lost once every opportunity of theirs is.

    first_of: lead id -> the id of the same person's first record, for those that are not it themselves.
    """
    person = leads["lead_id"].map(first_of).fillna(leads["lead_id"])
    instants = leads[[*FIRST_OF, "lost_at"]].groupby(person).agg({**dict.fromkeys(FIRST_OF, "min"), "lost_at": "max"})
    undecided = (leads["opportunity_at"].notna() & leads["lost_at"].isna()).groupby(person).any()
    instants["lost_at"] = instants["lost_at"].where(~undecided)
    firsts = leads[person == leads["lead_id"]].set_index("lead_id")
    firsts[[*FIRST_OF, "lost_at"]] = instants.loc[firsts.index, [*FIRST_OF, "lost_at"]]
    return firsts.reset_index()


def same_persons(con) -> dict[str, str]:
    """Lead id -> the same person's first lead, as the candidate publishes it."""
    rows = con.execute(
        "select lead_id, duplicate_of_lead_id from metrics.leads where duplicate_of_lead_id is not null"
    ).fetchall()
    return dict(rows)
