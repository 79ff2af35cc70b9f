"""The week in one paragraph that a CEO understands."""

from __future__ import annotations

from onefunnel.pages import words
from onefunnel.pages.review_meeting import gap, parts, periods, verdict
from onefunnel.pages.review_names import ALL
from onefunnel.pages.review_rows import Sheet
from onefunnel.pages.review_units import reason

# measure -> what was done by whom, after the rate
_KEPT = {
    "definition_met": "of the leads marketing handed over met the definition",
    "contact": "were contacted by sales in time",
}


def headline(sheet: Sheet) -> list[str]:
    """The sentences: the quarter, the week's pipeline, the gap, both promises."""
    return [sentence for sentence in (_quarter(sheet), _pipeline(sheet), _gap(sheet), _promises(sheet)) if sentence]


def _quarter(sheet: Sheet) -> str:
    horizon = sheet.one("quarter", "horizon", words="this_quarter")
    row = sheet.one("quarter", "forecast", dimension_value=horizon["dimension_value"]) if horizon else None
    if row is None:
        return ""
    quarter = f"{row['dimension_value']} ({words.days(row['from_on'], row['until_on'])})"
    target, money = row["target_amount"], _money(sheet)
    if row["value_amount"] is None:
        why = reason(row["status"]).removeprefix("unavailable: ") or "not known"
        aim = f"; its target is {money(target)}" if target is not None else ""
        return f"{quarter} has no forecast ({why}){aim}."
    told = f"{quarter} is expected to bring {money(row['value_amount'])}"
    if row["low_amount"] is not None:
        told += f" (in four of five cases {words.money_range(row['low_amount'], row['high_amount'], sheet.currency)})"
    if target is None:
        return f"{told}; no target is agreed for it."
    over = row["value_amount"] - target
    beside = f"{money(abs(over))} {'above' if over > 0 else 'below'} its target of" if over else "exactly its target of"
    return f"{told}, {beside} {money(target)}."


def _pipeline(sheet: Sheet) -> str:
    new = sheet.one("generated", "generated", dimension_value=ALL)
    deals = sheet.one("generated", "generated_deals", dimension_value=ALL)
    moved = sheet.one("advanced", "advanced", dimension_value=ALL)
    money, week = _money(sheet), periods(sheet)["week"]
    told = []
    if new and new["value_amount"] is not None:
        count = f" in {words.several(int(deals['value']), 'new deal')}" if deals and deals["value"] else ""
        before = f" ({money(new['before_amount'])} the week before)" if new["before_amount"] is not None else ""
        told.append(f"In the week {week} {money(new['value_amount'])} of pipeline was generated{count}{before}")
    if moved and moved["value_amount"] is not None:
        told.append(f"{money(moved['value_amount'])} of the pipeline that was open already advanced")
    return f"{' and '.join(told)}." if told else f"The pipeline of the week {week} is not known."


def _gap(sheet: Sheet) -> str:
    found = gap(sheet)
    if not found["is_named"]:
        return found["sentence"].rstrip(".") + "."
    return f"The most important gap is {found['name']}: {found['money']} a quarter, {found['leads']}."


def _promises(sheet: Sheet) -> str:
    told = []
    for measure, did in _KEPT.items():
        row = sheet.one("sla", "rate", dimension_value=measure, period_kind="week")
        if row is None or row["value"] is None:
            continue
        promised = (
            f"{words.percent(row['target'])} promised, {verdict(row)}" if row["target"] is not None else "no target"
        )
        told.append(f"{words.percent(row['value'])} {did} ({parts(row, sheet.currency)}; {promised})")
    if told:
        return f"Of the week's promises: {', and '.join(told)}."
    rows = [sheet.one("sla", "rate", dimension_value=measure, period_kind="week") for measure in _KEPT]
    if all(row is None or str(row["status"]).startswith("unavailable") for row in rows):
        return "Neither side's promise can be measured: the sources do not record it."
    return "Nothing was due on either side's promise."


def _money(sheet: Sheet):
    return lambda amount: words.money(amount, sheet.currency)
