"""The dashboard as data: what each chart shows, of which published table, in which words."""

from __future__ import annotations

from dataclasses import dataclass

RATE, NUMBER, MONEY = ".0%", ",d", ",.2f"
TABS = ("Funnel", "Attribution", "SLA", "Pipeline", "Forecast")


@dataclass(frozen=True)
class Chart:
    """One chart: measures are {label: SQL of the table's columns}, where is [column, operator, value]."""

    tab: str
    name: str
    kind: str  # line, bar, stacked, table, number
    table: str
    measures: dict[str, str]
    x: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple, ...] = ()
    width: int = 6
    height: int = 44
    form: str = NUMBER
    told: str = ""
    top: float | None = None  # where the axis ends, such as 1 of a rate that comes near it
    order: str | None = None  # the measure that a table is ordered by, highest first


# columns that a table does not have, so that words stand in the order of the business
EXTRA_COLUMNS = {
    ("open_deals", "stage_in_order"): "coalesce(stage_order || '. ' || stage, 'stage not known')",
    ("stage_conversion", "stage_in_order"): "stage_order || '. ' || stage",
    ("handover_aging", "age_in_order"): "band_order || '. ' || age_band",
}


def money(column: str) -> str:
    """The column's sum in the unit that build.py chooses (crore or million)."""
    return f"sum({column}) / {{unit}}"


def sla(name: str, measure: str, team: str, told: str) -> Chart:
    """One side's promise, week by week, beside what was promised."""
    rate = {"rate": "sum(met) * 1.0 / nullif(sum(due), 0)", "target": "max(target)"}
    where = (("measure", "==", measure), ("team", "==", team))
    return Chart("SLA", name, "line", "sla_weekly", rate, "week_start_on", (), where, form=RATE, told=told, top=1)


MOVES = {
    "created": 1, "reopened": 1, "pulled_in": 1, "increased": 1, "reclassified": 1,
    "decreased": -1, "pushed_out": -1, "won": -1, "lost": -1, "scrubbed": -1,
}  # fmt: skip
WORDS = {"pulled_in": "moved in", "pushed_out": "moved out"}
# told apart by the colour-blind too; what comes in is blue and green
COLOURS = {
    "created, {unit}": "#0072b2", "reopened, {unit}": "#56b4e9", "moved in, {unit}": "#009e73",
    "increased, {unit}": "#8fd3bd", "reclassified, {unit}": "#999999", "decreased, {unit}": "#f0c808",
    "moved out, {unit}": "#cc79a7", "won, {unit}": "#332288", "lost, {unit}": "#d55e00", "scrubbed, {unit}": "#6b4423",
}  # fmt: skip
CURRENT = (("is_current", "==", True), ("segment", "==", "all"))
WON = (("milestone", "==", "won"), ("campaign_id", "==", "(all)"), ("channel", "!=", "(all)"))
QUARTER_COHORTS = (("period_kind", "==", "fiscal_quarter"), ("channel", "==", "all"), ("status", "==", "final"))

