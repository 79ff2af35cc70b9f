"""The oracle against cases that were counted by hand, week by week, from the glossary's words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.oracle_pipeline import ledger
from tests.oracle_pipeline.histories import FIELDS, Change, Company, Deal, Version

ZONE = ZoneInfo("Asia/Kolkata")
STATUSES = {"Enquiry": "open", "Offer": "open", "Won": "won", "Lost": "lost"}
RATES = {"USD": [(date(2025, 4, 1), Decimal(80)), (date(2025, 4, 8), Decimal(90))]}
WEEK = [date(2025, 4, 7), date(2025, 4, 14), date(2025, 4, 21)]
Q1, Q2 = ("Fairs", "FY26-Q1"), ("Fairs", "FY26-Q2")


def at(day: int, hour: int = 12) -> datetime:
    """So many days into April 2025, Indian time."""
    return datetime(2025, 4, day, hour, tzinfo=ZONE).astimezone(UTC)


def cells(**given) -> dict:
    usual = {"stage": "Enquiry", "amount": Decimal(100), "currency": "INR", "expected_close_on": date(2025, 6, 1)}
    return dict.fromkeys(FIELDS) | usual | given


def deal(name: str = "d", created: int = 7, log=(), gone: int | None = None, **given) -> Deal:
    """A deal of a CRM that logs its changes: (day, field, old, new)."""
    versions = [Version(at(created), cells(**given))] + ([Version(at(gone), None)] if gone else [])
    changes = [Change(at(day), field, old, new) for day, field, old, new in log]
    return Deal(name, at(created), "Fairs", "crm", versions, changes)


def told(*deals: Deal, as_of: datetime | None = None):
    company = Company(as_of or at(27, 23), ZONE, STATUSES, RATES, logged={"crm": set(FIELDS)})
    return ledger.histories(list(deals), company), company


def rows(*deals: Deal) -> dict:
    """(week, cell) -> the parts that are not 0; the identity holds in all."""
    found = ledger.waterfall(*told(*deals))
    assert not ledger.broken(found)
    return {key: {name: int(amount) for name, amount in row.items() if amount} for key, row in found.items()}


def test_a_deal_created_and_lost_in_a_week_counts_in_both():
    assert rows(deal(log=[(9, "stage", "Enquiry", "Lost")])) == {(WEEK[0], Q1): {"created": 100, "lost": 100}}


def test_a_deal_that_was_won_when_it_was_entered_was_created_and_won():
    assert rows(deal(stage="Won")) == {(WEEK[0], Q1): {"created": 100, "won": 100}}


def test_a_reopened_deal_comes_back_with_its_old_amount_and_then_grows_and_moves():
    log = [(14, "stage", "Enquiry", "Lost"), (21, "stage", "Lost", "Offer"), (21, "amount", Decimal(100), Decimal(120))]
    log += [(21, "expected_close_on", date(2025, 6, 1), date(2025, 7, 1))]
    assert rows(deal(log=log)) == {
        (WEEK[0], Q1): {"created": 100, "closing": 100},
        (WEEK[1], Q1): {"opening": 100, "lost": 100},
        (WEEK[2], Q1): {"reopened": 100, "increased": 20, "pushed_out": 120},
        (WEEK[2], Q2): {"pulled_in": 120, "closing": 120},
    }


def test_of_two_merged_deals_one_grows_and_the_other_is_scrubbed():
    survivor = deal("a", log=[(15, "amount", Decimal(100), Decimal(160))])
    merged = deal("b", amount=Decimal(60), gone=15)
    assert rows(survivor, merged) == {
        (WEEK[0], Q1): {"created": 160, "closing": 160},
        (WEEK[1], Q1): {"opening": 160, "increased": 60, "scrubbed": 60, "closing": 160},
        (WEEK[2], Q1): {"opening": 160, "closing": 160},
    }


def test_a_deal_deleted_after_it_was_won_moves_nothing_and_one_that_is_back_was_never_gone():
    won = deal(log=[(8, "stage", "Enquiry", "Won")], gone=20)
    assert rows(won) == {(WEEK[0], Q1): {"created": 100, "won": 100}}
    back = deal()
    back.versions += [Version(at(14), None), Version(at(20), cells())]
    assert rows(back)[WEEK[1], Q1] == {"opening": 100, "closing": 100}


def test_another_currency_takes_the_old_amount_out_and_brings_the_new_one_at_its_days_rate():
    log = [(15, "currency", "INR", "USD"), (15, "amount", Decimal(100), Decimal(2))]
    log += [(22, "amount", Decimal(2), Decimal(3))]
    assert rows(deal(log=log)) == {
        (WEEK[0], Q1): {"created": 100, "closing": 100},
        (WEEK[1], Q1): {"opening": 100, "reclassified": 80, "closing": 180},
        # the newest rate is 14 days old by then: nobody knows what 3 dollars are
        (WEEK[2], Q1): {"opening": 180, "decreased": 180},
    }


def test_a_first_amount_is_the_creation_and_a_date_that_changed_before_it_moved_nothing():
    log = [(8, "expected_close_on", date(2025, 6, 1), date(2025, 7, 1)), (15, "amount", None, Decimal(100))]
    assert rows(deal(amount=None, log=log)) == {
        (WEEK[1], Q2): {"created": 100, "closing": 100},
        (WEEK[2], Q2): {"opening": 100, "closing": 100},
    }


def test_a_category_that_is_omitted_and_back():
    log = [(8, "forecast_category", "pipeline", "omitted"), (22, "forecast_category", "omitted", "commit")]
    assert rows(deal(log=log)) == {
        (WEEK[0], Q1): {"created": 100, "scrubbed": 100},
        (WEEK[2], Q1): {"reopened": 100, "closing": 100},
    }


def test_of_changes_at_one_instant_the_last_line_of_the_log_holds():
    log = [(8, "amount", Decimal(100), Decimal(500)), (8, "amount", Decimal(500), Decimal(130))]
    assert rows(deal(log=log))[WEEK[0], Q1] == {"created": 100, "increased": 30, "closing": 130}


def test_a_date_within_the_quarter_moves_nothing_and_no_date_has_a_cell_of_its_own():
    log = [(8, "expected_close_on", date(2025, 6, 1), date(2025, 6, 30))]
    log += [(15, "expected_close_on", date(2025, 6, 30), None)]
    found = rows(deal(log=log))
    assert found[WEEK[0], Q1] == {"created": 100, "closing": 100}
    assert found[WEEK[1], ("Fairs", "none")] == {"pulled_in": 100, "closing": 100}


def test_a_day_shows_what_was_open_at_its_end():
    history, company = told(
        deal(log=[(9, "stage", "Enquiry", "Lost"), (11, "stage", "Lost", "Offer")]), as_of=at(12, 10)
    )
    assert [(day.day, state.stage) for (day, _), state in ledger.daily(history, company).items()] == [
        (7, "Enquiry"), (8, "Enquiry"), (11, "Offer"), (12, "Offer"),
    ]  # fmt: skip


def test_versions_tell_what_no_log_does_and_a_closing_is_dated_by_the_record():
    exports = [
        Version(at(8), cells()),
        Version(at(16), cells(amount=Decimal(70))),
        Version(at(23), cells(amount=Decimal(70), stage="Won"), closed_at=at(18)),
    ]
    company = Company(at(27), ZONE, STATUSES, RATES)
    history = ledger.histories([Deal("d", at(7), "Fairs", "desk", exports)], company)
    found = [(entry.at, entry.movement, int(entry.amount)) for entry in ledger.movements(history, company)]
    assert found == [(at(7), "created", 100), (at(16), "decreased", -30), (at(18), "won", -70)]


def test_without_any_history_a_deal_that_closed_since_is_open_in_a_stage_that_nobody_knows():
    company = Company(at(14), ZONE, STATUSES, RATES)
    late = Version(at(27), cells(stage="Won"), closed_at=at(20))
    (history,) = ledger.histories([Deal("d", at(7), "Fairs", "desk", [late])], company)
    assert (history.state(at(14)).status, history.state(at(14)).stage) == ("open", None)
    # one that was said to be won by then is, whatever date its record bears
    early = Version(at(10), cells(stage="Won"), closed_at=at(20))
    (history,) = ledger.histories([Deal("d", at(7), "Fairs", "desk", [early])], company)
    assert history.state(at(14)).status == "won"


def test_without_any_history_a_deal_was_open_until_it_closed_and_its_category_says_nothing_of_that():
    exports = [Version(at(27), cells(stage="Lost", forecast_category="omitted"), closed_at=at(15))]
    company = Company(at(28), ZONE, STATUSES, RATES)
    history = ledger.histories([Deal("d", at(7), "Fairs", "desk", exports)], company)
    assert [(entry.at, entry.movement) for entry in ledger.movements(history, company)] == [
        (at(7), "created"), (at(15), "lost"),
    ]  # fmt: skip


@pytest.mark.parametrize("updated_at", [at(15), None])
def test_a_category_first_told_of_a_closed_deal_is_no_word_about_the_time_before(updated_at):
    exports = [
        Version(at(20), cells(stage="Lost", forecast_category="omitted"), closed_at=at(15), updated_at=updated_at),
        Version(at(27), cells(stage="Lost", forecast_category="commit"), closed_at=at(15), updated_at=at(25)),
    ]
    company = Company(at(28), ZONE, STATUSES, RATES)
    history = ledger.histories([Deal("d", at(7), "Fairs", "desk", exports)], company)
    assert [(entry.at, entry.movement) for entry in ledger.movements(history, company)] == [
        (at(7), "created"), (at(15), "lost"),
    ]  # fmt: skip
