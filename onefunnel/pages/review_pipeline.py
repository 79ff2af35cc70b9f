"""The review's second and third section: the pipeline of the week by source, new and advanced, and its waterfall."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from onefunnel.pages import review_charts, words
from onefunnel.pages.review_names import ALL, WATERFALL
from onefunnel.pages.review_rows import Sheet
from onefunnel.pages.review_units import column_unit, cut, in_unit, reason

MOST_LINES = 7
ADVANCED = ("open", "advanced", "moved_on", "won", "lost")


def generated(sheet: Sheet) -> dict:
    """Pipeline generated: a line a source, the rest as one, and all; amounts in one unit."""
    sources = [row["dimension_value"] for row in sheet.of("generated", "generated") if row["dimension"] == "source"]
    # what the week brought first, then what an average week brings
    rows = sorted((_generated(sheet, source) for source in sources), key=_weight, reverse=True)
    rows.append(_generated(sheet, ALL))
    rows = _with_rest(rows, ("amount", "deals", "before", "average"))
    unit, name = column_unit(
        [row[column] for row in rows for column in ("amount", "before", "average")], sheet.currency
    )
    total = rows[-1]
    before = sheet.week_start_on - timedelta(days=7)
    row = sheet.one("generated", "generated", dimension_value=ALL) or {}
    long = sheet.one("generated", "generated_13_weeks", dimension_value=ALL)
    return {
        "unit": name,
        "rows": [
            _cells(row, ("amount", "before", "average"), unit, sheet.currency)
            | {"deals": words.count(row["deals"], sheet.currency)}
            for row in rows
        ],
        "week_before": words.days(before, before + timedelta(days=6)),
        "weeks_13": words.days(long["from_on"], long["until_on"]) if long else "13 weeks",
        "is_known": total["amount"] is not None,
        "chart": review_charts.generated([row for row in rows if row.get("kind") is None], unit, name, sheet.currency),
        "not_drawn": next((row["name"] for row in rows if row.get("kind") == "rest"), ""),
        "total": words.money(total["amount"], sheet.currency),
        "total_before": words.money(total["before"], sheet.currency),
        "deals": words.several(int(total["deals"] or 0), "deal"),
        "why": " ".join(dict.fromkeys(filter(None, [reason(row.get("status")), _short(long)]))),
    }


def advanced(sheet: Sheet) -> dict:
    """Pipeline advanced by source, and the waterfall as levels and changes."""
    sources = [row["dimension_value"] for row in sheet.of("advanced", "advanced") if row["dimension"] == "source"]
    rows = [_advanced(sheet, source) for source in [*sources, ALL]]
    rows = _with_rest(rows, ADVANCED)
    unit, name = column_unit([row[column] for row in rows for column in ADVANCED], sheet.currency)
    all_of_it = sheet.one("advanced", "advanced", dimension_value=ALL)
    return {
        "unit": name,
        "rows": [_cells(row, ADVANCED, unit, sheet.currency) for row in rows],
        "is_known": rows[-1]["advanced"] is not None,
        "total": words.money(rows[-1]["advanced"], sheet.currency),
        "open": words.money(rows[-1]["open"], sheet.currency),
        "deals": words.several(int((all_of_it or {}).get("numerator") or 0), "deal"),
        "before": words.money((all_of_it or {}).get("before_amount"), sheet.currency),
        "why": reason((all_of_it or {}).get("status")),
        "waterfall": _waterfall(sheet),
    }


def _waterfall(sheet: Sheet) -> dict:
    steps = []
    for key, (name, sign) in WATERFALL.items():
        row = sheet.one("advanced", f"waterfall_{key}")
        amount = row["value_amount"] if row else None
        signed = amount if amount is None or sign >= 0 else -amount
        steps.append(
            {"name": name, "is_level": sign == 0, "amount": signed, "shown": words.money(signed, sheet.currency)}
        )
    changes = [step for step in steps if not step["is_level"]]
    return {
        "is_known": steps[-1]["amount"] is not None,
        "steps": steps,
        "opening": steps[0]["shown"],
        "closing": steps[-1]["shown"],
        "chart": review_charts.changes(changes, sheet.currency) if any(s["amount"] for s in changes) else "",
    }


def _generated(sheet: Sheet, source: str) -> dict:
    amount = sheet.one("generated", "generated", dimension_value=source) or {}
    deals = sheet.one("generated", "generated_deals", dimension_value=source) or {}
    average = sheet.one("generated", "generated_13_weeks", dimension_value=source) or {}
    return {
        "name": source,
        "amount": amount.get("value_amount"),
        "before": amount.get("before_amount"),
        "deals": deals.get("value"),
        "average": average.get("value_amount"),
    }


def _short(row: dict | None) -> str:
    """Why the average week is to be read with care."""
    if row and row["status"] == "short history":
        return "Fewer than 13 weeks are known."
    return reason(row["status"]) if row else ""


def _weight(row: dict) -> tuple:
    return abs(row["amount"] or 0), row["average"] or 0


def _advanced(sheet: Sheet, source: str) -> dict:
    found = {name: sheet.one("advanced", name, dimension_value=source) or {} for name in ADVANCED}
    return {"name": source} | {name: row.get("value_amount") for name, row in found.items()}


def _with_rest(rows: list[dict], columns: tuple[str, ...]) -> list[dict]:
    """As many sources as the page has lines for, the sum of the others as one, and all of them last."""
    *sources, total = rows
    kept = cut([row["name"] for row in sources], MOST_LINES)
    shown, others = sources[:kept], sources[kept:]
    if others:
        rest = {column: _sum([row[column] for row in others]) for column in columns}
        shown = [*shown, {"name": f"and {len(others)} more", "kind": "rest"} | rest]
    return [*shown, total | {"name": "All sources", "kind": "total"}]


def _sum(numbers: list):
    """Of those that are known; unknown where none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _cells(row: dict, columns: tuple[str, ...], unit: Decimal, currency: str) -> dict:
    told = {column: in_unit(row[column], unit, currency) for column in columns}
    return {"name": row["name"], "is_total": row.get("kind") == "total"} | told
