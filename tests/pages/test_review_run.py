"""The review of the sample company, as its run wrote it: there, small, on two sheets, and equal to the tables."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from onefunnel.home import Home
from onefunnel.pages.kept import corrections
from onefunnel.pages.published import opened
from tests.pages import browser


@pytest.fixture(scope="module")
def reviewed(small_run):
    """(home, output of the run)."""
    home, output = small_run
    return Home(home.resolve()), output


def test_a_run_ends_with_the_page_to_open_and_writes_it_in_seconds(reviewed):
    home, output = reviewed
    path = home.root / "review" / "latest.html"
    assert f"this week's review: {path}" in output
    assert output.index("this week's review") < output.index("\n  published: ")
    assert "could not be made" not in output
    assert 10_000 < path.stat().st_size < 500_000
    weeks = sorted(file.stem for file in (home.root / "review").glob("2*.html"))
    assert weeks == sorted(file.stem for file in (home.root / "review/kept").glob("2*.json")) and len(weeks) == 4


def test_the_sample_companys_page_is_whole_in_the_browser_and_has_two_sheets(reviewed, tmp_path):
    path = reviewed[0].root / "review" / "latest.html"
    with browser.chromium() as chromium:
        for width, scheme in ((1280, "light"), (390, "dark")):
            with browser.page(chromium, path, width, scheme) as shown:
                assert not browser.troubles(shown) and not browser.faint(shown)
                numbers = browser.asked(shown, "numbers.js")
        with browser.page(chromium, path, media="print") as shown:
            assert browser.pdf_pages(shown, tmp_path / "page.pdf") == 2
    assert not numbers["without"] and numbers["seen"] > 150


def test_the_pages_totals_are_those_of_the_tables_behind_the_review(reviewed):
    home, _ = reviewed
    text = (home.root / "review" / "latest.html").read_text(encoding="utf-8")
    with opened(home) as published:
        newest = published.rows("select max(week_start_on) as week from metrics.weekly_review")[0]["week"]
        new = published.rows(
            "select coalesce(sum(generated_amount), 0) as amount, coalesce(sum(deals), 0) as deals "
            "from metrics.pipeline_generated_weekly where week_start_on = ?",
            [newest],
        )[0]
        open_at_end = published.rows(
            "select coalesce(sum(closing_amount), 0) as amount from metrics.pipeline_waterfall_weekly "
            "where week_start_on = ?",
            [newest],
        )[0]["amount"]
        assert corrections(home, published) == []
    assert newest.isoformat() == sorted(file.stem for file in (home.root / "review").glob("2*.html"))[-1]
    told, deals = re.search(r"<p>(₹[\d,.]+(?: lakh| crore)?) in (\d+) deals?, ", text).groups()
    assert amount(told) == pytest.approx(new["amount"], abs=amount_step(told)) and int(deals) == new["deals"]
    end = re.search(r"at the week's start to (₹[\d,.]+(?: lakh| crore)?)", text).group(1)
    assert amount(end) == pytest.approx(open_at_end, abs=amount_step(end))


WORTH = {"crore": Decimal(10_000_000), "lakh": Decimal(100_000)}


def amount(text: str) -> Decimal:
    number, _, unit = text.removeprefix("₹").replace(",", "").partition(" ")
    return Decimal(number) * WORTH.get(unit, 1)


def amount_step(text: str) -> Decimal:
    """Half of what the last digit is worth."""
    return WORTH.get(text.rpartition(" ")[2], Decimal(100)) / 200
