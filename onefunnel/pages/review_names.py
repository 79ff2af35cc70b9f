"""What the figures of weekly_review are called on the page."""

from __future__ import annotations

from onefunnel.pages import words

ALL = "(all)"
# the waterfall in the order in which it adds up: figure -> (name, +1 adds, -1 takes away, 0 a level)
WATERFALL = {
    "opening": ("Open at the week's start", 0),
    "created": ("Created", 1),
    "reopened": ("Re-opened", 1),
    "pulled_in": ("Moved in from another quarter", 1),
    "increased": ("Increased", 1),
    "reclassified": ("Source or currency changed", 1),
    "decreased": ("Decreased", -1),
    "pushed_out": ("Moved out to another quarter", -1),
    "won": ("Won", -1),
    "lost": ("Lost", -1),
    "scrubbed": ("Deleted, merged or omitted", -1),
    "closing": ("Open at the week's end", 0),
}
QUARTER = {
    "forecast": "Forecast",
    "target": "Target",
    "commit": "Sales' commit",
    "best_naive": "Best simple method",
    "closed": "Closed so far",
    "open_pipeline": "Open pipeline due",
    "previous_quarter": "Quarter before",
}
PROMISES = {
    "definition_met": ("Marketing", "handed leads meet the definition"),
    "contact": ("Sales", "contacted in time"),
    "disposition": ("Sales", "advanced or given a disposition in time"),
    "objection_logged": ("Sales", "objections logged within 24 hours"),
    "objection_shown": ("Both", "objections shown to marketing within 24 hours"),
}
METHODS = {
    "blend": "onefunnel's forecast",
    "last_quarter": "As last quarter",
    "average_four": "Average of four quarters",
    "same_quarter_last_year": "As the same quarter last year",
    "stage_weighted": "CRM's stage percentages",
    "sales_commit": "Sales' commit",
}
FIGURES = {
    "generated": "Pipeline generated",
    "generated_deals": "Deals generated",
    "generated_13_weeks": "Pipeline generated, weekly average of 13 weeks",
    "open": "Open at the week's start",
    "advanced": "Pipeline advanced",
    "moved_on": "Moved to a later stage",
    "won": "Won",
    "lost": "Lost",
    "funnel_gap": "Funnel gap",
    "objections": "Objections",
}
SIDES = {"marketing": "Marketing", "sales": "Sales"}


def plain(name: str) -> str:
    """A technical name as words: paid_search is 'paid search'."""
    return name.replace("_", " ")


def name_of(row: dict, metrics: dict[str, str]) -> str:
    """What the row's number is, in words: 'Pipeline generated, Dealers'; metrics: what a metric is called."""
    figure, value = row["figure"], row["dimension_value"]
    if row["section"] == "metrics":
        return metrics.get(figure, plain(figure))
    if row["section"] == "quarter":
        return f"{QUARTER.get(figure, plain(figure).capitalize())}, {value}"
    if row["section"] == "sla":
        side, promise = PROMISES.get(value, ("", plain(value)))
        window = " in 13 weeks" if row["period_kind"] == "weeks_13" else ""
        return f"{side}: {promise}{window}".removeprefix(": ")
    if figure.startswith("waterfall_"):
        name = WATERFALL.get(figure.removeprefix("waterfall_"), (plain(figure), 0))[0]
        return f"Waterfall, {words.lower_first(name)}"
    name = FIGURES.get(figure, plain(figure).capitalize())
    return name if value in (ALL, None) else f"{name}, {value}"
