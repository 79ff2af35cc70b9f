"""The weekly review in three lines, from its rows: the quarter, the pipeline, the gap with both promises."""

from __future__ import annotations

import html
from datetime import date

from onefunnel.pages.words import count, days, money, percent

PROMISES = {
    "definition_met": "marketing's handed leads meet the definition",
    "contact": "sales contacts in time",
    "disposition": "sales advances or disposes of in time",
}


def three_lines(rows: list[dict], currency: str) -> list[str]:
    """rows: of metrics.weekly_review, all of one week. What is not told in them is said to be unknown, not left out."""
    return [quarter(rows, currency), pipeline(rows, currency), f"{gap(rows)} {promises(rows)}"]


def subject(week: date, until: date, rows: list[dict], currency: str) -> str:
    """'Weekly revenue review, 23–29 Mar 2026: FY27-Q1 ₹8.22 crore expected, target ₹7.40 crore'."""
    head = f"Weekly revenue review, {days(week, until)}"
    this = _this_quarter(rows)
    forecast = _one(rows, "quarter", "forecast", this)
    if not forecast or forecast["value_amount"] is None:
        return head
    aim = forecast["target_amount"]
    told = f"{head}: {this} {money(forecast['value_amount'], currency)} expected"
    return told + ("" if aim is None else f", target {money(aim, currency)}")


def quarter(rows: list[dict], currency: str) -> str:
    """What this quarter is expected to bring, its range, target, what has closed, and what was expected last week."""
    this = _this_quarter(rows)
    forecast = _one(rows, "quarter", "forecast", this)
    if not forecast:
        return "The quarter: no forecast."
    name = f"{this} ({days(forecast['from_on'], forecast['until_on'])})"
    if forecast["value_amount"] is None:
        told = [f"no forecast, {forecast['status'].removeprefix('unavailable: ')}"]
    else:
        low, high = forecast["low_amount"], forecast["high_amount"]
        held = "" if low is None or high is None else f" (80 %: {money(low, currency)} to {money(high, currency)})"
        told = [f"{money(forecast['value_amount'], currency)} expected{held}"]
    for figure, word in (("target", "target"), ("closed", "closed so far"), ("commit", "sales' commit")):
        row = _one(rows, "quarter", figure, this)
        if row and row["value_amount"] is not None:
            told.append(f"{word} {money(row['value_amount'], currency)}")
    if forecast["before_amount"] is not None:
        told.append(f"a week before {money(forecast['before_amount'], currency)} was expected")
    return f"{name}: {'; '.join(told)}."


def pipeline(rows: list[dict], currency: str) -> str:
    """What the week generated and advanced, each beside the week before."""
    generated = _one(rows, "generated", "generated", "(all)")
    if not generated:
        return "Pipeline: nothing is told of this week."
    deals = _one(rows, "generated", "generated_deals", "(all)")
    number = "" if not deals or deals["value"] is None else f" in {_deals(deals['value'])}"
    told = [f"{money(generated['value_amount'], currency)} generated{number}{_before(generated, currency)}"]
    if advanced := _one(rows, "advanced", "advanced", "(all)"):
        told.append(f"{money(advanced['value_amount'], currency)} advanced{_before(advanced, currency)}")
    return f"Pipeline, {days(generated['from_on'], generated['until_on'])}: {'; '.join(told)}."


def gap(rows: list[dict]) -> str:
    """The gap's own sentence."""
    found = _one(rows, "gap", "funnel_gap")
    words = (found["words"] or found["status"]) if found else "not told"
    return f"Funnel gap: {words.rstrip('.')}."


def promises(rows: list[dict]) -> str:
    """What was kept of what was promised in the week, of how many; nothing due is no 0 %."""
    told = []
    for measure, words in PROMISES.items():
        row = _one(rows, "sla", "rate", measure, period_kind="week")
        if not row:
            continue
        kept = row["status"] if row["value"] is None else f"{percent(row['value'])} of {count(row['denominator'])}"
        aim = "" if row["target"] is None else f" (promised {percent(row['target'])})"
        told.append(f"{words}: {kept}{aim}")
    return f"In that week {'; '.join(told)}." if told else "Promises: not told."


def as_html(week: date, until: date, lines: list[str], company: str) -> str:
    """The mail's text; whatever comes from records is text, never markup."""
    told = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    head = f"<p><strong>{html.escape(company)}: weekly revenue review, {html.escape(days(week, until))}</strong></p>"
    return f"{head}{told}<p>The review itself is attached as PDF.</p>"


def as_message(week: date, until: date, lines: list[str], company: str) -> str:
    """The same for a chat, in which nothing becomes a link or a mention."""
    told = "\n".join([f"{company}: weekly revenue review, {days(week, until)}", *(f"• {line}" for line in lines)])
    return told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _this_quarter(rows: list[dict]) -> str | None:
    named = [row for row in rows if row["figure"] == "horizon" and row["words"] == "this_quarter"]
    forecasts = named or [row for row in rows if row["section"] == "quarter" and row["figure"] == "forecast"]
    first = min(forecasts, key=lambda row: row["position"], default=None)
    return first and first["dimension_value"]


def _one(rows: list[dict], section: str, figure: str, of: str | None = None, **more) -> dict | None:
    wanted = {"section": section, "figure": figure, **({} if of is None else {"dimension_value": of}), **more}
    return next((row for row in rows if all(row[key] == value for key, value in wanted.items())), None)


def _before(row: dict, currency: str) -> str:
    return "" if row["before_amount"] is None else f" (the week before {money(row['before_amount'], currency)})"


def _deals(number: float) -> str:
    return "1 deal" if number == 1 else f"{count(number)} deals"
