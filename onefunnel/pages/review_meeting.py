"""What the meeting talks about: the gap, an action of each side, the promises, the objections."""

from __future__ import annotations

from datetime import timedelta

from onefunnel.pages import words
from onefunnel.pages.review_names import ALL, PROMISES, SIDES, plain
from onefunnel.pages.review_rows import Sheet, shown
from onefunnel.pages.review_units import reason

NO_GAP = "no gap beyond noise"
OUTCOMES = {
    "done": "Done",
    "done late": "Done late",
    "open": "Still open",
    "overdue": "Overdue",
    "none": "None was agreed",
}


def gap(sheet: Sheet) -> dict:
    """The most important gap in a sentence with its money and leads, or that there is none, or why none is told."""
    row = sheet.one("gap", "funnel_gap")
    if row is None:
        return {"is_named": False, "sentence": "The funnel gap is not known.", "details": ""}
    span = words.days(row["from_on"], row["until_on"])
    if row["status"] == NO_GAP:
        told = (row["words"] or "").removeprefix(f"{NO_GAP}: ")
        told = f"{told[:1].upper()}{told[1:]} ({span})." if told else f"In {span} every step kept its usual rate."
        return {"is_named": False, "sentence": "No gap beyond noise.", "details": told}
    if row["value_amount"] is None:
        why = reason(row["status"]) or "no amount"
        return {
            "is_named": False,
            "sentence": f"The funnel gap is not known: {words.lower_first(why)}",
            "details": span,
        }
    money = words.money(row["value_amount"], sheet.currency)
    leads = words.several(round(row["numerator"] or 0), "lead")
    interval = words.money_range(row["low_amount"], row["high_amount"], sheet.currency)
    return {
        "is_named": True,
        "name": row["dimension_value"],
        "money": money,
        "leads": leads,
        "sentence": row["words"] or f"{row['dimension_value']}: {leads} lost.",
        "details": f"{money} a quarter (80 % interval {interval}) and {leads} lost to it; {span}.",
    }


def actions(sheet: Sheet) -> list[dict]:
    """Each side's action of the week before with its outcome, and this week's; no words where it is to be filled in."""
    return [_side(sheet, side, name) for side, name in SIDES.items()]


def _side(sheet: Sheet, side: str, name: str) -> dict:
    last = sheet.one("actions", "last_action", dimension_value=side) or {}
    this = sheet.one("actions", "this_action", dimension_value=side) or {}
    status = last.get("status") or "none"
    return {
        "side": name,
        "last_period": words.days(last["from_on"], last["until_on"]) if last else "",
        "this_period": words.days(this["from_on"], this["until_on"]) if this else "",
        "last": last.get("words"),
        "outcome": OUTCOMES.get(status, status) if last.get("words") else OUTCOMES["none"],
        "is_good": status.startswith("done"),
        "is_bad": status == "overdue",
        "this": this.get("words"),
    }


def promises(sheet: Sheet) -> list[dict]:
    """Each promise: rate of the week beside what was promised, the week before and thirteen weeks."""
    found = []
    for row in sheet.of("sla", "rate", period_kind="week"):
        measure = row["dimension_value"]
        long = sheet.one("sla", "rate", dimension_value=measure, period_kind="weeks_13")
        _, promise = PROMISES.get(measure, ("", plain(measure)))
        found.append(
            {
                "measure": measure,
                "side": SIDES.get(row["words"], PROMISES.get(measure, ("Both", ""))[0]),
                "promise": promise,
                "week": words.percent(row["value"]),
                "parts": parts(row, sheet.currency),
                "target": words.percent(row["target"]),
                "verdict": verdict(row),
                "before": words.percent(row["before"]),
                "weeks_13": words.percent(long["value"]) if long else words.UNKNOWN,
                "parts_13": parts(long, sheet.currency),
                "verdict_13": verdict(long),
                "why": reason(row["status"]),
            }
        )
    return found


def parts(row: dict | None, currency: str) -> str:
    """37 of 50, where there is anything to count."""
    if row is None or not row["denominator"]:
        return ""
    return f"{words.count(row['numerator'], currency)} of {words.count(row['denominator'], currency)}"


def verdict(row: dict | None) -> str:
    """kept or missed; nothing where either the rate or what was promised is not known."""
    if row is None or row["value"] is None or row["target"] is None:
        return ""
    return "kept" if row["value"] >= row["target"] - 1e-12 else "missed"


def periods(sheet: Sheet) -> dict:
    """The weeks that the sections speak of, in words."""
    start = sheet.week_start_on
    return {
        "week": words.days(start, start + timedelta(days=6)),
        "week_before": words.days(start - timedelta(days=7), start - timedelta(days=1)),
        "weeks_13": words.days(start - timedelta(days=84), start + timedelta(days=6)),
    }


def objections(sheet: Sheet) -> dict:
    """The week's most frequent objections: how often, what is at stake, if expected, what marketing changed."""
    of_all = sheet.one("objections", "objections", dimension_value=ALL)
    rows = [row for row in sheet.of("objections", "objections") if row["dimension"] == "category"]
    return {
        "is_known": bool(of_all) and of_all["value"] is not None,
        "total": words.count(of_all["value"], sheet.currency) if of_all else words.UNKNOWN,
        "before": words.count(of_all["before"], sheet.currency) if of_all else words.UNKNOWN,
        "why": reason(of_all["status"]) if of_all else "",
        "rows": [
            {
                "category": row["dimension_value"],
                "times": shown({**row, "unit": "count"}, sheet.currency),
                "stake": words.money(row["value_amount"], sheet.currency),
                "status": row["status"] or "",
                "answer": row["words"],
            }
            for row in rows
        ],
    }
