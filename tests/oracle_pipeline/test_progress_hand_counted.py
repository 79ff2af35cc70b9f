"""Generated and advanced pipeline, stage conversion and open deals against cases that were counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.oracle_pipeline import ledger, progress
from tests.oracle_pipeline.courses import courses
from tests.oracle_pipeline.histories import Company, Deal, Version
from tests.oracle_pipeline.slips import slipped_weekly
from tests.oracle_pipeline.standing_open import open_deals
from tests.oracle_pipeline.test_hand_counted import WEEK, ZONE, at, cells, deal
from tests.oracle_pipeline.worlds import STAGES

STATUSES = {word: status for word, (_, _, status) in STAGES.items()}
Q1 = ("fiscal_quarter", date(2025, 4, 1))


def told(*deals: Deal, as_of: datetime | None = None, logged=("stage", "amount", "expected_close_on")):
    company = Company(as_of or at(27, 23), ZONE, STATUSES, {}, logged={"crm": set(logged)})
    return courses(ledger.histories(list(deals), company), company, STAGES), company


def generated(*deals: Deal) -> dict:
    rows = progress.generated(*told(*deals))
    assert all(row["generated"] == row["created"] - row["undated"] + row["dated_later"] for row in rows.values())
    return {week: (row["deals"], *(int(row[n]) for n in progress.AMOUNTS)) for (week, _), row in rows.items()}


def advanced(*deals: Deal, **given) -> dict:
    rows = progress.advanced(*told(*deals, **given))
    kept = ("open_amount", "advanced_amount", *(f"{outcome}_amount" for outcome in progress.OUTCOMES))
    return {week: {name: int(row[name]) for name in kept if row[name]} for (week, _), row in rows.items()}


def converted(*deals: Deal, period=Q1, **given) -> dict:
    rows = progress.conversion(*told(*deals, **given))
    found = {stage: row for (*key, stage), row in rows.items() if tuple(key) == period}
    return {
        stage: {name: row[name] for name in (*progress.COUNTS, "days") if row[name]} for stage, row in found.items()
    }


def stages(*log: tuple) -> list[tuple]:
    """(day, stage) one after the other, beginning with Enquiry."""
    words = ["Enquiry", *(word for _, word in log)]
    return [(day, "stage", before, word) for (day, word), before in zip(log, words)]


def test_a_deal_is_generated_once_it_has_amount_and_date_and_created_at_its_amount():
    later = deal("a", amount=None, log=[(15, "amount", None, Decimal(70))])
    undated = deal("b", expected_close_on=None, log=[
        (16, "amount", Decimal(100), Decimal(120)), (22, "expected_close_on", None, date(2025, 6, 1)),
    ])  # fmt: skip
    assert generated(deal("c"), later, undated) == {
        WEEK[0]: (1, 100, 200, 100, 0),
        WEEK[1]: (1, 70, 70, 0, 0),
        WEEK[2]: (1, 120, 0, 0, 120),
    }


def test_advanced_is_what_stands_later_or_won_at_the_weeks_end_at_the_amount_of_its_start():
    moved = deal("a", log=[*stages((15, "Offer")), (15, "amount", Decimal(100), Decimal(900))])
    there_and_back = deal("b", log=stages((15, "Offer"), (18, "Enquiry")))
    won = deal("c", log=stages((16, "Won")), gone=18)
    reopened = deal("d", log=stages((16, "Won"), (18, "Enquiry")))
    new = deal("e", created=15, log=stages((16, "Won")))
    gone = deal("f", gone=17)
    assert advanced(moved, there_and_back, won, reopened, new, gone)[WEEK[1]] == {
        "open_amount": 500, "advanced_amount": 200, "moved_on_amount": 100, "won_amount": 100,
        "stayed_amount": 200, "scrubbed_amount": 100,
    }  # fmt: skip


def test_what_happens_at_the_first_instant_of_a_week_is_of_that_week():
    first = deal("a", log=stages((14, "Offer")))
    first.log = [replace(change, at=at(14, 0)) for change in first.log]
    assert advanced(first)[WEEK[1]] == {"open_amount": 100, "advanced_amount": 100, "moved_on_amount": 100}


def test_a_stage_that_is_passed_over_is_skipped_and_no_stay_of_no_days():
    found = converted(deal(log=stages((9, "Talks"), (12, "Won"))))
    assert found == {
        "enquiry": {"entered": 1, "advanced": 1, "days": [2.0]},
        "offer": {"skipped": 1},
        "talks": {"entered": 1, "advanced": 1, "days": [3.0]},
    }


def test_a_deal_that_begins_late_skips_what_lies_before_and_one_that_is_lost_skips_nothing():
    late = deal("a", stage="Talks")
    lost = deal("b", log=stages((9, "Lost")))
    assert converted(late, lost) == {
        "enquiry": {"entered": 1, "lost": 1, "skipped": 1, "began_beyond": 1},
        "offer": {"skipped": 1, "began_beyond": 1},
        "talks": {"entered": 1, "still_there": 1},
    }


def test_coming_back_is_no_second_entry_and_each_stay_that_led_forward_has_its_days():
    back = deal(log=stages((9, "Offer"), (10, "Enquiry"), (14, "Offer"), (20, "Talks")))
    assert converted(back) == {
        "enquiry": {"entered": 1, "advanced": 1, "re_entered": 1, "days": [2.0, 4.0]},
        "offer": {"entered": 1, "advanced": 1, "re_entered": 1, "days": [6.0]},
        "talks": {"entered": 1, "still_there": 1},
    }


def test_a_win_that_was_taken_back_advanced_nothing_and_one_deleted_after_it_did():
    corrected = deal("a", log=stages((9, "Won"), (10, "Lost")))
    kept = deal("b", log=stages((9, "Won")), gone=20)
    assert converted(corrected, kept)["enquiry"] == {
        "entered": 2, "advanced": 1, "lost": 1, "days": [2.0, 2.0],
    }  # fmt: skip
    assert converted(corrected, kept)["offer"] == {"skipped": 1}


def test_a_deal_that_was_merged_is_scrubbed_and_one_that_went_back_is_open_elsewhere():
    found = converted(deal("a", gone=15), deal("b", stage="Offer", log=[(9, "stage", "Offer", "Enquiry")]))
    assert found["enquiry"] == {"entered": 2, "scrubbed": 1, "still_there": 1, "skipped": 1, "began_beyond": 1}
    assert found["offer"] == {"entered": 1, "open_elsewhere": 1}


def test_a_deal_first_exported_late_has_entered_no_stage_that_is_dated():
    exports = [Version(at(15), cells()), Version(at(22), cells(stage="Offer"))]
    found, company = told(Deal("d", at(7), "Fairs", "desk", exports))
    rows = progress.conversion(found, company)
    assert rows[(*Q1, "enquiry")]["entered"] == 0 and rows[(*Q1, "enquiry")]["unknown"] == 1
    assert rows[(*Q1, "offer")]["entered"] == 1
    weeks = progress.advanced(found, company)
    assert [weeks[week, "Fairs"]["history_status"] for week in WEEK[1:]] == [
        "unavailable: no history of stages",
        "kept",
    ]
    assert weeks[WEEK[1], "Fairs"]["advanced_amount"] is None
    assert weeks[WEEK[2], "Fairs"]["moved_on_amount"] == 100


def test_a_deal_entered_after_the_exports_began_is_known_from_its_creation():
    exports = [Version(at(15), cells()), Version(at(22), cells(stage="Offer"))]
    earlier = Deal("e", at(1), "Fairs", "desk", [Version(at(8), cells())])
    found, company = told(earlier, Deal("d", at(9), "Fairs", "desk", exports))
    assert progress.conversion(found, company)[(*Q1, "enquiry")]["entered"] == 1
    assert progress.conversion(found, company)[(*Q1, "enquiry")]["days"] == [13.0]


@pytest.mark.parametrize(("dates", "times", "first"), [
    ([date(2025, 6, 1), date(2025, 6, 30)], 0, date(2025, 6, 1)),
    ([date(2025, 6, 1), date(2025, 7, 1), date(2025, 6, 1), date(2025, 10, 1)], 2, date(2025, 6, 1)),
    ([date(2025, 6, 1), None, date(2025, 7, 1)], 1, date(2025, 6, 1)),
    ([None, date(2025, 7, 1)], 0, date(2025, 7, 1)),
])  # fmt: skip
def test_slipped_is_moved_into_a_later_quarter(dates, times, first):
    log = [(8 + n, "expected_close_on", old, new) for n, (old, new) in enumerate(pairwise(dates))]
    found = open_deals(*told(deal(expected_close_on=dates[0], log=log)), 3)["d"]
    assert (found["times_slipped"], found["first_due_on"], found["due_on"]) == (times, first, dates[-1])
    borne = [day for day in dates if day]
    assert found["times_redated"] == sum(a != b for a, b in pairwise(borne))


def test_a_closed_deals_slips_stand_in_their_weeks_and_a_closing_that_moves_the_date_is_none():
    june, july, october = date(2025, 6, 1), date(2025, 7, 1), date(2025, 10, 1)
    won = deal("won", log=[
        (8, "expected_close_on", june, date(2025, 6, 20)), (9, "expected_close_on", date(2025, 6, 20), july),
        (15, "amount", Decimal(100), Decimal(90)), (16, "expected_close_on", july, october),
        (23, "stage", "Enquiry", "Won"), (23, "expected_close_on", october, date(2025, 4, 23)),
    ])  # fmt: skip
    unpriced = deal("unpriced", amount=None, log=[(16, "expected_close_on", june, july)])
    nearer = deal("nearer", expected_close_on=july, log=[(16, "expected_close_on", july, june)])
    rows = slipped_weekly(*told(won, unpriced, nearer))
    kept = (
        "slips",
        "unpriced_slips",
        "slipped_deals",
        "slipped_before_deals",
        "won_deals",
        "still_open_deals",
        "maturity",
    )
    assert {week: tuple(row[name] for name in kept) for (week, _), row in rows.items()} == {
        WEEK[0]: (1, 0, 1, 0, 1, 0, "final"),
        WEEK[1]: (2, 1, 2, 1, 1, 1, "maturing"),
        WEEK[2]: (0, 0, 0, 0, 0, 0, "final"),
    }
    amounts = ("slipped", "drawn_nearer", "otherwise_moved", "pushed_out", "won", "slipped_before")
    assert {week: tuple(int(row[f"{name}_amount"]) for name in amounts) for (week, _), row in rows.items()} == {
        WEEK[0]: (100, 0, 0, 100, 100, 0),
        WEEK[1]: (90, 100, 0, 190, 90, 90),
        WEEK[2]: (0, 0, 90, 90, 0, 0),
    }


def test_stalled_is_longer_than_nine_of_ten_stays_that_led_forward():
    quick = [deal(str(n), log=stages((7 + n, "Offer"), (8 + n, "Lost"))) for n in (1, 2, 3)]
    lingering = deal("slow", created=7)
    slow = open_deals(*told(*quick, lingering), 3)["slow"]
    assert (slow["is_stalled"], slow["stage_status"], slow["forward_stays"]) == (True, "ok", 3)
    assert (slow["median_days"], slow["p90_days"]) == (2.0, 2.8)
    too_few = open_deals(*told(*quick[:2], lingering), 3)["slow"]
    assert (too_few["is_stalled"], too_few["stage_status"]) == (None, "short history")
    back_today = deal("back", created=7, log=stages((8, "Offer"), (26, "Enquiry")))
    assert open_deals(*told(*quick, back_today), 3)["back"]["is_stalled"] is False


def test_due_today_is_not_past_due():
    due = {"a": date(2025, 4, 27), "b": date(2025, 4, 20)}
    found = open_deals(*told(*(deal(name, expected_close_on=day) for name, day in due.items())), 3)
    assert [(row["is_past_due"], row["days_past_due"]) for row in found.values()] == [(False, 0), (True, 7)]
