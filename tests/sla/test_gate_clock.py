"""The gate's clock is its own: it walks through the days that the SQL adds up, and must come to the same."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given

from onefunnel.gate.service import Office as Days
from onefunnel.judge.instants import EPOCH, MICROSECOND, micros
from tests.sla.office import Clock, Office, calendar_of
from tests.sla.test_clock import few, moments, offices, st


def days_of(office: Office) -> Days:
    worked = calendar_of(office).query("is_working")
    return Days(*([micros(at) for at in worked[name]] for name in ("opens_at", "closes_at")))


@few
@given(st.data())
def test_both_clocks_tell_the_same_hours_and_the_same_deadline(data):
    office = data.draw(offices())
    days, clock = days_of(office), Clock(office)
    a, b = sorted(data.draw(moments(office)) for _ in range(2))
    within = data.draw(st.one_of(st.integers(1, 10**11), st.just(days.worked(micros(a), micros(b)) or 1)))
    worked, is_open, due = clock.ask([(a, b)], within)[0]
    told = days.over(micros(a), within)
    assert (days.worked(micros(a), micros(b)), days.is_open(micros(a))) == (worked, is_open)
    assert (None if told is None else EPOCH + told * MICROSECOND) == due


def test_no_time_passes_backwards_and_nothing_is_due_when_the_calendar_is_over():
    office = Office()
    days, friday = days_of(office), micros(office.edge(date(2024, 3, 15), time(12)))
    hour = timedelta(hours=1) // MICROSECOND
    assert days.worked(friday, friday - 3 * hour) == 0
    assert days.over(friday, 10_000 * hour) is None
    assert not Days([], []).is_open(friday) and Days([], []).over(friday, 1) is None
