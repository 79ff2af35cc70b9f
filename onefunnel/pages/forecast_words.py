"""The forecast report in sentences that can be read out: what is expected, against what, how sure, and why."""

from __future__ import annotations

import re
from decimal import Decimal

from onefunnel.pages.forecast_facts import NEXT, THIS, Change, Facts, Finished, Quarter, resting
from onefunnel.pages.words import day, days, money, percent, several

METHODS = {
    "blend": "the forecast",
    "last_quarter": "last quarter",
    "average_four": "average of four quarters",
    "same_quarter_last_year": "same quarter last year",
    "stage_weighted": "open deals by stage",
    "sales_commit": "sales' commit",
}
PARTS = {
    "closed_amount": "closed so far",
    "weighted_pipeline_amount": "open deals, by what such deals brought",
    "new_deals_amount": "deals not created yet",
    "past_pattern_amount": "past pattern: what a past quarter still closed after this day",
}
CHANGES = {
    "closed_amount": "closed since",
    "weighted_pipeline_amount": "open deals, by what such deals brought",
    "new_deals_amount": "deals not created yet",
    "past_pattern_amount": "past pattern",
}
MOVEMENTS = {
    "created": "created",
    "reopened": "reopened",
    "pulled_in": "moved in from other quarters",
    "pushed_out": "moved out to other quarters",
    "increased": "increased",
    "decreased": "decreased",
    "reclassified": "reclassified",
    "won": "won",
    "lost": "lost",
    "scrubbed": "scrubbed (deleted, merged or omitted)",
}
BASES = {"bookings": "bookings: won deals, without tax", "invoices": "invoices, without tax"}
NO_RANGE = {
    "not enough history": "fewer than six past forecasts at this point of a quarter",
    "expected too little of what came": "it expected less than half of what came in the past",
    "nothing expected": "nothing is expected",
}
FEW_QUARTERS = 8
# the share of what comes that a range promises to hold, and what still counts as that
PROMISED, ABOUT = 0.8, 0.05


def basis(word: str) -> str:
    """'bookings: won deals, without tax'."""
    return BASES.get(word, word)


def lead(facts: Facts, currency: str) -> list[str]:
    """The paragraph that a managing director reads out: the quarter, its target, what changed, what it rests on."""
    this = facts.this
    if not this:
        return ["There is no forecast: nothing that it could be made of has been published."]
    told = [expected(this, facts.basis, currency), against_target(this, currency), so_far(this, facts, currency)]
    if facts.change:
        told.append(changed(facts.change, currency))
    return [*told, at_risk(facts, currency)] if facts.risks else told


def ahead(facts: Facts, currency: str) -> list[str]:
    """The quarter after it, and how far such forecasts can be trusted."""
    told = [next_quarter(quarter, facts.basis, currency) for quarter in facts.quarters if quarter.horizon == NEXT]
    return [*told, trust(facts)] if facts.this else []


def expected(quarter: Quarter, basis_word: str, currency: str) -> str:
    """What is expected with its range; where it cannot be said, why, and what the naive methods say."""
    name = f"{quarter.name} ({days(quarter.from_on, quarter.until_on)})"
    if quarter.expected is None:
        naive = [
            f"{METHODS[method]} {money(row['expected_amount'], currency)}"
            for method, row in sorted(quarter.others.items())
            if row["expected_amount"] is not None and method not in ("sales_commit", "stage_weighted")
        ]
        alone = f"; what past quarters still brought after the same day says: {', '.join(naive)}" if naive else ""
        return f"There is no forecast of {name} yet: {quarter.blend['status']}{alone}."
    return f"{name} is expected to bring {money(quarter.expected, currency)} of {basis_word}{span(quarter, currency)}."


def span(quarter: Quarter, currency: str) -> str:
    """'; the 80 % range goes from ₹6.20 crore to ₹11.79 crore', or why there is none."""
    low, high, status = (quarter.blend[key] for key in ("low_amount", "high_amount", "interval_status"))
    if low is None or high is None:
        return f"; it has no range: {NO_RANGE.get(status, status)}"
    if low == high == quarter.expected:
        return "; its range has no width"
    return f"; the 80 % range goes from {money(low, currency)} to {money(high, currency)}"


