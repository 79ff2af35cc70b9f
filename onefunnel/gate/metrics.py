"""shared_metrics and channel_performance counted again from the gate's own books, and held against each other."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from onefunnel.gate.books import Books
from onefunnel.gate.checks import beside
from onefunnel.gate.credits import MODELS_OF

KINDS = ("month", "fiscal_quarter")
OF_METRICS = ("numerator", "denominator", "value", "status")
OF_PERFORMANCE = ("credited_amount", "credited_deals", "spend_amount", "leads", "mqls", "opportunities", "customers")
COHORT_RATE = "lead_to_opportunity_rate"
YOUNG = ("new_customers", "cpa_customer")  # whose first year is marked as short, which the gate does not judge
NOT_JUDGED = "not judged"
COST_PER = {"cpa_lead": "leads", "cpa_mql": "mqls", "cpa_opportunity": "opportunities", "cpa_customer": "first orders"}
ADDITIVE = (
    *("lead_to_opportunity_rate", "lead_to_opportunity_period_rate", "opportunity_to_close_rate"),
    *("opportunity_to_close_rate_value", "customers", "new_customers", "repeat_purchase_rate", "referral_rate"),
    *("revenue", "revenue_bookings", "revenue_invoices", "revenue_invoiced_without_deal"),
    *("marketing_sourced_revenue", "marketing_sourced_share", *COST_PER),
)


def metrics_frame(con, books: Books) -> pd.DataFrame:
    """One row per metric that the gate can count, month or fiscal quarter, in total: OF_METRICS and rejudged_."""
    published = con.execute(
        f"""
        select metric, period_kind as kind, period_start_on as start, {", ".join(OF_METRICS)}
        from metrics.shared_metrics where dimension = 'total' and list_contains(?, period_kind)
        """,
        [list(KINDS)],
    ).df()
    books = books.of_whole_days()
    starts = published.groupby(["metric", "kind"])["start"].agg(set).to_dict()
    judged = pd.DataFrame(
        [
            (name, kind, start, *_sides(books, name, kind, start, *sides))
            for kind in KINDS
            for name, sides in _recounted(books, kind, starts.get(("customers", kind), ())).items()
            for start in sorted({*starts.get((name, kind), ()), *sides[0], *(sides[1] or ())})
        ],
        columns=["metric", "kind", "start", *OF_METRICS],
    )
    published = published[published["metric"].isin(judged["metric"].unique())]
    return beside(_keyed(published), _keyed(judged), "metric_id", OF_METRICS)


def _recounted(books: Books, kind: str, starts) -> dict[str, tuple[dict, dict | None]]:
    """Metric -> numerators and denominators by the period's start; no denominators where nothing is divided."""

    def count(*names: str) -> dict:
        return _added(books.counted, names, kind)

    def total(*names: str) -> dict:
        return _added(books.summed, names, kind)

    basis = {"bookings": "won", "invoices": "invoices"}[books.settings.revenue_basis]
    first = count("first orders")
    ever = {start: sum(number for s, number in first.items() if s <= start) for start in {*starts, *first}}
    found = {
        COHORT_RATE: (count("leads in time"), count("leads")),
        "lead_to_opportunity_period_rate": (count("opportunities"), count("leads")),
        "opportunity_to_close_rate": (count("won"), count("won", "lost")),
        "opportunity_to_close_rate_value": (total("won"), total("won", "lost")),
        "revenue": (total(basis), None),
        "revenue_bookings": (total("won"), None),
        "revenue_invoices": (total("invoices"), None),
        "revenue_invoiced_without_deal": (total("without a deal"), None),
        "new_customers": (first, None),
        "customers": (ever, None),
    }
    if len(books.facts["spend"]):
        found |= {name: (total("spend"), count(fact)) for name, fact in COST_PER.items()}
    return found


def _added(measure: Callable, names: tuple[str, ...], kind: str) -> dict:
    found: dict = {}
    for name in names:
        for start, number in measure(name, kind).items():
            found[start] = found.get(start, 0) + number
    return found


