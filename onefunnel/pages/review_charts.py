"""The review's charts: ranges of the quarters, pipeline by source, and what changed the open pipeline."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from onefunnel.pages import words
from onefunnel.pages.charts import BAD, GOOD, INK, MAIN, PALE, QUIET, SECOND, svg, themed
from onefunnel.pages.review_units import in_unit, lines

WIDE = 430  # of a chart with its names: all charts are scaled alike, so their letters are of one size
ROW, LINE_HEIGHT = 7, 13
# an axis label in lines, as the data broke it
IN_LINES = "split(datum.label, '\\n')"


def quarter_ranges(quarters: list[dict], currency: str) -> Markup:
    """Each quarter's forecast with its range, beside target, commit and what is closed, from zero."""
    import altair as alt

    rows = [_quarter(quarter) for quarter in quarters]
    amounts = [row[name] for row in rows for name in row if name != "quarter" and row[name] is not None]
    if not amounts:
        return Markup("")
    worth, unit = words.money_axis(max(amounts), currency)
    rows = [{k: v if k == "quarter" or v is None else float(v / worth) for k, v in row.items()} for row in rows]
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("quarter:N", title=None, sort=None, axis=_names(alt)))

    def x(field: str):
        return alt.X(f"{field}:Q", title=unit, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=5))

    layers = [
        base.mark_bar(color=PALE, height=22).encode(x=x("low"), x2="high:Q"),
        base.mark_bar(color=GOOD, height=8).encode(x=x("closed")),
        base.mark_tick(color=INK, thickness=3, size=34, opacity=1).encode(x=x("target")),
        base.mark_point(color=SECOND, shape="diamond", filled=True, size=130, opacity=1).encode(x=x("commit")),
        base.mark_point(color=MAIN, shape="circle", filled=True, size=130, opacity=1).encode(x=x("forecast")),
    ]
    told = [_quarter_in_words(quarter, currency) for quarter in quarters]
    return Markup(svg(themed(alt.layer(*layers), _width(rows, "quarter"), 52 * len(rows)), " ".join(told)))


def generated(rows: list[dict], unit: Decimal, name: str, currency: str) -> Markup:
    """A bar a source with its amount, and a tick where an average week of thirteen stands."""
    import altair as alt

    if not any(row["amount"] or row["average"] for row in rows):
        return Markup("")
    values = [
        {
            "source": "\n".join(lines(row["name"])),
            "amount": float((row["amount"] or 0) / unit),
            "average": float((row["average"] or 0) / unit),
            "label": in_unit(row["amount"], unit, currency),
            # the amount stands past the tick
            "end": float(
                max(row["amount"], row["average"] or 0) / unit if (row["amount"] or 0) >= 0 else row["amount"] / unit
            ),
        }
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("source:N", title=None, sort=None, axis=_names(alt)))
    scale = _scale(alt, values, [v["amount"] for v in values] + [v["average"] for v in values])
    axis = alt.X("amount:Q", title=name, scale=scale, axis=alt.Axis(tickCount=5))
    bars = base.mark_bar(color=MAIN, height=12).encode(x=axis)
    ticks = base.mark_tick(color=SECOND, thickness=3, size=20, opacity=1).encode(x=alt.X("average:Q", scale=scale))
    most = max(rows, key=lambda row: row["amount"] or 0)
    told = f"{most['name']} brought most: {words.money(most['amount'], currency)} in the week."
    return Markup(svg(_bars(alt.layer(bars, ticks, *_ends(base, alt, scale, "end")), values), told))


def changes(steps: list[dict], currency: str) -> Markup:
    """What added to the open pipeline and what took from it, a bar each from zero, with its amount."""
    import altair as alt

    worth, unit = words.money_axis(max(abs(step["amount"] or 0) for step in steps), currency)
    values = [
        {
            "source": "\n".join(lines(step["name"], 22)),
            "amount": float((step["amount"] or 0) / worth),
            "label": step["shown"],
        }
        for step in steps
    ]
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("source:N", title=None, sort=None, axis=_names(alt)))
    scale = _scale(alt, values, [v["amount"] for v in values])
    colour = alt.condition("datum.amount < 0", alt.value(BAD), alt.value(MAIN))
    bars = base.mark_bar(height=11).encode(
        x=alt.X("amount:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=5)), color=colour
    )
    up = sum(step["amount"] or 0 for step in steps if (step["amount"] or 0) > 0)
    down = -sum(step["amount"] or 0 for step in steps if (step["amount"] or 0) < 0)
    told = (
        f"{words.money(up, currency)} came into the open pipeline in the week, {words.money(down, currency)} left it."
    )
    return Markup(svg(_bars(alt.layer(bars, *_ends(base, alt, scale)), values), told))


def _quarter(quarter: dict) -> dict:
    rows = quarter["rows"]
    amounts = {name: rows[name]["value_amount"] if name in rows else None for name in _MARKS}
    forecast = rows.get("forecast") or {}
    return {
        "quarter": quarter["name"],
        "low": forecast.get("low_amount"),
        "high": forecast.get("high_amount"),
    } | amounts


_MARKS = ("forecast", "target", "commit", "closed")


def _quarter_in_words(quarter: dict, currency: str) -> str:
    found = _quarter(quarter)
    if found["forecast"] is None:
        return f"{quarter['name']}: no forecast, target {words.money(found['target'], currency)}."
    told = f"{quarter['name']}: forecast {words.money(found['forecast'], currency)}"
    if found["low"] is not None:
        told += f", from {words.money(found['low'], currency)} to {words.money(found['high'], currency)}"
    return f"{told}, target {words.money(found['target'], currency)}."


def _names(alt):
    return alt.Axis(labelExpr=IN_LINES, labelColor=INK, ticks=False, domain=False, labelPadding=11)


def _scale(alt, values: list[dict], numbers: list[float]):
    """From zero, with room for the amounts at the bars' ends."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    share = (7 * max(len(value["label"]) for value in values) + 12) / _width(values, "source")
    room = (high - low or 1.0) * share / (1 - share * (2 if low < 0 else 1))
    return alt.Scale(domain=[low - room if low < 0 else 0, high + room], nice=False, zero=True)


def _ends(base, alt, scale, end: str = "amount"):
    """Each amount at its bar's end, outside of it, and past the tick where there is one."""
    at = {"x": alt.X(f"{end}:Q", scale=scale), "text": "label:N"}
    right = base.transform_filter("datum.amount >= 0").mark_text(align="left", dx=6, color=INK)
    left = base.transform_filter("datum.amount < 0").mark_text(align="right", dx=-6, color=QUIET)
    return right.encode(**at), left.encode(**at)


def _bars(chart, values: list[dict]):
    """The chart in the house's look, high enough for its names in as many lines as the longest has."""
    most = max(value["source"].count("\n") + 1 for value in values)
    return themed(chart, _width(values, "source"), (ROW + LINE_HEIGHT * most) * len(values))


def _width(values: list[dict], name: str) -> int:
    """What the names leave of the chart's width."""
    longest = max(len(line) for value in values for line in value[name].split("\n"))
    return WIDE - 7 * longest
