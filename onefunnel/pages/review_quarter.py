"""The review's first section: the quarter and the next, expected beside promised, beside last week's review."""

from __future__ import annotations

from datetime import timedelta

from onefunnel.pages import review_charts, words
from onefunnel.pages.review_names import METHODS, QUARTER
from onefunnel.pages.review_rows import Sheet
from onefunnel.pages.review_units import reason

HORIZONS = {"this_quarter": "This quarter", "next_quarter": "The next quarter"}
SHOWN = ("forecast", "target", "commit", "closed", "open_pipeline", "best_naive")


def quarters(sheet: Sheet) -> list[dict]:
    """The quarter that runs and the next: title, name, span, and each figure with what last week's review said."""
    found = []
    for horizon in sheet.of("quarter", "horizon"):
        of = {row["figure"]: row for row in sheet.of("quarter", dimension_value=horizon["dimension_value"])}
        figures = [_figure(sheet, name, of[name]) for name in SHOWN if name in of]
        if figures:
            first = of[SHOWN[0]]
            found.append(
                {
                    "title": HORIZONS.get(horizon["words"], horizon["words"]),
                    "name": horizon["dimension_value"],
                    "span": words.days(first["from_on"], first["until_on"]),
                    "made": _made(horizon),
                    "figures": figures,
                    "rows": of,
                }
            )
    return found


def section(sheet: Sheet) -> dict:
    """What the template shows of the quarter."""
    found = quarters(sheet)
    before = sheet.week_start_on - timedelta(days=7)
    return {
        "quarters": found,
        "chart": review_charts.quarter_ranges(found, sheet.currency),
        "last_week": words.days(before, before + timedelta(days=6)),
        "previous": _previous(sheet),
    }


def _figure(sheet: Sheet, name: str, row: dict) -> dict:
    span = ""
    if row["low_amount"] is not None:
        span = f"80 %: {words.money_range(row['low_amount'], row['high_amount'], sheet.currency)}"
    title = QUARTER[name]
    if name == "best_naive" and row["words"]:
        title = f"{title}: {words.lower_first(METHODS.get(row['words'], row['words']))}"
    at = f"on {words.day(row['until_on'])}" if row["period_kind"] == "instant" else ""
    return {
        "name": title,
        "number": words.money(row["value_amount"], sheet.currency),
        "before": words.money(row["before_amount"], sheet.currency),
        "period": at,
        "range": span,
        "why": (row["words"] or "" if name == "forecast" else "") or reason(row["status"]),
    }


def _made(horizon: dict) -> str:
    if horizon["status"] == "published":
        return f"Forecast as published on {words.day(horizon['from_on'])}."
    if horizon["status"] == "backtest":
        return f"Forecast reckoned later, from what was known on {words.day(horizon['from_on'])}."
    return ""


def _previous(sheet: Sheet) -> str:
    row = sheet.one("quarter", "previous_quarter")
    if row is None or row["value_amount"] is None:
        return ""
    brought = words.money(row["value_amount"], sheet.currency)
    span = words.days(row["from_on"], row["until_on"])
    told = f"The quarter before, {row['dimension_value']} ({span}), brought {brought}"
    if row["target_amount"] is None:
        return f"{told}; it had no target."
    return f"{told} of a target of {words.money(row['target_amount'], sheet.currency)}."
