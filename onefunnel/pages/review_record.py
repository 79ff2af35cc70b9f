"""What the numbers rest on: shared metrics with their trend, the forecast's record, freshness and checks."""

from __future__ import annotations

from markupsafe import Markup, escape

from onefunnel.pages import words
from onefunnel.pages.review_names import METHODS, plain
from onefunnel.pages.review_rows import Sheet, amount_or_value, shown
from onefunnel.pages.review_units import cut, reason

# what the meeting looks at; the others stand below, on the screen
MEETING = (
    "lead_to_opportunity_rate",
    "opportunity_to_close_rate",
    "opportunity_to_close_rate_value",
    "sales_cycle_days_median",
    "sales_velocity",
    "cpa_opportunity",
    "cpa_customer",
    "cac",
    "marketing_sourced_share",
    "marketing_influenced_revenue",
    "marketing_influenced_share",
    "marketing_influenced_lost_share",
    "clv",
    "repeat_purchase_rate",
    "referral_rate",
    "pipeline_coverage",
)
UNITS = {"sales_velocity": " a day", "speed_to_lead": ""}
BAR, GAP, TALL = 5, 2, 16
MOST_SOURCES = 6


def metrics(sheet: Sheet) -> dict:
    """The shared metrics in two columns for the meeting, and the others."""
    rows = [_metric(sheet, row) for row in sheet.of("metrics")]
    first = [row for row in rows if row["metric"] in MEETING]
    others = [row for row in rows if row["metric"] not in MEETING]
    if not first:
        first, others = others, []
    half = (len(first) + 1) // 2
    usual = max((row["quarter"] for row in rows), key=[row["quarter"] for row in rows].count, default="")
    for row in rows:
        row["notes"] = "; ".join(filter(None, [row["quarter"] if row["quarter"] != usual else "", row["why"]]))
    return {"usual": usual, "columns": [part for part in (first[:half], first[half:]) if part], "others": others}


def _metric(sheet: Sheet, row: dict) -> dict:
    name = sheet.names.get(row["figure"], plain(row["figure"]).capitalize())
    value, before = amount_or_value(row), amount_or_value(row, "before")
    per = UNITS.get(row["figure"], "") if value is not None else ""
    return {
        "metric": row["figure"],
        "name": name,
        "value": shown(row, sheet.currency) + per,
        "before": shown(row, sheet.currency, "before"),
        "change": _change(row["unit"], value, before),
        "quarter": _quarter(row),
        "why": reason(row["status"]),
        "trend": _bars(sheet.trends.get(row["figure"], []), name, row["unit"], sheet.currency),
    }


def _quarter(row: dict) -> str:
    return words.days(row["from_on"], row["until_on"])


def _change(unit: str, value, before) -> str:
    """What changed since the quarter before: points of a rate, else percent of it."""
    if value is None or before is None:
        return ""
    if value == before:
        return "unchanged"
    sign = "▲" if value > before else "▼"
    if unit == "rate":
        return f"{sign} {abs(value - before) * 100:.1f} points"
    return f"{sign} {words.percent(abs(float(value) / float(before) - 1))}" if before else f"{sign} from zero"


def _bars(points: list[float], name: str, unit: str, currency: str) -> Markup:
    """The quarters as small bars from zero, the last one strong; nothing for fewer than two."""
    if len(points) < 2:
        return Markup("")
    low, high = min(0.0, *points), max(0.0, *points)
    scale = TALL / ((high - low) or 1.0)
    bars = [
        f'<rect x="{place * (BAR + GAP)}" y="{(high - max(point, 0)) * scale:.1f}" width="{BAR}" '
        f'height="{max(abs(point) * scale, 0.8):.1f}" fill="var(--{"main" if place == len(points) - 1 else "pale"})"/>'
        for place, point in enumerate(points)
    ]
    ends = [words.value(point, unit, currency) for point in (points[0], points[-1])]
    told = f"{name}, last {len(points)} fiscal quarters: from {ends[0]} to {ends[1]}"
    wide = len(points) * (BAR + GAP)
    return Markup(
        f'<svg class="trend" role="img" width="{wide}" height="{TALL + 1}" viewBox="0 0 {wide} {TALL + 1}">'
        f"<title>{escape(told)}</title>{''.join(bars)}</svg>"
    )


def record(sheet: Sheet) -> dict:
    """How far off each way to forecast the running quarter was, the best known first; its period."""
    methods = list(dict.fromkeys(row["dimension_value"] for row in sheet.of("record")))
    rows = [_method(sheet, method) for method in methods]
    told = [row for row in sheet.of("record", "wape") if row["value"] is not None]
    return {
        "rows": [row for row in rows if row["is_known"]],
        "unknown": [f"{row['name']} ({row['why']})" for row in rows if not row["is_known"]],
        "period": words.days(min(r["from_on"] for r in told), max(r["until_on"] for r in told)) if told else "",
    }


def _method(sheet: Sheet, method: str) -> dict:
    of = {row["figure"]: row for row in sheet.of("record", dimension_value=method)}
    off, bias, inside, quarters = (
        of.get(name, {}).get("value") for name in ("wape", "bias", "coverage_80", "quarters")
    )
    return {
        "name": METHODS.get(method, plain(method)),
        "is_known": off is not None,
        "why": reason(of.get("wape", {}).get("status")) or "not enough history",
        "off": words.percent(off),
        "bias": words.UNKNOWN if bias is None else f"{words.percent(abs(bias))} {_direction(bias)}".strip(),
        "inside": words.percent(inside),
        "quarters": words.several(int(quarters), "quarter") if quarters else words.UNKNOWN,
    }


def _direction(bias: float) -> str:
    return "too high" if bias > 0 else "too low" if bias < 0 else ""


def health(sheet: Sheet) -> dict:
    """How fresh each source is, the agreement in force, the checks and the faults."""
    facts = {row["figure"]: words.count(row["value"]) for row in sheet.of("health") if row["dimension"] != "source"}
    sources = [
        {
            "name": row["dimension_value"],
            "words": (row["words"] or "").replace("newest ", ""),
            "age": _age(row["value"]),
            "why": reason(row["status"]),
        }
        for row in sheet.of("health", "freshness")
    ]
    days = [row["until_on"] for row in sheet.of("health") if row["dimension"] != "source"]
    kept = cut([source["name"] for source in sources], MOST_SOURCES)
    more = f"and {words.several(len(sources) - kept, 'more source')}: Data quality lists all" if sources[kept:] else ""
    return {"facts": facts, "sources": sources[:kept], "more": more, "on": words.day(max(days)) if days else ""}


def _age(hours: float | None) -> str:
    if hours is None:
        return words.UNKNOWN
    return f"{hours:.0f} h" if hours < 72 else words.several(round(hours / 24), "day")
