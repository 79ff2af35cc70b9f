"""The business clock in SQL: the macros on calendars that Python wrote, beside a clock that counts minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.sla.office import MICROSECOND, Clock, Office

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
HOUR = timedelta(hours=1)
FIRST, LAST = date(2024, 3, 1), date(2025, 4, 20)
ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")
# the days on which these zones' clocks are put forward or back, public holidays and a leap day's morrow
ODD_DAYS = [
    *(date(2024, 3, 10), date(2024, 3, 31), date(2024, 10, 27), date(2024, 11, 3), date(2025, 3, 30)),
    *(date(2024, 8, 15), date(2024, 10, 2), date(2024, 12, 25), date(2025, 1, 1), FIRST),
]
days = st.one_of(st.sampled_from(ODD_DAYS), st.dates(FIRST, LAST))


@st.composite
def offices(draw) -> Office:
    """Open at any whole minutes but those that a zone may skip or have twice."""
    opens, closes = sorted(draw(st.lists(st.integers(4 * 60, 24 * 60 - 1), min_size=2, max_size=2, unique=True)))
    return Office(
        zone=draw(st.sampled_from(ZONES)),
        opens=time(*divmod(opens, 60)),
        closes=time(*divmod(closes, 60)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        country=draw(st.sampled_from(("IN", "DE", "US"))),
        special=tuple(draw(st.dictionaries(days, st.booleans(), max_size=4)).items()),
    )


@st.composite
def moments(draw, office: Office) -> datetime:
    """Anywhere in the calendar, and often within a microsecond or a minute of where the door opens or closes."""
    day = draw(days)
    at = draw(st.sampled_from((office.opens, office.closes, time(0), time(12), None)))
    if at is None:
        at = draw(st.times())
    step = draw(st.sampled_from((timedelta(0), MICROSECOND, -MICROSECOND, 60_000_000 * MICROSECOND)))
    return office.edge(day, at) + step


@few
@given(st.data())
def test_it_counts_what_a_clock_counts_that_looks_at_the_door_every_minute(data):
    office = data.draw(offices())
    clock = Clock(office)
    pairs = []
    for _ in range(3):
        a = data.draw(moments(office))
        pairs.append((a, a + data.draw(st.timedeltas(timedelta(0), timedelta(days=2)))))
    told = clock.ask(pairs)
    assert [worked for worked, *_ in told] == [office.worked(a, b) for a, b in pairs]
    assert [is_open for _, is_open, _ in told] == [office.is_open(a) for a, _ in pairs]


@few
@given(st.data())
def test_it_never_runs_back_and_adds_up_however_a_span_is_split(data):
    office = data.draw(offices())
    clock = Clock(office)
    a, b, c = sorted(data.draw(moments(office)) for _ in range(3))
    (whole, *_), (first, *_), (second, *_), (none, *_) = clock.ask([(a, c), (a, b), (b, c), (a, a)])
    assert first >= 0 and second >= 0 and none == 0
    assert first + second == whole
    assert whole <= (c - a) // MICROSECOND


@few
@given(st.data())
def test_it_does_not_matter_in_which_zone_an_instant_is_written_or_read(data):
    office = data.draw(offices())
    clock = Clock(office)
    pairs = [tuple(sorted(data.draw(moments(office)) for _ in range(2))) for _ in range(3)]
    zone, session = (data.draw(st.sampled_from((*ZONES, "Pacific/Auckland"))) for _ in range(2))
    assert clock.ask(pairs, 3_600_000_000, zone, session) == clock.ask(pairs, 3_600_000_000)


@few
@given(st.data())
def test_in_time_is_to_have_needed_no_more_than_the_agreed_hours(data):
    office = data.draw(offices())
    clock = Clock(office)
    a = data.draw(moments(office))
    within = data.draw(st.integers(1, 40 * 3_600_000_000))
    due = clock.ask([(a, a)], within)[0][2]
    assume(due is not None)
    later = [a + data.draw(st.timedeltas(timedelta(0), timedelta(days=30))) for _ in range(3)]
    bs = [b for b in (*later, due, due + MICROSECOND, due - MICROSECOND) if a <= b and b.date() < clock.until]
    for b, (worked, *_) in zip(bs, clock.ask([(a, b) for b in bs])):
        assert (b <= due) == (worked <= within), b
    assert clock.worked(a, due) == within


@few
@given(st.data())
def test_what_is_due_after_the_calendar_ends_has_no_deadline(data):
    office = data.draw(offices())
    clock = Clock(office)
    a = data.draw(moments(office))
    left = clock.worked(a, office.edge(clock.until, time(23, 59, 59, 999999)))
    assert clock.ask([(a, a)], left + 60_000_000)[0][2] is None
    assume(left > 0)
    assert clock.ask([(a, a)], left - 1)[0][2] is not None


# one office, edge by edge: Pune, 9:30 to 18:30, Monday to Saturday
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2024, 3, day) for day in (15, 16, 17, 18))
OPENS, CLOSES = time(9, 30), time(18, 30)


@pytest.fixture(scope="module")
def pune() -> Clock:
    special = ((date(2024, 7, 17), True), (date(2024, 11, 1), False), (date(2024, 12, 1), True))
    return Clock(Office(special=special))


def local(day: date, at: time) -> datetime:
    return Office().edge(day, at)


EDGES = {
    "a whole day": (FRIDAY, time(0), SATURDAY, time(0), 9 * HOUR),
    "from opening to closing": (FRIDAY, OPENS, FRIDAY, CLOSES, 9 * HOUR),
    "before it opens": (FRIDAY, time(6), FRIDAY, OPENS, timedelta(0)),
    "the first microsecond": (FRIDAY, time(6), FRIDAY, time(9, 30, 0, 1), MICROSECOND),
    "the last microsecond": (FRIDAY, time(18, 29, 59, 999999), FRIDAY, time(23), MICROSECOND),
    "a night": (FRIDAY, CLOSES, SATURDAY, OPENS, timedelta(0)),
    "saturday evening to monday morning": (SATURDAY, time(18), MONDAY, time(10), HOUR),
    "a sunday": (SUNDAY, time(0), SUNDAY, time(23, 59), timedelta(0)),
    "independence day, a thursday": (date(2024, 8, 15), time(0), date(2024, 8, 15), time(23), timedelta(0)),
    "around independence day": (date(2024, 8, 14), time(17, 30), date(2024, 8, 16), time(10, 30), 2 * HOUR),
    "a holiday that is worked": (date(2024, 7, 17), time(0), date(2024, 7, 18), time(0), 9 * HOUR),
    "a friday that is not": (date(2024, 11, 1), time(0), date(2024, 11, 2), time(0), timedelta(0)),
    "a sunday that is": (date(2024, 12, 1), time(0), date(2024, 12, 2), time(0), 9 * HOUR),
}


@pytest.mark.parametrize("name", EDGES)
def test_every_edge_is_exact(pune, name):
    from_day, from_at, until_day, until_at, worked = EDGES[name]
    assert pune.worked(local(from_day, from_at), local(until_day, until_at)) * MICROSECOND == worked


DEADLINES = {
    "within the day": (FRIDAY, time(10), 8, FRIDAY, time(18)),
    "over the night": (FRIDAY, time(17), 8, SATURDAY, time(16)),
    "over the sunday": (SATURDAY, time(18), 1, MONDAY, time(10)),
    "in the night": (FRIDAY, time(22), 1, SATURDAY, time(10, 30)),
    "on a sunday": (SUNDAY, time(12), 8, MONDAY, time(17, 30)),
    "at the stroke of opening": (FRIDAY, OPENS, 8, FRIDAY, time(17, 30)),
    "at the stroke of closing": (FRIDAY, CLOSES, 8, SATURDAY, time(17, 30)),
    # a day's last instant and the next opening are one on the clock: the later one is still in time
    "the hours end as the office closes": (FRIDAY, OPENS, 9, SATURDAY, OPENS),
    "they end as it closes before a sunday": (SATURDAY, OPENS, 9, MONDAY, OPENS),
}


@pytest.mark.parametrize("name", DEADLINES)
def test_every_deadline_is_exact(pune, name):
    from_day, from_at, hours, due_day, due_at = DEADLINES[name]
    assert pune.due(local(from_day, from_at), hours * HOUR) == local(due_day, due_at)


def test_where_clocks_are_put_back_the_night_shift_is_an_hour_longer():
    berlin = Office(zone="Europe/Berlin", opens=time(0, 30), closes=time(5), weekdays=frozenset(range(7)), country="US")
    clock = Clock(berlin)
    spring, autumn = date(2024, 3, 31), date(2024, 10, 27)
    spans = [(berlin.edge(day, time(0)), berlin.edge(day, time(12))) for day in (spring, autumn)]
    assert [worked * MICROSECOND for worked, *_ in clock.ask(spans)] == [3.5 * HOUR, 5.5 * HOUR]
    assert [berlin.worked(*span) * MICROSECOND for span in spans] == [3.5 * HOUR, 5.5 * HOUR]
    assert clock.due(berlin.edge(spring, time(1)), 2 * HOUR) == datetime(2024, 3, 31, 2, tzinfo=UTC)
    assert clock.due(berlin.edge(autumn, time(1)), 2 * HOUR) == datetime(2024, 10, 27, 1, tzinfo=UTC)
