"""Leadership's forecast report: <home>/review/forecast.html and one that keeps the day it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from onefunnel.home import Home
from onefunnel.pages import forecast_charts, forecast_facts
from onefunnel.pages import forecast_words as told
from onefunnel.pages.forecast_facts import Facts, Quarter
from onefunnel.pages.published import Published
from onefunnel.pages.words import day, days, money
from onefunnel.pages.write import FOLDER, write_page

EARLIER_SHOWN = 8


@dataclass(frozen=True)
class Figure:
    """One number of a quarter: what it is called, the number, what it is of."""

    name: str
    number: str
    of: str


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """The report of what is published now stands under both names, with the way to earlier days' reports."""
    facts = forecast_facts.read(published)
    own = f"forecast-{facts.as_of_on}.html"
    context = contents(facts, published.currency) | {
        "as_of": published.as_of_at,
        "zone": published.zone,
        "run": published.facts,
        "earlier": _earlier(home.root / FOLDER, own),
    }
    return [write_page(home, name, "forecast.html", published, **context) for name in (own, "forecast.html")]


def contents(facts: Facts, currency: str) -> dict:
    """What the template shows, in its order: words, figures, tables, charts."""
    return {
        "facts": facts,
        "words": told,
        "basis": told.basis(facts.basis),
        "lead": told.lead(facts, currency),
        "ahead": told.ahead(facts, currency),
        "quarters": [(quarter, figures(quarter, currency)) for quarter in facts.quarters],
        "charts": charts_of(facts, currency),
        "methods": [method for method in told.METHODS if method != "blend"],
        "horizons": [quarter.horizon for quarter in facts.quarters],
        "without": facts.without(facts.shown_risks) if facts.risks else None,
        "without_all": facts.without(facts.risks) if facts.risks else None,
    }


def figures(quarter: Quarter, currency: str) -> list[Figure]:
    """Expected, target, closed so far, commit and coverage of a quarter, each with what it is of."""
    period, blend, target = days(quarter.from_on, quarter.until_on), quarter.blend, quarter.target or {}
    low, high = blend["low_amount"], blend["high_amount"]
    held = f"80 %: {money(low, currency)} to {money(high, currency)}" if low is not None else "no range"
    commit = quarter.others.get("sales_commit", {})
    found = [
        Figure("Expected", money(quarter.expected, currency), f"{period}; {held}"),
        Figure("Target", money(quarter.target_amount, currency), period if target else f"{period}; none agreed"),
    ]
    if quarter.horizon == forecast_facts.THIS:
        since = days(quarter.from_on, blend["as_of_on"])
        found.append(Figure("Closed so far", money(blend["closed_amount"], currency), since))
    status = commit.get("status") or "unavailable"
    found.append(
        Figure(
            "Sales' commit",
            money(commit.get("expected_amount"), currency),
            f"{period}; due and committed, closed included" + ("" if status == "ok" else f"; {status}"),
        )
    )
    if target:
        found.append(_coverage(quarter, target, currency))
    return found


def _coverage(quarter: Quarter, target: dict, currency: str) -> Figure:
    cover, needed = (_times(target[key]) for key in ("coverage", "needed_coverage"))
    if target["remaining_amount"] == 0:
        return Figure("Coverage", "–", f"nothing of the target of {quarter.name} remains")
    due = money(target["due_amount"], currency)
    return Figure("Coverage", cover, f"{due} open and due in {quarter.name} / remaining target; needed {needed}")


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f} ×"


def charts_of(facts: Facts, currency: str) -> list[dict]:
    """The quarter's course and the last one's, to one scale: name, svg, what is to be seen."""
    from markupsafe import Markup

    this, last = facts.this, facts.finished
    asked = []
    if this and facts.course:
        seen = _course_of(this, facts, currency)
        asked.append((this.name, facts.course, (this.from_on, this.until_on), {"target": this.target_amount}, seen))
    if last and last.course:
        within = [row for row in last.course if row["horizon"] == forecast_facts.THIS] or last.course
        span = forecast_facts.quarter_days(within[0]["as_of_on"], within[0]["quarter_week"])
        target = last.target["target_amount"] if last.target else None
        lines = {"target": target, "came": last.actual}
        asked.append((last.name, last.course, span, lines, told.finished(last, currency)))
    levels: list[Decimal | None] = [amount for *_, lines, _ in asked for amount in lines.values()]
    reach = forecast_charts.highest([course for _, course, *_ in asked], levels)
    return [
        {
            "name": name,
            "days": days(*span),
            "seen": seen,
            "lines": {key for key, amount in lines.items() if amount is not None},
            "svg": Markup(forecast_charts.course(course, span, lines, reach, currency, seen)),
        }
        for name, course, span, lines, seen in asked
    ]


def _course_of(this: Quarter, facts: Facts, currency: str) -> str:
    """What the chart of this quarter shows, as one sentence."""
    amounts = [row["expected_amount"] for row in facts.course]
    since = f"Since {day(facts.course[0]['as_of_on'])}"
    if len(amounts) == 1:
        return f"One forecast of {this.name} so far: {money(amounts[0], currency)}."
    lowest, most = money(min(amounts), currency), money(max(amounts), currency)
    course = f"{since} between {lowest} and {most} was expected of {this.name}, now {money(amounts[-1], currency)}"
    if this.target_amount is None:
        return f"{course}."
    above = sum(amount >= this.target_amount for amount in amounts)
    aim = f"the target of {money(this.target_amount, currency)}"
    return f"{course}; {above} of {len(amounts)} forecasts lay at or above {aim}."


def _earlier(folder: Path, own: str) -> list[tuple[str, str]]:
    """(file, its day) of the newest reports of other days that are there."""
    found = []
    for path in folder.glob("forecast-????-??-??.html"):
        if path.name < own:
            found.append((path.name, day(date.fromisoformat(path.stem.removeprefix("forecast-")))))
    return sorted(found, reverse=True)[:EARLIER_SHOWN]
