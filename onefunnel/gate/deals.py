"""Every deal again from the raw lake: its status, its amount, when it became an opportunity and closed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd

from onefunnel import lake as raw
from onefunnel.gate.deal import Deal, money_of
from onefunnel.gate.histories import CLOSED, read_known
from onefunnel.judge.read import Lake
from onefunnel.judge.rules import Agreement
from onefunnel.judge.signed import rows_of
from onefunnel.judge.verdict import read_rates
from onefunnel.judge.words import normal


def read_deals(lake: Lake, files: raw.Files, agreement: Agreement, folder: Path) -> dict[str, Deal]:
    """Every deal known by AS_OF, by deal_id; those that were deleted since have gone_at, and no status."""
    lines = [line for line in rows_of(folder, "stages") if line["entity"] == "deal"]
    statuses = {normal(line["source_word"]): normal(line["status"]) for line in lines}
    stages = {normal(line["source_word"]): line["stage"] for line in lines}
    deals, rates = read_known(lake, files, statuses), read_rates(lake, agreement)
    for deal in deals.values():
        if deal.gone_at is not None:
            continue
        word = normal(deal.at("stage", lake.as_of))
        deal.stage, deal.status = stages.get(word), statuses.get(word, "open")
        deal.deal_amount = deal.worth(lake.as_of, agreement, rates)
        deal.opportunity_at = _opportunity_at(deal)
        deal.closed_at = _closed_at(deal, statuses)
    return deals


def deals_frame(deals: dict[str, Deal]) -> pd.DataFrame:
    """One row per deal: deal_id, stage, status, deal_type, deal_amount, created_at, opportunity_at, closed_at."""
    keys = sorted(deals)
    return pd.DataFrame(
        {
            "deal_id": pd.Series(keys, dtype=object),
            "stage": pd.Series([deals[key].stage for key in keys], dtype=object),
            "status": pd.Series([deals[key].status for key in keys], dtype=object),
            "deal_type": pd.Series([deals[key].deal_type for key in keys], dtype=object),
            "deal_amount": pd.Series([_plain(deals[key].deal_amount) for key in keys], dtype=object),
            "created_at": moments([deals[key].cells["born"] for key in keys]),
            "opportunity_at": moments([deals[key].opportunity_at for key in keys]),
            "closed_at": moments([deals[key].closed_at for key in keys]),
        }
    )


def moments(values: list) -> pd.Series:
    """Microseconds since 1970, None where unknown, as instants."""
    return pd.to_datetime(pd.Series(values, dtype="Int64"), unit="us", utc=True)


def _opportunity_at(deal: Deal) -> int | None:
    """The first instant at which amount, currency and expected close date were known."""
    changed = {c[0] for changes in deal.changes.values() for c in changes if c[0] <= deal.as_of}
    for moment in sorted(changed | {deal.cells["born"], deal.as_of}):
        due = deal.instant(deal.at("expected_close_on", moment))
        if due is not None and deal.currency(moment) and money_of(deal.at("amount", moment))[0] is not None:
            return moment
    return None


def _closed_at(deal: Deal, statuses: dict) -> int | None:
    """Of a deal that is won or lost: when the source says, else when it last came there."""
    if deal.status not in CLOSED:
        return None
    told = deal.instant(deal.cells["closed_at"])
    if told is not None and told <= deal.as_of:
        return told
    moves = [
        (at, statuses.get(normal(old)), statuses.get(normal(new))) for at, old, new in deal.changes.get("stage", [])
    ]
    return max((at for at, old, new in moves if at <= deal.as_of and new in CLOSED and new != old), default=None)


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