def against_target(quarter: Quarter, currency: str) -> str:
    """How far from the target, and whether the range reaches it."""
    if quarter.target_amount is None:
        return f"No target has been agreed for {quarter.name}."
    target = f"The target is {money(quarter.target_amount, currency)}"
    if quarter.apart is None:
        return f"{target}."
    low, high = quarter.blend["low_amount"], quarter.blend["high_amount"]
    reach = ""
    if low is not None and high is not None:
        reach = ", and the range holds it: it may be met or missed"
        if low >= quarter.target_amount:
            reach = ", and even the low end of the range reaches it"
        elif high < quarter.target_amount:
            reach = ", and even the high end of the range is below it"
    if quarter.apart == 0:
        return f"{target}, as much as is expected{reach}."
    share = f" ({percent(abs(float(quarter.apart / quarter.target_amount)))})" if quarter.target_amount else ""
    side = "above" if quarter.apart > 0 else "below"
    return f"{target}; what is expected is {money(abs(quarter.apart), currency)}{share} {side} it{reach}."


def so_far(quarter: Quarter, facts: Facts, currency: str) -> str:
    """How much has closed, on which day of the quarter, and what sales commits."""
    over, whole = (facts.as_of_on - quarter.from_on).days, (quarter.until_on - quarter.from_on).days + 1
    closed = quarter.blend["closed_amount"]
    if closed is None:
        return f"{over} of its {whole} days are over."
    brought = f"{money(closed, currency)} has closed" if closed else "nothing has closed yet"
    commit = quarter.others.get("sales_commit", {}).get("expected_amount")
    promise = "" if commit is None else f", and sales commits {money(commit, currency)} in all"
    position = quarter.target and quarter.target["position"]
    pace = f", {position} of the usual pace" if position in ("ahead", "behind") else ""
    return f"{over} of its {whole} days are over: {brought}{pace}{promise}."


def changed(change: Change, currency: str) -> str:
    """What the same quarter was expected to bring a month before."""
    before = f"On {day(change.before['as_of_on'])} it stood at {money(change.before['expected_amount'], currency)}"
    closed = dict(change.parts)["closed_amount"]
    to_come = change.amount - closed
    if closed == to_come == 0:
        return f"{before}: nothing has changed since."
    whole = f"{before}, {_more(change.amount, currency)} today" if change.amount else f"{before}, as today"
    since = f"{money(closed, currency)} has closed since" if closed else "nothing has closed since"
    return f"{whole}: {since}, and {_more(to_come, currency)} is to come."


def at_risk(facts: Facts, currency: str) -> str:
    """What rests on deals that slipped, are past due or have stalled."""
    number = several(len(facts.risks), "open deal")
    have = "has" if len(facts.risks) == 1 else "have"
    if facts.this.expected is None:
        return f"{number} {have} slipped, passed the expected day or stalled."
    rests = f"{money(resting(facts.risks), currency)} of it rests on {number}"
    return f"{rests} that {have} slipped, passed the expected day or stalled."


def next_quarter(quarter: Quarter, basis_word: str, currency: str) -> str:
    """The quarter after it in one sentence."""
    if quarter.expected is None:
        return expected(quarter, basis_word, currency)
    low, high = quarter.blend["low_amount"], quarter.blend["high_amount"]
    held = "" if low is None or high is None else f" ({money(low, currency)} to {money(high, currency)})"
    aim = "" if quarter.target_amount is None else f", its target is {money(quarter.target_amount, currency)}"
    name = f"{quarter.name} ({days(quarter.from_on, quarter.until_on)})"
    return f"Of {name} {money(quarter.expected, currency)}{held} is expected{aim}."


def trust(facts: Facts) -> str:
    """The record in a sentence short enough to be read out."""
    row = facts.record.get(("blend", THIS))
    if not row or row["wape"] is None:
        return "How far off such forecasts have been cannot be said yet."
    said = f"Such forecasts of {several(row['quarters'], 'past quarter')} were off by {percent(row['wape'])} on average"
    inside = row["coverage_80"]
    return said + ("." if inside is None else f", and {percent(inside)} of what came lay in their 80 % ranges.")


