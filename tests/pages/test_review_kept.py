"""What was reviewed stays: frozen by a live run, corrected by a note, and not harmed by a page that fails."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from onefunnel.errors import Stop
from onefunnel.pages import review as review_page
from onefunnel.pages import write
from onefunnel.pages.kept import corrections, kept
from onefunnel.pages.published import opened
from onefunnel.review import newest, write_pages
from tests import support
from tests.pages import homes

LAST = homes.WEEK - timedelta(days=7)
LATE = homes.SOURCES | {"Dealers": (31.2, 3, 4.1, 12.9)}
CHARTLESS = ("quarter_ranges", "generated", "changes")


@pytest.fixture(autouse=True)
def only_this_page_and_no_charts(monkeypatch):
    """The charts are test_review's; what is kept does not depend on them."""
    monkeypatch.setattr(write, "WRITERS", ["review"])
    for name in CHARTLESS:
        monkeypatch.setattr(f"onefunnel.pages.review_charts.{name}", lambda *_: "")


def two_weeks(**newest_sections) -> list[dict]:
    past = [row for row in homes.review(LAST) if row["section"] not in ("record", "health")]
    return past + homes.review(homes.WEEK, **newest_sections)


def files(home, *names: str) -> list[bytes]:
    return [(home.root / "review" / name).read_bytes() for name in names]


def test_a_live_runs_week_is_written_once_and_later_differences_are_a_note_on_the_newest_page(tmp_path):
    homes.home(tmp_path, two_weeks(), live=True, run="monday")
    home = homes.home(tmp_path, two_weeks(), live=True, run="again")
    assert write_pages(home) == {}
    frozen = ("2026-03-16.html", "2026-03-23.html", "kept/2026-03-16.json", "kept/2026-03-23.json")
    before = files(home, *frozen)
    assert b"Corrected since" not in newest(home).read_bytes()

    told = dict(generated=homes.generated(homes.WEEK, LATE), sla=homes.sla(homes.WEEK, due=60))
    home = homes.home(tmp_path, two_weeks(**told), live=True, run="tuesday")
    assert write_pages(home) == {}
    assert files(home, *frozen) == before
    page = newest(home).read_text(encoding="utf-8")
    assert "Pipeline generated, Dealers (23–29 Mar 2026): ₹33.82 lakh" in page or "more correction" in page
    with opened(home) as published:
        found = {(one["name"], one["period"]): one for one in corrections(home, published)}
    dealers = found["Pipeline generated, Dealers", "23–29 Mar 2026"]
    assert (dealers["from"], dealers["to"]) == ("₹33.82 lakh", "₹31.20 lakh")
    assert (dealers["was"], dealers["now"]) == (Decimal("3382000.00"), Decimal("3120000.00"))
    assert dealers["week_start_on"] == homes.WEEK
    total = found["Pipeline generated", "23–29 Mar 2026"]
    assert (total["from"], total["to"]) == ("₹1.18 crore", "₹1.16 crore")
    assert not [one for one in found.values() if one["week_start_on"] == LAST]
    # the meeting's numbers stay on the newest page, too
    assert "₹1.18 crore in 16 deals" in page


def test_what_people_fill_in_during_the_week_stands_on_the_newest_page_and_is_no_correction(tmp_path):
    home = homes.home(tmp_path, two_weeks(), live=True, run="monday")
    write_pages(home)
    filled = homes.actions(homes.WEEK, this="Visit the three largest offers")
    home = homes.home(tmp_path, two_weeks(actions=filled), live=True, run="tuesday")
    write_pages(home)
    assert b"Visit the three largest offers" in newest(home).read_bytes()
    assert b"Visit the three largest offers" not in files(home, "2026-03-23.html")[0]
    with opened(home) as published:
        assert corrections(home, published) == []


def test_a_run_with_a_pinned_instant_writes_over_its_own_weeks_and_never_over_a_live_ones(tmp_path):
    live = homes.home(tmp_path, homes.review(LAST), live=True, run="live")
    write_pages(live)
    before = files(live, "2026-03-16.html", "kept/2026-03-16.json")
    for run, sources in (("pinned", homes.SOURCES), ("pinned-again", LATE)):
        home = homes.home(tmp_path, two_weeks(generated=homes.generated(homes.WEEK, sources)), run=run)
        write_pages(home)
    assert files(home, "2026-03-16.html", "kept/2026-03-16.json") == before
    assert kept(home, homes.WEEK).one("generated", "generated", dimension_value="Dealers")["value_amount"] == 3120000
    assert b"31.20" in files(home, "2026-03-23.html")[0]
    # a live run makes the week its own
    home = homes.home(tmp_path, two_weeks(), live=True, run="live-at-last")
    write_pages(home)
    assert kept(home, homes.WEEK).is_live and b"33.82" in files(home, "2026-03-23.html")[0]


