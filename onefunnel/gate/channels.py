"""The channel of a touch or of money spent, by the agreement's ordered rules read again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from onefunnel.judge.history import Lead
from onefunnel.judge.signed import rows_of
from onefunnel.judge.words import normal, truth

CONDITIONS = ("lead_source", "campaign_type", "touch_kind", "utm_source", "utm_medium", "platform")
WORDS = ("kind", "campaign_type", "utm_source", "utm_medium")  # what a touch's channel is told by
HAS_KIND = "has_agreed_kind"
UNMAPPED = "unmapped"

Rules = list[tuple[dict[str, str], str]]


def read_rules(folder: Path) -> Rules:
    """(conditions, channel) in the agreement's order."""
    return [(_conditions(row), row["channel"]) for row in _rows(folder)]


def read_channels_of_marketing(folder: Path) -> list[tuple[dict[str, str], bool]]:
    """(conditions, whether such a lead is marketing's) in the agreement's order."""
    return [(_conditions(row), truth(row["is_marketing"]) is True) for row in _rows(folder)]


def _rows(folder: Path) -> list[dict[str, str]]:
    return sorted(rows_of(folder, "channels"), key=lambda row: int(row["rule_order"]))


def _conditions(row: dict[str, str]) -> dict[str, str]:
    return {name: normal(row[name]) for name in CONDITIONS if row.get(name)}


def channel_of(rules: Rules, **told: str | None) -> str:
    """The channel of the first rule whose every condition is told in the same words."""
    words = {name: normal(text) for name, text in told.items()}
    return next((channel for rule, channel in rules if all(words.get(n) == w for n, w in rule.items())), UNMAPPED)


def first_words(lead: Lead, cells: dict, campaign_types: dict[str, str]) -> dict[str, str | None]:
    """What tells a lead's channel: the lead source known first, and the type of its campaign. cells: its raw ones."""
    changes = lead.changes.get("lead_source", [])
    words = [old for _, old, _ in changes[:1]] + [new for at, _, new in changes if at <= lead.as_of]
    source = next((word for word in words if normal(word)), lead.now["lead_source"])
    return {"lead_source": source, "campaign_type": campaign_types.get(f"{lead.space}:{cells['campaign_id']}")}


def read_kinds(folder: Path) -> dict[str, bool]:
    """Kind of touch that can earn credit -> whether only with a utm_source."""
    rows = rows_of(folder, "attribution_touch_kinds")
    return {normal(row["kind"]): truth(row["only_with_utm"]) is True for row in rows}


def touch_words_frame(con) -> pd.DataFrame:
    """One row per combination of a creditable touch's words: how many touches bear it, and their channel."""
    words = ", ".join(f"case when {n} like '%@%' then '(an address)' else {n} end as {n}" for n in WORDS)
    return con.execute(
        f"select {words}, channel, count(*) as touches from told_touch where {HAS_KIND} group by all order by all"
    ).df()


def spend_words_frame(spend: pd.DataFrame) -> pd.DataFrame:
    """One row per platform and type of campaign: what was spent, which share of all spend that is, and its channel."""
    words = ["platform", "campaign_type", "channel"]
    frame = spend.groupby(words, dropna=False)["amount"].agg(lambda amounts: float(sum(amounts))).reset_index()
    frame["share_of_spend"] = (frame["amount"] / (frame["amount"].sum() or 1)).round(4)
    return frame.sort_values("amount", ascending=False)
