"""The forecast counted again: what must add up, its record from its own backtest, targets from the gate's books."""

from __future__ import annotations

import pandas as pd

from onefunnel.gate.books import Books
from onefunnel.gate.checks import beside

INTERVALS_NEEDED = 6
OF_ACCURACY = ("origins", "wape", "bias", "coverage_80")
PARTS = " + ".join(f"{part}_amount" for part in ("closed", "weighted_pipeline", "new_deals", "past_pattern"))


def forecasts_frame(con) -> pd.DataFrame:
    """One row per origin, horizon and method: how many forecasts are the sum of their parts and lie in their interval,
    how many totals are the sum of their segments. Of one kept from a week before a segment may be of another day.
    """
    return con.execute(
        f"""
        with totals as (
            select origin, horizon, method, as_of_at, is_current, bool_and(
                expected_amount is null or coalesce({PARTS} = expected_amount, false)
                and coalesce(expected_amount between low_amount and high_amount, low_amount is null)
            ) as holds,
            sum(expected_amount) filter (segment = 'all')
            is not distinct from sum(expected_amount) filter (segment <> 'all')
            or bool_and(origin = 'published' and not is_current) as adds_up
            from metrics.revenue_forecast where expected_amount is not null group by all
        )
        select origin, horizon, method, count(*) as forecasts, count(*) filter (holds) as forecasts_that_hold,
            count(*) as totals, count(*) filter (adds_up) as totals_that_hold,
            min(as_of_at) filter (not holds or not adds_up) as for_example_at
        from totals group by all
        """
    ).df()


def intervals_frame(con) -> pd.DataFrame:
    """One row per horizon and method of this run: how many intervals there are, how many follow from past forecasts.

    A paisa may lie between the two: an end is rounded once from a product of doubles.
    """
    past = con.execute(
        """select horizon, method, segment = 'all' as is_total,
            list_sort(list(actual_amount::double / expected_amount::double)) as came
        from metrics.forecast_errors where expected_amount > 0 group by all"""
    ).fetchall()
    shares = {tuple(key): came for *key, came in past}
    rows = con.execute(
        """select horizon, method, segment, expected_amount::double, closed_amount::double, low_amount::double,
            high_amount::double
        from metrics.revenue_forecast where is_current and low_amount is not null order by horizon, method, segment"""
    ).fetchall()
    told = [
        (horizon, method, segment, _follows(shares.get((horizon, method, segment == "all"), []), *amounts))
        for horizon, method, segment, *amounts in rows
    ]
    found = pd.DataFrame(told, columns=["horizon", "method", "segment", "holds"]).astype({"holds": bool})
    found["broken"] = found["segment"].where(~found["holds"])
    return found.groupby(["horizon", "method"], as_index=False).agg(
        intervals=("holds", "size"),
        intervals_that_hold=("holds", "sum"),
        for_example=("broken", "first"),
    )


def _follows(came: list[float], expected: float, closed: float, low: float, high: float) -> bool:
    if not came:
        return False
    least, most = (expected * _quantile(came, share) for share in (0.1, 0.9))
    least = min(max(least, min(closed, expected)), expected)
    slack = 0.01 + 1e-9 * max(abs(most), expected)
    return abs(low - least) <= slack and abs(high - max(most, expected)) <= slack


def _quantile(ordered: list[float], share: float) -> float:
    """Hyndman and Fan's eighth: at place (n + 1/3) p + 1/3 of those in order, counted from one."""
    place = min(max((len(ordered) + 1 / 3) * share + 1 / 3, 1), len(ordered))
    below = int(place)
    above = ordered[min(below, len(ordered) - 1)]
    return ordered[below - 1] + (place - below) * (above - ordered[below - 1])


def accuracy_frame(con) -> pd.DataFrame:
    """One row per method, horizon and week: OF_ACCURACY as published, and rejudged_ from the published backtest."""
    key = "method || ', ' || horizon || ', week ' || quarter_week as record_id"
    published = con.execute(f"select {key}, {', '.join(OF_ACCURACY)} from metrics.forecast_accuracy").df()
    rows = con.execute(
        """
        select b.method, b.horizon, cast(b.quarter_week as varchar) as quarter_week,
            b.expected_amount::double as expected, b.actual_amount::double as actual,
            b.low_amount::double as low, b.high_amount::double as high
        from metrics.revenue_forecast as b
        semi join (
            select horizon, as_of_on from metrics.revenue_forecast
            where origin = 'backtest' and method = 'blend' and segment = 'all' and status = 'ok'
        ) as ready on b.horizon = ready.horizon and b.as_of_on = ready.as_of_on
        where b.origin = 'backtest' and b.segment = 'all' and b.actual_amount is not null
            and b.expected_amount is not null
        """
    ).df()
    rows = pd.concat([rows, rows.assign(quarter_week="all")])
    rows["record_id"] = rows["method"] + ", " + rows["horizon"] + ", week " + rows["quarter_week"]
    judged = pd.DataFrame(
        [(record, *_scores(some)) for record, some in rows.groupby("record_id")], columns=["record_id", *OF_ACCURACY]
    )
    silent = published.loc[~published["record_id"].isin(judged["record_id"]), ["record_id"]].assign(origins=0)
    judged = pd.concat([judged, silent], ignore_index=True).reindex(columns=["record_id", *OF_ACCURACY])
    return beside(_as_text(published), _as_text(judged), "record_id", OF_ACCURACY)


def _scores(rows: pd.DataFrame) -> tuple:
    missed, actual = rows["expected"] - rows["actual"], rows["actual"].sum()
    bounded = rows[rows["low"].notna()]
    inside = ((bounded["low"] <= bounded["actual"]) & (bounded["actual"] <= bounded["high"])).sum()
    shares = [missed.abs().sum() / actual, missed.sum() / actual] if actual > 0 else [None, None]
    return len(rows), *shares, inside / len(bounded) if len(bounded) >= INTERVALS_NEEDED else None


def targets_frame(con, books: Books) -> pd.DataFrame:
    """One row per fiscal quarter with a target: its revenue as published, and rejudged_ from the gate's books."""
    published = con.execute("select * from metrics.target_attainment where revenue_amount is not null").df()
    fact = {"bookings": "won", "invoices": "invoices"}[books.settings.revenue_basis]
    revenue = books.of_whole_days().summed(fact, "fiscal_quarter")
    starts = pd.to_datetime(published["starts_on"])
    judged = pd.DataFrame(
        {
            "fiscal_quarter": published["fiscal_quarter"],
            "revenue_amount": [f"{float(revenue.get(start, 0)):.2f}" for start in starts],
        }
    )
    published = published.assign(revenue_amount=[f"{float(amount):.2f}" for amount in published["revenue_amount"]])
    return beside(published, judged, "fiscal_quarter", ("revenue_amount",))


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Nine digits of each share, for sums of doubles differ by their order."""
    shares = {name: [None if pd.isna(x) else f"{x:.9f}" for x in rows[name]] for name in OF_ACCURACY[1:]}
    return rows.assign(origins=rows["origins"].astype("int64").astype(str), **shares)
