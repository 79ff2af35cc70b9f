"""The forecast report: its numbers are those of tables made by hand, and it looks right in a real browser."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from onefunnel.home import Home
from onefunnel.pages import forecast_facts
from onefunnel.pages.forecast import write
from onefunnel.pages.forecast_facts import quarter_days
from onefunnel.pages.published import opened
from tests import support
from tests.pages import browser, marts
from tests.pages.forecast_company import CRORE, TODAY, company, deal, forecast, info, target


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as found:
        yield found


def report(home, tables: dict):
    """The report of these tables."""
    marts.publish(home, tables)
    return written(home)


def written(home):
    with opened(Home(home)) as published:
        assert len(write(Home(home), "r1", published)) == 2
    return home / "review" / "forecast.html"


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return report(tmp_path_factory.mktemp("usual"), company())


def looked_at(chromium, path, width: int = 1280, scheme: str = "light") -> str:
    """The page's text, one space between words; nothing about it is wrong to the eye."""
    with browser.page(chromium, path, width=width, scheme=scheme) as shown:
        assert browser.troubles(shown) == []
        assert browser.faint(shown) == []
        return " ".join(shown.inner_text("body").split())


def cells(chromium, path, heading: str) -> dict[str, list[str]]:
    """Row header -> its cells, of every table of the section with that heading."""
    script = """heading => Object.fromEntries([...document.querySelectorAll('section')]
        .filter(s => s.querySelector('h2').innerText.startsWith(heading))
        .flatMap(s => [...s.querySelectorAll('tbody tr')])
        .map(r => [r.cells[0].innerText, [...r.cells].slice(1).map(c => c.innerText)]))"""
    with browser.page(chromium, path) as shown:
        return shown.evaluate(script, heading)


def test_the_paragraph_says_quarter_target_change_risk_and_next(usual, chromium):
    text = looked_at(chromium, usual)
    for said in (
        "FY27-Q1 (1 Apr – 30 Jun 2026) is expected to bring ₹10.00 crore of bookings; "
        "the 80 % range goes from ₹7.50 crore to ₹12.50 crore.",
        "The target is ₹12.00 crore; what is expected is ₹2.00 crore (17 %) below it, and the range holds it",
        "42 of its 91 days are over: ₹4.00 crore has closed, behind of the usual pace",
        "and sales commits ₹5.00 crore in all.",
        "On 13 Apr 2026 it stood at ₹8.00 crore, ₹2.00 crore more today: ₹3.00 crore has closed since, "
        "and ₹1.00 crore less is to come.",
        "₹75.00 lakh of it rests on 3 open deals that have slipped, passed the expected day or stalled.",
        "Of FY27-Q2 (1 Jul – 30 Sep 2026) ₹6.00 crore (₹4.50 crore to ₹7.50 crore) is expected, "
        "its target is ₹9.00 crore.",
        "Such forecasts of 4 past quarters were off by 25 % on average, and 50 % of what came lay in their 80 % ranges",
        "bookings: won deals, without tax",
    ):  # fmt: skip
        assert said in text, said


def test_the_bridges_add_up_from_the_month_before_to_today(usual, chromium):
    rows = cells(chromium, usual, "What changed")
    assert {name: cell[0] for name, cell in rows.items()} == {
        "expected on 13 Apr 2026": "₹8.00 crore",
        "closed since": "+₹3.00 crore",
        "open deals, by what such deals brought": "−₹1.00 crore",
        "deals not created yet": "−₹1.00 crore",
        "past pattern": "+₹1.00 crore",
        "expected on 13 May 2026": "₹10.00 crore",
        "open on 13 Apr 2026": "₹2.00 crore",
        "created (1 deal)": "+₹5.00 crore",
        "won (1 deal)": "−₹1.00 crore",
        "open on 13 May 2026": "₹6.00 crore",
    }


def test_the_parts_and_the_other_methods_stand_beside_the_forecast(usual, chromium):
    rows = cells(chromium, usual, "What it is made of")
    assert rows["expected"] == ["₹10.00 crore", "₹6.00 crore"]
    assert rows["closed so far"] == ["₹4.00 crore", "₹0"]
    assert [row[0] for name, row in rows.items() if name.startswith(("open deals, by", "deals not", "past"))] == [
        "₹3.00 crore", "₹2.00 crore", "₹1.00 crore"
    ]  # fmt: skip
    assert rows["last quarter"] == ["₹7.00 crore", "₹7.00 crore"] and rows["average of four quarters"][1] == "–"