def _sides(books: Books, name: str, kind: str, start, above: dict, below: dict | None) -> tuple:
    """Numerator, denominator, value and status; a cohort has no rate before its leads have had their days."""
    is_done = books.is_over(start, kind, books.settings.maturity_days if name == COHORT_RATE else 0)
    status = NOT_JUDGED if name in YOUNG else "final" if is_done else "maturing"
    numerator = float(above.get(start, 0))
    if below is None:
        return numerator, None, numerator, status
    denominator = float(below.get(start, 0))
    has_value = denominator and (is_done or name != COHORT_RATE)
    return numerator, denominator, numerator / denominator if has_value else None, status


def _keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """With metric_id, and every number as text to the last digit that counts."""
    keys = [f"{metric} {kind} {start:%Y-%m-%d}" for metric, kind, start in frame[["metric", "kind", "start"]].values]
    texts = {name: pd.Series(map(_text, frame[name]), frame.index, dtype=object) for name in OF_METRICS[:3]}
    texts["status"] = frame["status"].where(~frame["metric"].isin(YOUNG), NOT_JUDGED)
    return pd.DataFrame({"metric_id": pd.Series(keys, frame.index, dtype=object), **texts})


def _text(number) -> str | None:
    return None if number is None or number != number else f"{number + 0.0:.9f}"


def performance_frame(con, books: Books) -> pd.DataFrame:
    """One row per model, milestone and fiscal year over all channels: OF_PERFORMANCE and rejudged_."""
    sums = ", ".join(f"cast(coalesce(sum({name}), 0) as varchar) as {name}" for name in OF_PERFORMANCE)
    published = con.execute(
        f"""
        select model || ' ' || milestone || ' ' || strftime(period_start_on, '%Y-%m-%d') as total_id, {sums}
        from metrics.channel_performance where campaign_id = '(all)' and period_kind = 'fiscal_year' group by all
        """
    ).df()
    kind, facts = "fiscal_year", ("leads", "mqls", "opportunities", "first orders")
    counts = [books.counted(name, kind) for name in facts]
    spent, rows = books.summed("spend", kind), []
    for milestone, models in MODELS_OF.items():
        amounts, numbers = books.summed(f"came to {milestone}", kind), books.counted(f"came to {milestone}", kind)
        for start in sorted({*amounts, *spent, *(start for found in counts for start in found)}):
            told = (amounts.get(start, 0), numbers.get(start, 0), spent.get(start, 0))
            texts = [f"{told[0]:.2f}", f"{told[1]:.9f}", f"{told[2]:.2f}", *(str(c.get(start, 0)) for c in counts)]
            rows += [(f"{model} {milestone} {start:%Y-%m-%d}", *texts) for model in models]
    judged = pd.DataFrame(rows, columns=["total_id", *OF_PERFORMANCE])
    return beside(published, judged, "total_id", OF_PERFORMANCE)


def campaigns_frame(con) -> pd.DataFrame:
    """One row per model, milestone, channel and kind of period: how many periods, in how many the campaigns add up."""
    sums = ("credited_amount", "credited_deals", "spend_amount", "leads", "mqls", "opportunities")
    of_all, of_each = "filter (campaign_id = '(all)')", "filter (campaign_id <> '(all)')"
    same = " and ".join(f"sum({n}) {of_all} is not distinct from sum({n}) {of_each}" for n in sums)
    return con.execute(
        f"""
        with periods as (
            select model, milestone, channel, period_kind, period_start_on, {same} as holds
            from metrics.channel_performance where channel <> '(all)' group by all
        )
        select model, milestone, channel, period_kind, count(*) as periods,
            count(*) filter (holds) as periods_that_hold,
            min(period_start_on) filter (not holds) as for_example_on
        from periods group by all
        """
    ).df()