def test_kept_amounts_are_text_and_come_back_as_they_were(tmp_path):
    rows = two_weeks(generated=homes.generated(homes.WEEK, {"Dealers": (90_000_000_000.01, 3, 4.1, 12.9)}))
    home = homes.home(tmp_path, rows, live=True)
    write_pages(home)
    told = json.loads((home.root / "review/kept/2026-03-23.json").read_text(encoding="utf-8"))
    amounts = {row["value_amount"] for row in told["rows"] if row["figure"] == "generated"}
    assert amounts == {"9000000000001000.00"}
    assert all(isinstance(amount, str) for amount in amounts)
    same = [row for row in rows if row["week_start_on"] == homes.WEEK]
    by_key = lambda row: (row["section"], row["position"], row["figure"])  # noqa: E731
    assert sorted(kept(home, homes.WEEK).rows, key=by_key) == sorted(same, key=by_key)


@pytest.mark.parametrize(
    ("change", "was", "now"),
    [
        ({"value_amount": Decimal("3382000.01")}, "₹33,82,000.00", "₹33,82,000.01"),
        ({"value_amount": None}, "₹33.82 lakh", "–"),
        ({"value_amount": Decimal("-1")}, "₹33.82 lakh", "−₹1"),
        ({"status": "partly kept"}, None, None),
        ({"before_amount": Decimal("5")}, None, None),
        ({"words": "said otherwise"}, None, None),
    ],
)
def test_a_correction_is_another_number_and_nothing_else(tmp_path, change, was, now):
    write_pages(homes.home(tmp_path, two_weeks(), live=True, run="monday"))
    rows = [
        row | change
        if (row["week_start_on"], row["figure"], row["dimension_value"]) == (homes.WEEK, "generated", "Dealers")
        else row
        for row in two_weeks()
    ]
    home = homes.home(tmp_path, rows, live=True, run="tuesday")
    with opened(home) as published:
        found = [(one["from"], one["to"]) for one in corrections(home, published)]
    assert found == ([(was, now)] if was else [])


def test_a_source_that_comes_or_goes_is_a_correction_and_a_quarter_that_moves_on_is_none(tmp_path):
    write_pages(homes.home(tmp_path, two_weeks(), live=True, run="monday"))
    sources = {name: numbers for name, numbers in homes.SOURCES.items() if name != "Email"} | {
        "Fair": (20.61, 2, 9.9, 3.2)
    }
    later = [
        row | ({"from_on": date(2026, 1, 1), "until_on": date(2026, 3, 31)} if row["section"] == "metrics" else {})
        for row in two_weeks(generated=homes.generated(homes.WEEK, sources))
    ]
    home = homes.home(tmp_path, later, live=True, run="tuesday")
    with opened(home) as published:
        found = {(one["name"], one["from"], one["to"]) for one in corrections(home, published)}
    assert ("Pipeline generated, Email", "₹20.61 lakh", "not listed") in found
    assert ("Pipeline generated, Fair", "not listed", "₹20.61 lakh") in found
    assert {name.split(", ")[-1] for name, *_ in found} == {"Email", "Fair"}


def test_a_run_that_died_between_page_and_rows_writes_both_again(tmp_path, monkeypatch):
    home = homes.home(tmp_path, two_weeks(), live=True)

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(review_page, "keep", die)
    with pytest.raises(KeyboardInterrupt):
        write_pages(home)
    monkeypatch.undo()
    monkeypatch.setattr(write, "WRITERS", ["review"])
    assert kept(home, LAST) is None
    assert write_pages(home) == {}
    assert kept(home, LAST).is_live and kept(home, homes.WEEK).is_live


def test_a_page_that_cannot_be_made_stays_as_it_was_and_is_named(tmp_path, monkeypatch):
    home = homes.home(tmp_path, two_weeks())
    write_pages(home)
    before = support.bytes_hash(home.root / "review"), support.bytes_hash(home.published)
    monkeypatch.setattr("onefunnel.pages.review_record.health", lambda *_: 1 / 0)
    assert write_pages(home) == {"review": "ZeroDivisionError: division by zero"}
    assert (support.bytes_hash(home.root / "review"), support.bytes_hash(home.published)) == before


def test_an_old_week_says_that_it_was_made_later_and_a_new_one_does_not(tmp_path):
    old = homes.WEEK - timedelta(days=14)
    rows = [row for row in homes.review(old) if row["section"] not in ("record", "health")]
    home = homes.home(tmp_path, rows + two_weeks(), live=True)
    write_pages(home)
    later = b"the page was made on 1 Apr 2026, from what is known since"
    assert all(later in text for text in files(home, "2026-03-09.html", "2026-03-16.html"))
    assert all(later not in text for text in files(home, "2026-03-23.html", "latest.html"))


def test_the_newest_page_names_a_newer_run_that_stopped(tmp_path):
    home = homes.home(tmp_path, two_weeks())
    folder = home.run_dir("later")
    folder.mkdir()
    facts = {"step": "check_candidate", "rule": "handed_once", "what": "x", "do": "", "rows": []}
    (folder / "failure.json").write_text(json.dumps(facts), encoding="utf-8")
    write_pages(home)
    assert "at &#39;check candidate&#39; (handed_once): nothing of it is shown" in newest(home).read_text("utf-8")


def test_nothing_published_is_a_stop_that_says_what_to_do(tmp_path):
    from onefunnel.home import Home

    with pytest.raises(Stop, match=r"nothing_published.*run the pipeline first"):
        write_pages(Home(tmp_path))
