"""How the forecast of a quarter went from week to week: range, expected, closed, target; from zero, nothing clipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from onefunnel.pages import charts, words

WIDTH, HEIGHT = 430, 200


def highest(courses: list[list[dict]], lines: list[Decimal | None]) -> tuple[float, float]:
    """(lowest, highest) amount that any of the courses and lines reaches; zero belongs to it."""
    columns = ("expected_amount", "low_amount", "high_amount", "closed_amount")
    found = [row[column] for course in courses for row in course for column in columns] + lines
    known = [float(amount) for amount in found if amount is not None]
    return min([0.0, *known]), max([0.0, *known])


def course(rows: list[dict], days: tuple[date, date], lines: dict, span: tuple, currency: str, finding: str) -> str:
    """The weeks of a forecast as SVG; lines: {'target': amount, 'came': amount}, null ones are not drawn.

    rows: of revenue_forecast, in time order; days: first and last of the quarter; span: what the axis reaches, so that
    two charts side by side are to one scale.
    """
    import altair as alt
    import pandas as pd

    unit, title = words.money_axis(Decimal(str(max(abs(span[0]), span[1]))), currency)
    weeks = pd.DataFrame([_week(row, float(unit)) for row in rows])
    ends = [min(weeks["on"].min(), str(days[0])), max(str(days[1]), weeks["on"].max())]
    ticks = {"format": "%-d %b", "tickCount": 5, "grid": False, "labelOverlap": "greedy", "labelFlush": True}
    x = alt.X("on:T", title=None, scale=alt.Scale(type="utc", domain=ends), axis=alt.Axis(**ticks))
    scale = alt.Scale(domain=[span[0] / float(unit), span[1] / float(unit) * 1.04 or 1.0], nice=True, zero=True)

    def y(column: str):
        # the unit lies above the axis: upright it would have to be read sideways
        above = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": -34, "titleY": -8}
        return alt.Y(f"{column}:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5, format=",~f", **above))

    drawn = alt.Chart(weeks)
    inside = drawn.transform_filter("isValid(datum.low) && isValid(datum.high)")
    layers = [
        inside.mark_area(color=charts.PALE).encode(x=x, y=y("low"), y2="high"),
        inside.mark_rule(color=charts.PALE, strokeWidth=3).encode(x=x, y=y("low"), y2="high"),
        alt.Chart(pd.DataFrame({"on": [str(days[0])]})).mark_rule(color=charts.LINE).encode(x=x),
        drawn.mark_line(color=charts.MAIN, strokeWidth=2).encode(x=x, y=y("expected")),
        drawn.mark_point(color=charts.MAIN, fill=charts.MAIN, size=18, opacity=1).encode(x=x, y=y("expected")),
        drawn.mark_line(color=charts.GOOD, strokeWidth=2, strokeDash=[2, 3]).encode(x=x, y=y("closed")),
    ]
    for name, style in (("target", (charts.SECOND, [7, 4])), ("came", (charts.INK, [1, 0]))):
        if lines.get(name) is not None:
            level = alt.Chart(pd.DataFrame({name: [float(lines[name]) / float(unit)]}))
            layers.append(level.mark_rule(color=style[0], strokeDash=style[1], strokeWidth=1.8).encode(y=y(name)))
    return charts.svg(charts.themed(alt.layer(*layers), WIDTH, HEIGHT), finding)


def _week(row: dict, unit: float) -> dict:
    def size(column: str) -> float | None:
        return None if row[column] is None else float(row[column]) / unit

    # what closes counts in the quarter itself, not in the one before it
    closed = size("closed_amount") if row["horizon"] == "this quarter" else None
    told = {"expected": size("expected_amount"), "low": size("low_amount"), "high": size("high_amount")}
    return {"on": str(row["as_of_on"]), "closed": closed} | told