def shape_frame(con) -> pd.DataFrame:
    """One row per metric, dimension, kind of period and status: how many rows, and how many keep to their own terms.

    A ratio is its numerator over its denominator; everything else is its numerator; what is not there has no number.
    """
    return con.execute(
        """
        with judged as (
            select m.*, case
                when m.status like 'unavailable: %' then m.value is null and m.numerator is null
                when m.status = 'maturing' and m.metric = 'lead_to_opportunity_rate' then m.value is null
                when m.unit in ('rate', 'ratio') or m.metric like 'cpa%' or m.metric like 'cac%'
                    or m.metric in ('clv', 'sales_velocity')
                    then m.value is not distinct from m.numerator / nullif(m.denominator, 0)
                        or abs(m.value - m.numerator / m.denominator) <= 1e-9 * greatest(1, abs(m.value))
                else m.value is not distinct from m.numerator
            end as holds
            from metrics.shared_metrics as m
        )
        select metric, dimension, period_kind, status, count(*) as rows,
            count(*) filter (holds) as rows_that_hold,
            min(cast(period_start_on as varchar) || ' ' || dimension_value) filter (not holds) as for_example
        from judged group by all
        """
    ).df()


def breakdown_frame(con) -> pd.DataFrame:
    """One row per additive metric, dimension and kind of period: in how many periods the parts add up to the total."""
    return con.execute(
        """
        with periods as (
            select m.metric, m.dimension, m.period_kind, m.period_start_on,
                sum(m.numerator) as above, sum(m.denominator) as below,
                any_value(t.numerator) as total_above, any_value(t.denominator) as total_below
            from metrics.shared_metrics as m
            join metrics.shared_metrics as t using (metric, period_kind, period_start_on)
            where m.dimension <> 'total' and t.dimension = 'total' and list_contains(?, m.metric)
            group by all
            having m.metric not like 'cpa%' or m.dimension = 'channel'
        ),
        judged as (
            select *,
                abs(coalesce(above, 0) - coalesce(total_above, 0)) <= 0.005
                and (metric like 'cpa%' or abs(coalesce(below, 0) - coalesce(total_below, 0)) <= 0.005) as holds
            from periods
        )
        select metric, dimension, period_kind, count(*) as periods, count(*) filter (holds) as periods_that_hold,
            min(period_start_on) filter (not holds) as for_example_on
        from judged group by all
        """,
        [list(ADDITIVE)],
    ).df()


def trail_frame(con) -> pd.DataFrame:
    """One row per metric, side and fiscal quarter, in total: the number, and what its records come to."""
    return con.execute(
        """
        with parts as (
            select p.metric, p.side, w.period_start_on, p.factor * case p.aggregated
                when 'amount' then coalesce(sum(r.record_amount), 0)
                when 'rows with an amount' then count(r.record_amount)
                else count(r.record_id)
            end as part
            from metrics.metric_parts as p
            join metrics.metric_windows as w using (period_window)
            left join metrics.metric_records as r on r.measure = p.measure
                and (w.from_on is null or r.happened_on >= w.from_on) and r.happened_on < w.until_on
                and (r.leaves_on is null or r.leaves_on >= w.until_on)
            where p.dimension = 'total' and w.period_kind = 'fiscal_quarter'
                and p.metric not in ('sales_velocity', 'pipeline_coverage', 'clv') and p.metric not like 'sales_cycle%'
                and p.metric <> 'speed_to_lead'
            group by p.metric, p.side, w.period_start_on, p.measure, p.period_window, p.aggregated, p.factor
        )
        select metric, side, period_start_on,
            cast(cast(sum(part) as decimal(18, 2)) as varchar) as records_come_to,
            cast(cast(any_value(case side when 'numerator' then m.numerator else m.denominator end) as decimal(18, 2))
                as varchar) as published
        from parts join metrics.shared_metrics as m using (metric, period_start_on)
        where m.dimension = 'total' and m.period_kind = 'fiscal_quarter' and m.status not like 'unavailable: %'
        group by all
        """
    ).df()