CHARTS = (
    Chart(
        "Funnel",
        "Qualified leads to hand over today",
        "number",
        "to_hand_over",
        {"leads": "count(*)"},
        width=3,
        height=20,
    ),
    Chart(
        "Funnel",
        "Leads to return to nurture today",
        "number",
        "return_to_nurture",
        {"leads": "count(*)"},
        width=3,
        height=20,
    ),
    Chart("Funnel", "Leads of all time", "number", "leads", {"leads": "count(*)"}, width=3, height=20),
    Chart(
        "Funnel",
        "Of them qualified by the agreement",
        "number",
        "leads",
        {"share": "sum(case when is_qualified then 1 else 0 end) * 1.0 / nullif(count(*), 0)"},
        width=3,
        height=20,
        form=RATE,
    ),
    Chart(
        "Funnel",
        "Entered each stage, per week",
        "line",
        "funnel_weekly",
        {"entered": "sum(entered)"},
        "week_start_on",
        ("stage",),
        (("stage", "IN", ["lead", "mql", "handed_over", "opportunity", "won"]),),
        width=12,
        told="Dated entries only, in the week they happened",
    ),
    Chart(
        "Funnel",
        "Cohorts: share of a quarter's leads that reached a stage",
        "line",
        "funnel_cohorts",
        {"rate": "max(rate)"},
        "period_start_on",
        ("stage",),
        (*QUARTER_COHORTS, ("stage", "IN", ["mql", "handed_over", "opportunity", "won"])),
        form=RATE,
        told="Leads created in the fiscal quarter, within the agreement's days; quarters that are final",
    ),
    Chart(
        "Funnel",
        "Lead-to-opportunity rate by channel",
        "bar",
        "funnel_cohorts",
        {"rate": "sum(reached) * 1.0 / nullif(sum(cohort_size), 0)"},
        "channel",
        (),
        (
            ("period_kind", "==", "fiscal_quarter"),
            ("channel", "!=", "all"),
            ("status", "==", "final"),
            ("stage", "==", "opportunity"),
        ),
        form=RATE,
        told="All final fiscal quarters' leads together",
    ),
    Chart(
        "Funnel",
        "The run that all this is of",
        "table",
        "run_info",
        {"agreement version": "max(agreement_version)", "checks passed": "max(checks_passed)"},
        by=("company_name", "run_id", "reporting_currency", "timezone"),
        width=12,
        height=18,
    ),
    Chart(
        "Attribution",
        "Won, credited to channels by each model",
        "bar",
        "channel_performance",
        {"credited": money("credited_amount")},
        "channel",
        ("model",),
        (
            *WON,
            ("period_kind", "==", "fiscal_year"),
            ("model", "IN", ["first", "last", "linear", "full_path", "markov"]),
        ),
        width=12,
        form=MONEY,
        told="All fiscal years; every model shares out the same deals",
    ),
    Chart(
        "Attribution",
        "Won, credited by full path, per fiscal quarter",
        "stacked",
        "channel_performance",
        {"credited": money("credited_amount")},
        "period_start_on",
        ("channel",),
        (*WON, ("period_kind", "==", "fiscal_quarter"), ("model", "==", "full_path")),
        form=MONEY,
    ),
    Chart(
        "Attribution",
        "Spend and return by channel",
        "table",
        "channel_performance",
        {
            "spend": money("spend_amount"),
            "credited": money("credited_amount"),
            "return": "sum(credited_amount) / nullif(sum(spend_amount), 0)",
            "leads": "sum(leads)",
            "mqls": "sum(mqls)",
            "opportunities": "sum(opportunities)",
            "customers": "sum(customers)",
        },
        None,
        ("channel",),
        (*WON, ("period_kind", "==", "fiscal_year"), ("model", "==", "full_path")),
        form=MONEY,
        order="credited",
        told="All fiscal years, full path",
    ),
    sla("Marketing: handed leads that meet the definition", "definition_met", "marketing", "Week of the handover"),
    sla("Sales: contact in time", "contact", "(all)", "Week of the deadline"),
    sla("Sales: a disposition in time", "disposition", "(all)", "Week of the deadline"),
    sla("Sales: objections logged within 24 hours", "objection_logged", "(all)", "Week in which they were raised"),
    sla(
        "Objections shown to marketing within 24 hours",
        "objection_shown",
        "marketing",
        "Week in which they were logged",
    ),
    Chart(
        "SLA",
        "Handed over and without disposition, by age",
        "bar",
        "handover_aging",
        {"handovers": "sum(handovers)"},
        "age_in_order",
    ),
    Chart(
        "Pipeline",
        "Open pipeline at the end of each week",
        "line",
        "pipeline_waterfall_weekly",
        {"closing": money("closing_amount")},
        "week_start_on",
        form=MONEY,
    ),
    Chart(
        "Pipeline",
        "Open pipeline per stage, now",
        "bar",
        "open_deals",
        {"open": money("deal_amount")},
        "stage_in_order",
        form=MONEY,
    ),
    Chart(
        "Pipeline",
        "What moved the pipeline, per week",
        "stacked",
        "pipeline_waterfall_weekly",
        {WORDS.get(move, move): f"{money(f'{move}_amount')} * {sign}" for move, sign in MOVES.items()},
        "week_start_on",
        width=12,
        form=MONEY,
        told="The waterfall: opening + in - out = closing, exactly",
    ),
    Chart(
        "Pipeline",
        "Pipeline generated, per week by source",
        "stacked",
        "pipeline_generated_weekly",
        {"generated": money("generated_amount")},
        "week_start_on",
        ("source",),
        form=MONEY,
    ),
    Chart(
        "Pipeline",
        "Pipeline advanced from existing leads, per week",
        "line",
        "pipeline_advanced_weekly",
        {"advanced": money("advanced_amount"), "lost": money("lost_amount")},
        "week_start_on",
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "This quarter: forecast",
        "number",
        "revenue_forecast",
        {"expected": money("expected_amount")},
        where=(*CURRENT, ("method", "==", "blend"), ("horizon", "==", "this quarter")),
        width=4,
        height=20,
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "This quarter: sales' commit",
        "number",
        "revenue_forecast",
        {"expected": money("expected_amount")},
        where=(*CURRENT, ("method", "==", "sales_commit"), ("horizon", "==", "this quarter")),
        width=4,
        height=20,
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "Next quarter: forecast",
        "number",
        "revenue_forecast",
        {"expected": money("expected_amount")},
        where=(*CURRENT, ("method", "==", "blend"), ("horizon", "==", "next quarter")),
        width=4,
        height=20,
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "Revenue beside the target, per fiscal quarter",
        "bar",
        "target_attainment",
        {"revenue": money("revenue_amount"), "target": money("target_amount")},
        "fiscal_quarter",
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "The forecast with its range, by method",
        "table",
        "revenue_forecast",
        {"low": money("low_amount"), "expected": money("expected_amount"), "high": money("high_amount")},
        None,
        ("fiscal_quarter", "method"),
        (*CURRENT, ("horizon", "IN", ["this quarter", "next quarter"])),
        form=MONEY,
        order="expected",
    ),
    Chart(
        "Forecast",
        "What the blend said during past quarters, and what came",
        "line",
        "revenue_forecast",
        {
            "low": money("low_amount"),
            "expected": money("expected_amount"),
            "high": money("high_amount"),
            "actual": money("actual_amount"),
        },
        "as_of_on",
        (),
        (
            ("method", "==", "blend"),
            ("segment", "==", "all"),
            ("horizon", "==", "this quarter"),
            ("origin", "==", "backtest"),
        ),
        form=MONEY,
    ),
    Chart(
        "Forecast",
        "How far off each method was (WAPE)",
        "bar",
        "forecast_accuracy",
        {"wape": "max(wape)"},
        "method",
        ("horizon",),
        (("quarter_week", "==", "all"),),
        form=RATE,
        told="All weeks of past quarters; lower is better",
    ),
)