def test_risks_stand_by_what_the_quarter_would_lose_with_the_way_to_the_record(usual, chromium):
    path = usual
    rows = cells(chromium, path, "Biggest risks")
    assert [(name, row[1], row[-1]) for name, row in rows.items()] == [
        ("Asha Pumps Uma", "slipped 2 times", "₹50.00 lakh"),
        ("Bela Boilers Uma", "20 days past due", "₹25.00 lakh"),
        ("Devi Dyes Uma", "stalled: 12 days in this stage", "–"),
    ]
    text = looked_at(chromium, path)
    assert "Without the 3 below FY27-Q1 would be expected to bring ₹9.25 crore." in text
    assert 'href="https://crm.example/D1"' in path.read_text(encoding="utf-8")


def test_the_record_says_when_the_range_and_the_method_were_worse_than_they_promise(usual, chromium):
    text = looked_at(chromium, usual)
    assert (
        "In 4 past quarters such forecasts were off by 25 % on average; 50 % of what came lay in their 80 % ranges, "
        "fewer than promised: read the range as wider than it is drawn; the best simple rule, last quarter, was off "
        "by 20 %, which is better. 4 quarters tell little."
    ) in text
    assert "FY26-Q4 brought ₹6.00 crore against a target of ₹8.00 crore, 75 % of it." in text
    assert "On 1 Jan 2026 ₹9.00 crore was expected, ₹6.75 crore to ₹11.25 crore: what came lay outside" in text
    assert "Missed the target by ₹2.00 crore." in text


def test_the_day_it_was_made_of_keeps_its_own_report_and_the_newest_leads_to_it(tmp_path):
    newest = report(tmp_path, company())
    own = newest.with_name("forecast-2026-05-13.html")
    before = own.read_text(encoding="utf-8")
    later = company()
    later["run_info"] = [info(on=date(2026, 5, 14))]
    report(tmp_path, later)
    assert own.read_text(encoding="utf-8") == before
    text = newest.read_text(encoding="utf-8")
    assert 'href="forecast-2026-05-13.html">13 May 2026<' in text and "forecast-2026-05-14" not in text


def no_forecast() -> dict:
    tables = company()
    kept = [row for row in tables["revenue_forecast"] if row["method"] != "blend"]
    ahead = {"horizon": "next quarter", "fiscal_quarter": "FY27-Q2"}
    tables["revenue_forecast"] = [*kept, forecast("not enough history"), forecast("not enough history", **ahead)]
    tables["forecast_accuracy"] = [{"method": "blend", "horizon": "this quarter", "quarter_week": "all", "origins": 0,
                                    "status": "not enough history"}]  # fmt: skip
    for row in tables["forecast_deals"]:
        row["expected_amount"] = None
    return tables


def no_target() -> dict:
    return company() | {"target_attainment": [], "target_miss": []}


def one_deal() -> dict:
    part, opened_deal = deal(1, 10, 20, times_slipped=1)
    rows = [forecast((0, 10, 0, 0), low_amount=None, high_amount=None, interval_status="not enough history")]
    return {
        "run_info": [info()],
        "revenue_forecast": rows,
        "forecast_deals": [part],
        "open_deals": [opened_deal],
        "target_attainment": [target(10, position=None, coverage=None, due_amount=0, needed_coverage=None)],
    }


def long_names() -> dict:
    tables = company()
    for row in [*tables["forecast_deals"], *tables["open_deals"]]:
        row["company_name"] = "Shree Mahalaxmi Narayan Precision Engineering & Castings Pvt"[:60]
    return tables


def negative_change() -> dict:
    tables = company()
    (this,) = (row for row in tables["revenue_forecast"] if row["is_current"] and row["horizon"] == "this quarter"
               and row["method"] == "blend")  # fmt: skip
    this |= forecast((-CRORE, CRORE, 0, 0), low_amount=-CRORE, high_amount=2 * CRORE)
    return tables


