"""How far each lead came and which list it belongs on, again from the raw lake and the judge's verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from onefunnel import lake as raw
from onefunnel.gate.cells import cells_of
from onefunnel.gate.deal import Deal
from onefunnel.gate.deals import deals_frame, moments, read_deals
from onefunnel.gate.handed import Handed, read_handed
from onefunnel.gate.market import Market, read_market
from onefunnel.gate.past import Past, read_past
from onefunnel.judge import Rejudged
from onefunnel.judge.history import Lead
from onefunnel.judge.instants import DAY, instant
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.touches import intent_at
from onefunnel.judge.words import normal, truth

WANTED = (  # beside the judge's
    *("deals", "deal_changes", "contacts", "companies", "campaigns", "ad_spend", "invoices"),
    *("activities", "objections", "digests"),
)
CELLS = (
    *("accepted_at", "claimed_sql_at", "converted_deal_id", "converted_at", "disposition", "disposed_at"),
    *("gstin", "consent_given_at", "consent_withdrawn_at", "campaign_id"),
)
STAGES = ("accepted_at", "sql_at", "opportunity_at", "won_at", "lost_at")
NO_LIST = "no list"


@dataclass
class Sales:
    """deals: one row per deal. leads: one row per lead, with STAGES and listed_as. market: what came before them.

    handed: what sales did with what it was handed. told: deal_id -> the deal; lead_of: deal_id -> the lead it came of.
    past: the deals that the pipeline is told of, also those deleted since, through time.
    """

    deals: pd.DataFrame
    leads: pd.DataFrame
    market: Market
    handed: Handed
    told: dict[str, Deal]
    lead_of: dict[str, str]
    past: Past


def resell(lake: Lake, files: raw.Files, folder: Path, agreement: Agreement, judged: Rejudged, leads: dict) -> Sales:
    """What sales made of the leads by AS_OF; the judge has read the lake (WANTED) and its leads."""
    known = read_deals(lake, files, agreement, folder)
    deals = {key: deal for key, deal in known.items() if deal.gone_at is None}
    cells = {row["id"]: row for row in cells_of(lake, files, "leads", CELLS, {})}
    mine, statuses = _deals_of(leads, cells, deals), _statuses(folder)
    came = _stages(leads, cells, mine, statuses)
    came["listed_as"] = _lists(judged.leads, came, _lapsed(lake, agreement), _closed(leads, cells, folder))
    for name in STAGES:
        came[name] = moments(came[name].tolist())
    handed = read_handed(lake, folder, agreement, judged.handovers, leads, cells, mine, statuses)
    market = read_market(lake, agreement, folder, cells)
    past = read_past(lake, folder, agreement, known, leads, cells)
    return Sales(deals_frame(deals), came, market, handed, deals, _lead_of(deals, mine), past)


def _statuses(folder: Path) -> dict[str, str]:
    return {normal(r["source_word"]): normal(r["stage"]) for r in rows_of(folder, "stages") if r["entity"] == "lead"}


def _deals_of(leads: dict[str, Lead], cells: dict, deals: dict[str, Deal]) -> dict[str, list[Deal]]:
    """Lead id -> the deals that name the lead, and the one that it was converted into."""
    linked: dict[str, set[str]] = {}
    for deal_id, deal in deals.items():
        linked.setdefault(deal.lead_id, set()).add(deal_id)
    found = {}
    for lead_id, lead in leads.items():
        row, mine = cells[lead_id], set(linked.get(lead_id, ()))
        at = _told(row, "converted_at")
        if row["converted_deal_id"] and (at is None or at <= lead.as_of):
            mine.add(f"{lead.space}:{row['converted_deal_id']}")
        found[lead_id] = [deals[deal_id] for deal_id in mine if deal_id in deals]
    return found


def _lead_of(deals: dict[str, Deal], mine: dict[str, list[Deal]]) -> dict[str, str]:
    """The lead that a deal names, else the first by id of those that were converted into it."""
    found = {deal.cells["id"]: lead_id for lead_id in sorted(mine, reverse=True) for deal in mine[lead_id]}
    return found | {deal_id: deal.lead_id for deal_id, deal in deals.items() if deal.lead_id}


def _stages(leads: dict[str, Lead], cells: dict, mine: dict[str, list[Deal]], statuses: dict) -> pd.DataFrame:
    rows = []
    for lead_id in sorted(leads):
        lead, row = leads[lead_id], cells[lead_id]
        rows.append(
            {
                "lead_id": lead_id,
                "accepted_at": _entered(lead, row, "accepted_at", "sal", statuses),
                "sql_at": _entered(lead, row, "claimed_sql_at", "sql", statuses),
                **_outcome(lead, mine[lead_id]),
            }
        )
    return pd.DataFrame(rows, columns=["lead_id", *STAGES, "has_opportunity"]).astype(object)


def _told(row: dict, name: str) -> int | None:
    return instant(row[name], row["zone"], row["day_first"])


def _entered(lead: Lead, row: dict, name: str, stage: str, statuses: dict) -> int | None:
    """When the source's own column says, else when the status first became one of the stage's words."""
    told = _told(row, name)
    if told is not None and told <= lead.as_of:
        return told
    changes = lead.changes.get("status", [])
    return min((at for at, _, new in changes if at <= lead.as_of and statuses.get(normal(new)) == stage), default=None)


def _outcome(lead: Lead, deals: list[Deal]) -> dict:
    """Of its deals; one whose opportunity is dated before the lead has no part in any instant."""
    after = [d for d in deals if (d.opportunity_at or d.cells["born"]) >= lead.created_at]
    won = [d.closed_at for d in after if d.status == "won" and d.closed_at is not None]
    closed = [d.closed_at for d in after if d.closed_at is not None]
    all_lost = bool(deals) and all(d.status == "lost" for d in deals)
    return {
        "opportunity_at": min((d.opportunity_at for d in after if d.opportunity_at is not None), default=None),
        "won_at": min(won, default=None),
        "lost_at": max(closed, default=None) if all_lost else None,
        "has_opportunity": any(d.opportunity_at is not None for d in deals),
    }


def _closed(leads: dict[str, Lead], cells: dict, folder: Path) -> set[str]:
    """Leads with a closing disposition, or a status that means disqualified."""
    closing = {normal(r["source_word"]) for r in rows_of(folder, "dispositions") if truth(r["is_closing"])}
    statuses = _statuses(folder)
    found = set()
    for lead_id, lead in leads.items():
        at = _told(cells[lead_id], "disposed_at")
        is_disposed = normal(cells[lead_id]["disposition"]) in closing and (at is None or at <= lead.as_of)
        if is_disposed or statuses.get(normal(lead.at("status", lead.as_of))) == "disqualified":
            found.add(lead_id)
    return found


def _lapsed(lake: Lake, agreement: Agreement) -> set[str]:
    """Leads whose intent held at some instant of the last intent_lapsed_days, by the version at AS_OF.

    Intent ends where a touch grows too old, so it is asked for just before each such end.
    """
    version = agreement.in_force(lake.as_of)
    since = lake.as_of - int(agreement.settings["intent_lapsed_days"]) * DAY
    ends = lake.con.execute(
        """select distinct t.lead_id, b.version, t.happened_at + b.back - 1
        from touch as t inner join behaviour as b on t.kind = b.kind
        where b.version = ? and t.happened_at + b.back > ? and t.happened_at + b.back <= ?""",
        [version.number if version else None, since, lake.as_of],
    ).fetchall()
    return {lead_id for lead_id, _, _ in intent_at(lake, ends)}


def _lists(verdicts: pd.DataFrame, came: pd.DataFrame, lapsed: set[str], closed: set[str]) -> list[str]:
    """The list each lead belongs on; none once it has an opportunity or was closed out."""
    done = closed | set(came.loc[came["has_opportunity"].astype(bool), "lead_id"])
    listed = {}
    for lead in verdicts.itertuples():
        listed[lead.lead_id] = NO_LIST if lead.lead_id in done else _list(lead, lapsed)
    return [listed.get(lead_id, NO_LIST) for lead_id in came["lead_id"]]


def _list(lead, lapsed: set[str]) -> str:
    if lead.routing == "qualified_waiting":
        is_due = lead.handover_status != "recycled" or pd.isna(lead.reasons_as_of)
        return "to_hand_over: qualified" if is_due else NO_LIST
    if lead.routing == "unqualified_handed":
        return "return_to_nurture"
    was_ready = lead.routing == "nurture" and lead.handover_status == "not handed" and pd.notna(lead.mql_at)
    if was_ready and lead.not_qualified_reasons == "not intent" and lead.lead_id in lapsed:
        return "to_hand_over: intent lapsed"
    return NO_LIST
