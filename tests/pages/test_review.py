"""The weekly review in a real browser: whole, readable and on two sheets, whatever the week was like."""

from __future__ import annotations

import re

import pytest

from tests.pages import browser, homes
from tests.pages.review_cases import CASES, IN_DOLLARS, page

SECTIONS = [
    "1 · The quarter",
    "2 · Pipeline generated this week, by source",
    "3 · Pipeline advanced from existing leads",
    "4 · The most important funnel gap",
    "5 · One action from each side",
    "6 · Both promises",
    "7 · Top five objections",
    "8 · Shared metrics",
    "9 · The forecast's record",
    "10 · Freshness, agreement, checks",
]
CORRECTION = {
    "name": "Pipeline generated, Dealers",
    "period": "16–22 Mar 2026",
    "from": "₹4.10 lakh",
    "to": "₹3.90 lakh",
}


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as found:
        yield found


@pytest.fixture
def written(tmp_path):
    """A file with the text as page."""

    def write(text: str):
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("name", [*CASES, *IN_DOLLARS])
def test_a_week_of_any_kind_is_whole_readable_and_on_two_sheets(chromium, written, tmp_path, name):
    facts = {"reporting_currency": "USD"} if name in IN_DOLLARS else {}
    path = written(page((CASES | IN_DOLLARS)[name], [CORRECTION] * 9, **facts))
    assert path.stat().st_size < 500_000
    for width, scheme in ((1280, "light"), (390, "dark")):
        with browser.page(chromium, path, width, scheme) as shown:
            assert not browser.troubles(shown) and not browser.faint(shown), (width, scheme)
            assert shown.locator("h2").all_inner_texts() == SECTIONS
            numbers = browser.asked(shown, "numbers.js")
            assert not numbers["without"]
            assert numbers["seen"] > (100 if name == "usual" else 0)
    with browser.page(chromium, path, media="print") as shown:
        assert browser.pdf_pages(shown, tmp_path / "page.pdf") == 2
        assert not browser.faint(shown)


def test_the_usual_week_is_whole_on_a_dark_desk_and_a_light_phone_too_and_says_its_figures(chromium, written):
    path = written(page(homes.review(), [CORRECTION]))
    for width, scheme in ((1280, "dark"), (390, "light")):
        with browser.page(chromium, path, width, scheme) as shown:
            assert not browser.troubles(shown) and not browser.faint(shown)
    with browser.page(chromium, path) as shown:
        text = shown.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for said in (
        "FY27-Q1 (1 Apr – 30 Jun 2026) is expected to bring ₹8.22 crore (in four of five cases ₹6.20–11.79 crore), "
        "₹82.42 lakh above its target of ₹7.40 crore.",
        "In the week 23–29 Mar 2026 ₹1.18 crore of pipeline was generated in 16 new deals (₹98.70 lakh the week "
        "before) and ₹2.40 crore of the pipeline that was open already advanced.",
        "The most important gap is handover to accepted: ₹61.30 lakh a quarter, 133 leads.",
        "74 % of the leads marketing handed over met the definition (37 of 50; 80 % promised, missed)",
        "92 % were contacted by sales in time (46 of 50; 90 % promised, kept)",
        "Pipeline generated, Dealers (16–22 Mar 2026): ₹4.10 lakh when it was reviewed, now ₹3.90 lakh",
        "From ₹36.00 crore at the week's start to ₹35.64 crore at its end.",
        "price list with total cost of ownership (14 Mar 2026)",
        "brought ₹5.10 crore of a target of ₹8.80 crore",
    ):
        assert said in text


def test_a_list_that_is_cut_says_how_many_more_and_keeps_every_rupee(chromium, written):
    path = written(page(CASES["forty channels"]))
    with browser.page(chromium, path) as shown:
        rows = shown.locator("section[aria-labelledby=s2] tbody tr").all()
        told = [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]
    *shown_rows, rest, total = told
    assert rest[0] == f"and {40 - len(shown_rows)} more" and total[0] == "All sources"
    for column in (1, 2, 3, 4):
        parts = sum(float(row[column].replace(",", "")) for row in [*shown_rows, rest])
        # each line is rounded to a hundredth of a crore
        assert parts == pytest.approx(float(total[column].replace(",", "")), abs=0.005 * len(told))


def test_what_is_not_known_is_a_dash_with_its_reason_and_never_a_zero(chromium, written):
    with browser.page(chromium, written(page(CASES["all unavailable"]))) as shown:
        text = shown.locator("main").inner_text()
        cells = {cell.strip() for cell in shown.locator("td.n").all_inner_texts()}
    assert cells <= {"–", ""}
    assert not re.search(r"₹0|\b0 %|\b0 deals", text)
    assert text.count("not recorded") >= 15


def test_without_an_action_there_is_a_line_to_write_on(chromium, written):
    with browser.page(chromium, written(page(CASES["no actions"])), media="print") as shown:
        lines = shown.locator(".fill")
        boxes = [line.bounding_box() for line in lines.all()]
        assert [line.get_attribute("aria-label") for line in lines.all()] == ["To be filled in"] * 2
        assert shown.get_by_text("None was agreed").count() == 2
    assert all(box["width"] > 150 and box["height"] > 20 for box in boxes)


def test_the_browser_finds_a_box_over_another_and_a_number_without_unit_or_period(chromium, written):
    whole = page(homes.review())
    over = whole.replace("</style>", "h2 { position: relative; top: 1.6rem; }</style>")
    assert over != whole
    with browser.page(chromium, written(over)) as shown:
        assert any("one over the other" in line for line in browser.troubles(shown))
    bare = whole.replace('<section aria-labelledby="s4"', "<section><p>It was 4711</p></section><section", 1)
    bare = re.sub(r"<caption>Deals created[^<]*</caption>", "", bare)
    with browser.page(chromium, written(bare)) as shown:
        without = browser.asked(shown, "numbers.js")["without"]
    assert any("unit and period of: It was 4711" in line for line in without)
    assert any(line == "unit and period of: 33.82" for line in without)
    faint = whole.replace("</style>", ".sum { color: #999; }</style>")
    with browser.page(chromium, written(faint)) as shown:
        assert browser.faint(shown)


def test_charts_say_their_finding_and_every_bar_is_as_long_as_its_amount(chromium, written):
    with browser.page(chromium, written(page(homes.review()))) as shown:
        findings = shown.locator("svg.chart > title").all_text_contents()
        bars = [
            [path.bounding_box() for path in chart.locator(".mark-rect path").all()] for chart in _charts(shown)[1:]
        ]
    assert findings[0].startswith(
        "FY27-Q1: forecast ₹8.22 crore, from ₹6.20 crore to ₹11.79 crore, target ₹7.40 crore."
    )
    assert findings[1] == "Dealers brought most: ₹33.82 lakh in the week."
    assert findings[2] == "₹1.96 crore came into the open pipeline in the week, ₹2.32 crore left it."
    # from zero on: twice the amount is twice the length
    by_source = [33.82, 27.76, 20.61, 20.51, 15.62, 0]
    moved = [118.32, 4.1, 61, 12.4, 1.5, 22.7, 61, 48.2, 95.6, 3.3]
    for boxes, amounts in zip(bars, (by_source, moved), strict=True):
        told = sorted((amount for amount in amounts if amount), reverse=True)
        wide = sorted((box["width"] for box in boxes if box), reverse=True)[: len(told)]
        pixels = wide[0] / told[0]
        for width, amount in zip(wide, told, strict=True):
            assert width == pytest.approx(amount * pixels, abs=2)


def _charts(shown) -> list:
    return shown.locator("svg.chart").all()
