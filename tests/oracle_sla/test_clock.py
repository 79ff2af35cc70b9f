"""The clock against hand-made days, and what must hold between any two instants."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle_sla.clock import HOUR, Office, hours_long, terms
from tests.oracle_sla.hand import LEVELS, ZONE, agreement, at

MINUTE = HOUR // 60


def office(special=None, zone=ZONE, first="2025-10-01", last="2026-12-31", **levels) -> Office:
    days = (date.fromisoformat(day).toordinal() for day in (first, last))
    return Office(LEVELS | levels, zone, *days, special or {})


PUNE = office()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-06 10:00", "2026-01-06 12:15", 2.25),
        ("2026-01-06 23:00", "2026-01-07 06:00", 0),  # the night
        ("2026-01-06 23:00", "2026-01-07 09:31", 1 / 60),  # called right in the morning
        ("2026-01-03 18:00", "2026-01-05 10:00", 1),  # Saturday evening to Monday morning
        ("2026-01-04 11:00", "2026-01-04 17:00", 0),  # Sunday
        ("2026-01-06 18:30", "2026-01-07 09:30", 0),  # exactly from closing to opening
        ("2026-01-06 09:30", "2026-01-06 18:30", 9),
        ("2026-01-06 00:00", "2026-01-13 00:00", 54),  # six days of nine hours
        ("2026-01-24 18:00", "2026-01-27 10:00", 1),  # Sunday, then Republic Day on Monday
        ("2025-10-18 17:30", "2025-10-23 10:30", 2 + 9),  # Diwali 20 October, Balipratipada 22; 21 is worked
        ("2026-01-06 12:00", "2026-01-06 10:00", 0),  # not later
    ],
)
def test_hours_worked(start, end, hours):
    assert PUNE.worked(at(start), at(end)) == pytest.approx(hours * HOUR, abs=1)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-01-06 10:00", "8", "2026-01-06 18:00"),
        ("2026-01-06 11:00", "8", "2026-01-07 10:00"),
        ("2026-01-06 10:30", "8", "2026-01-07 09:30"),  # filled to the last moment: until the next opening
        ("2026-01-03 10:30", "8", "2026-01-05 09:30"),  # over a Sunday
        ("2026-01-06 02:00", "3", "2026-01-06 12:30"),  # at night
        ("2026-01-06 18:30", "0.25", "2026-01-07 09:45"),  # exactly at closing time
        ("2026-01-04 12:00", "9", "2026-01-06 09:30"),  # Sunday: all of Monday
        ("2026-01-24 18:00", "1", "2026-01-27 10:00"),  # over Republic Day
    ],
)
def test_the_deadline(start, hours, due):
    assert PUNE.due(at(start), hours_long(hours)) == at(due)


def test_diwali_with_the_days_of_the_works():
    shut = office(special={date(2025, 10, 21).toordinal(): False, date(2025, 10, 19).toordinal(): True})
    assert shut.worked(at("2025-10-18 17:30"), at("2025-10-23 10:30")) == 2 * HOUR + 9 * HOUR  # Sunday 19, not 21
    assert shut.is_open(at("2025-10-19 12:00")) and not shut.is_open(at("2025-10-21 12:00"))


def test_opening_is_open_and_closing_is_not():
    assert PUNE.is_open(at("2026-01-06 09:30"))
    assert not PUNE.is_open(at("2026-01-06 18:30"))
    assert PUNE.is_open(at("2026-01-06 18:30") - 1)
    assert not PUNE.is_open(at("2026-01-04 12:00"))


def test_clocks_going_forward_and_back():
    """Berlin, 29 March and 25 October 2026: an office of Sundays, open from 00:30 to 04:30 of the wall's clock."""
    zone = "Europe/Berlin"
    berlin = office(zone=zone, working_days="Sun", opens_at="00:30", closes_at="04:30", holiday_country="DE",
                    holiday_subdivision="BE")  # fmt: skip
    lost, gained = (at(f"2026-{day} 00:00", zone) for day in ("03-29", "10-25"))
    assert berlin.worked(lost, at("2026-03-29 12:00", zone)) == 3 * HOUR
    assert berlin.worked(gained, at("2026-10-25 12:00", zone)) == 5 * HOUR
    assert berlin.due(lost, 2 * HOUR) == at("2026-03-29 03:30", zone)
    assert berlin.due(gained, 3 * HOUR) == at("2026-10-25 02:30", zone) + HOUR  # 02:30 the second time


def test_mondays_to_fridays_without_a_state():
    elsewhere = office(working_days="Mon;Tue; Wed;Thu;Fri", holiday_subdivision="")
    assert not elsewhere.is_open(at("2026-01-03 12:00"))
    gudi_padwa = at("2026-03-19 12:00")  # a Thursday, kept in Maharashtra
    assert elsewhere.is_open(gudi_padwa) and not PUNE.is_open(gudi_padwa)


def test_beyond_the_last_day_nothing_is_due():
    last = office(last="2026-01-06")
    assert last.due(at("2026-01-06 17:30"), HOUR - 1) == at("2026-01-06 18:30") - 1
    assert last.due(at("2026-01-06 17:30"), HOUR) is None


def test_terms_of_each_signed_version(tmp_path):
    folder = agreement(tmp_path, v1={"contact_within_hours": "2.5"}, v2={}, v3={"opens_at": "08:00"})
    found = terms(folder, ZONE, {1: at("2025-04-01 00:00"), 2: at("2026-01-01 00:00")}, at("2026-01-05 12:00"))
    assert set(found) == {1, 2}
    assert (found[1].contact_within, found[2].contact_within) == (150 * MINUTE, 8 * HOUR)
    assert found[1].targets["contact"] == 0.75
    assert found[2].office.first_on == date(2025, 12, 31).toordinal()
    assert found[2].office.last_on == date(2027, 2, 9).toordinal()  # 400 days after 5 January 2026


moments = st.integers(at("2025-10-02 00:00"), at("2026-10-31 00:00"))
lengths = st.integers(1, 40 * HOUR)


@given(moments, moments, moments)
def test_stretches_add_up(a, b, c):
    a, b, c = sorted((a, b, c))
    assert PUNE.worked(a, b) + PUNE.worked(b, c) == PUNE.worked(a, c)
    assert 0 <= PUNE.worked(a, b) <= b - a


@given(moments, lengths, moments)
def test_in_time_is_not_after_the_deadline(start, within, end):
    due = PUNE.due(start, within)
    assert PUNE.worked(start, due) == within
    assert PUNE.worked(start, due + 1) == within + 1
    if end >= start:
        assert (end <= due) == (PUNE.worked(start, end) <= within)


@given(moments, moments)
def test_minute_by_minute_it_is_the_same(a, b):
    """Counting the minutes in which the office is open, of at most two days."""
    a = a // MINUTE * MINUTE
    b = a + (b - a) // MINUTE * MINUTE % (48 * HOUR)
    assert PUNE.worked(a, b) == MINUTE * sum(PUNE.is_open(minute) for minute in range(a, b, MINUTE))
