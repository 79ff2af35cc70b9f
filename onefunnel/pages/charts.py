"""Altair charts as inline SVG: no script, the page's own colours, and a finding in words for who cannot see it."""

from __future__ import annotations

import re
from html import escape
from itertools import count as numbers

# what a chart is drawn with -> what the page calls it (look.css); each value is unique, so that it can be found again
COLOURS = {
    "#010203": "var(--ink)",
    "#010204": "var(--quiet)",
    "#010205": "var(--line)",
    "#010206": "var(--paper)",
    "#010207": "var(--main)",
    "#010208": "var(--second)",
    "#010209": "var(--good)",
    "#01020a": "var(--bad)",
    "#01020b": "var(--pale)",
}
INK, QUIET, LINE, PAPER, MAIN, SECOND, GOOD, BAD, PALE = COLOURS
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_used = numbers(1)


def themed(chart, width: int, height: int):
    """The chart in the house's look: quiet axes, no frame, bars from zero where a scale says so, nothing truncated."""
    axis = {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 0,
        "titleLimit": 0,
    }
    return (
        chart.properties(width=width, height=height, background="transparent", padding=6)
        .configure(font=FONT)
        .configure_axis(**axis)
        .configure_view(stroke=None)
        .configure_text(color=INK, fontSize=12)
        .configure_legend(labelColor=INK, titleColor=QUIET, labelFontSize=12, labelLimit=0, orient="top", title=None)
    )


def svg(chart, finding: str) -> str:
    """The chart as an <svg> element that says its finding as title; ids are its own, colours the page's variables.

    finding: one sentence of what is to be seen, for screen readers; the numbers stand in a table beside it.
    """
    import vl_convert

    text = vl_convert.vegalite_to_svg(chart.to_dict())
    own = f"chart{next(_used)}"
    text = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{own}-\1)", text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{own}-\1"', text)
    # the marks are drawn, not read: one image with one name
    text = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", text)
    for drawn, named in COLOURS.items():
        text = re.sub(rf'(fill|stroke)="{drawn}"', rf'\1="{named}"', text, flags=re.I)
    opening = f'<svg class="chart" role="img" aria-labelledby="{own}-finding"'
    text = re.sub(r"<svg\b", opening, text, count=1)
    return re.sub(r"(<svg\b[^>]*>)", rf'\1<title id="{own}-finding">{escape(finding)}</title>', text, count=1)