def record(facts: Facts, horizon: str) -> str:
    """How far off it has been, whether its range kept its promise, and whether a simple rule did better."""
    row = facts.record.get(("blend", horizon))
    if not row or row["wape"] is None:
        why = row["status"] if row and row["status"] not in ("ok", "short history") else "not enough history"
        return f"How far off such forecasts have been cannot be said yet: {why}."
    said = f"In {several(row['quarters'], 'past quarter')} such forecasts were off by {percent(row['wape'])} on average"
    inside = row["coverage_80"]
    if inside is not None:
        kept = "as promised"
        if inside < PROMISED - ABOUT:
            kept = "fewer than promised: read the range as wider than it is drawn"
        elif inside > PROMISED + ABOUT:
            kept = "more than promised: the ranges were wider than they had to be"
        said += f"; {percent(inside)} of what came lay in their 80 % ranges, {kept}"
    best, least = row["best_naive_method"], row["best_naive_wape"]
    if best and least is not None:
        other = METHODS.get(best, best)
        better = least < row["wape"]
        said += f"; the best simple rule, {other}, was off by {percent(least)}" + (
            ", which is better" if better else ""
        )
    return f"{said}." + (f" {_few(row['quarters'])}" if row["quarters"] < FEW_QUARTERS else "")


def finished(last: Finished, currency: str) -> str:
    """What the last quarter brought beside what was forecast in its first week."""
    told = f"{last.name} brought {money(last.actual, currency)}"
    if last.target and last.target["target_amount"] is not None:
        share = last.target["attained_share"]
        held = "" if share is None else f", {percent(share)} of it"
        told += f" against a target of {money(last.target['target_amount'], currency)}{held}"
    if not last.first:
        return f"{told}."
    low, high = last.first["low_amount"], last.first["high_amount"]
    told += f". On {day(last.first['as_of_on'])} {money(last.first['expected_amount'], currency)} was expected"
    if low is None or high is None:
        return f"{told}."
    where = "inside" if low <= last.actual <= high else "outside"
    return f"{told}, {money(low, currency)} to {money(high, currency)}: what came lay {where} that range."


def why_missed(last: Finished) -> list[str]:
    """target_miss in its own words: the quarter's sentence, then a sentence a factor, the weightiest first."""
    told = [row["quarter_sentence"] for row in last.miss[:1]] + [row["sentence"] for row in last.miss]
    return [_sentence(text) for text in told if text]


def reasons(risk: dict) -> str:
    """'slipped 2 times, 52 days past due, stalled for 60 days'."""
    told = []
    if risk["times_slipped"]:
        told.append(f"slipped {'once' if risk['times_slipped'] == 1 else several(risk['times_slipped'], 'time')}")
    if risk["is_past_due"]:
        told.append(f"{several(risk['days_past_due'], 'day')} past due")
    if risk["is_stalled"]:
        told.append(f"stalled: {several(int(risk['days_seen_in_stage']), 'day')} in this stage")
    return ", ".join(told)


def signed(amount: Decimal, currency: str) -> str:
    """+₹3.00 lakh, −₹3.00 lakh, ₹0."""
    return f"+{money(amount, currency)}" if amount > 0 else money(amount, currency)


def _more(amount: Decimal, currency: str) -> str:
    """'₹3.00 lakh more', '₹3.00 lakh less', 'as much'."""
    return f"{money(abs(amount), currency)} {'more' if amount > 0 else 'less'}" if amount else "as much"


def _few(quarters: int) -> str:
    return f"{several(quarters, 'quarter')} {'tells' if quarters == 1 else 'tell'} little."


def _sentence(text: str) -> str:
    told = re.sub(r"\bINR (?=[\d−-])", "₹", text.strip())
    return f"{told[:1].upper()}{told[1:]}" + ("" if told.endswith(".") else ".")