def all_closed() -> dict:
    tables = company()
    (this,) = (row for row in tables["revenue_forecast"] if row["is_current"] and row["horizon"] == "this quarter"
               and row["method"] == "blend")  # fmt: skip
    this |= forecast((12 * CRORE, 0, 0, 0), low_amount=12 * CRORE, high_amount=12 * CRORE)
    tables["target_attainment"][0] |= {"remaining_amount": 0, "coverage": None, "due_amount": 0, "position": "ahead"}
    return tables | {"forecast_deals": [], "open_deals": []}


CASES = {
    "the usual": (company, "₹10.00 crore"),
    "no forecast": (no_forecast, "There is no forecast of FY27-Q1 (1 Apr – 30 Jun 2026) yet: not enough history; what "
                    "past quarters still brought after the same day says: average of four quarters ₹11.00 crore, "
                    "last quarter ₹7.00 crore."),
    "no target": (no_target, "No target has been agreed for FY27-Q1."),
    "one deal": (one_deal, "it has no range: fewer than six past forecasts at this point of a quarter"),
    "dollars": (lambda: company(currency="USD"), "is expected to bring $100,000,000 of bookings"),
    "900 crore": (lambda: company(scale=90), "is expected to bring ₹900.00 crore"),
    "long names": (long_names, "Shree Mahalaxmi Narayan Precision Engineering & Castings Pvt"),
    "a negative change": (negative_change, "On 13 Apr 2026 it stood at ₹8.00 crore, ₹8.00 crore less today: "
                          "−₹2.00 crore has closed since, and ₹6.00 crore less is to come."),
    "all closed": (all_closed, "and even the low end of the range reaches it"),
    "nothing at all": (lambda: {"run_info": [info()]}, "There is no forecast: nothing that it could be made of"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_whatever_there_is_looks_right_wide_narrow_dark_and_on_two_sheets(tmp_path, chromium, case):
    tables, said = CASES[case]
    path = report(tmp_path, tables())
    assert said in looked_at(chromium, path)
    looked_at(chromium, path, width=390)
    looked_at(chromium, path, scheme="dark")
    assert path.stat().st_size < 500_000
    with browser.page(chromium, path, width=794, media="print") as shown:
        assert browser.pdf_pages(shown, tmp_path / "report.pdf") <= 2


@pytest.mark.parametrize(
    ("on", "week", "ahead", "days"),
    [
        (date(2026, 4, 1), 0, 0, (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 4, 7), 0, 1, (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 12, 31), 12, 0, (date(2026, 10, 1), date(2026, 12, 31))),
        (date(2026, 12, 30), 12, 1, (date(2027, 1, 1), date(2027, 3, 31))),
        (date(2028, 3, 31), 12, 0, (date(2028, 1, 1), date(2028, 3, 31))),
        (TODAY, 6, 0, (date(2026, 4, 1), date(2026, 6, 30))),
    ],
)
def test_a_quarters_days_follow_from_its_week(on, week, ahead, days):
    assert quarter_days(on, week, ahead) == days


def test_the_sample_companys_report_has_the_numbers_of_its_tables(small_run, tmp_path, chromium):
    """Counted from the tables by other queries than the report's, to the paisa where it is of sums."""
    home, _ = small_run
    (tmp_path / "published").symlink_to(home / "published")
    text = looked_at(chromium, written(tmp_path))
    with support.published(home) as con:
        (quarter, status), = con.execute("""select fiscal_quarter, status from metrics.revenue_forecast where is_current
            and method = 'blend' and segment = 'all' and horizon = 'this quarter'""").fetchall()  # fmt: skip
        risky = con.execute("""select count(*) from metrics.open_deals where coalesce(times_slipped, 0) > 0
            or coalesce(is_past_due, false) or coalesce(is_stalled, false)""").fetchone()[0]  # fmt: skip
    assert status != "ok" or f"{quarter} (" in text
    assert not risky or re.search(rf"\b{risky} open deals?\b", text), risky
    with opened(Home(tmp_path)) as published:
        facts = forecast_facts.read(published)
    if facts.change:
        assert sum((amount for _, amount in facts.change.parts), Decimal(0)) == facts.change.amount
        moved = sum((row["amount"] for row in facts.change.moved), Decimal(0))
        assert facts.change.due_before + moved == facts.change.due_now
