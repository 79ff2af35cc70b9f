"""Properties that hold for any touches, changes and zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

START = datetime(2025, 6, 1, 10, 0, tzinfo=UTC)
KINDS = ("form_fill", "webinar", "page_view")
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
hours = st.integers(-40 * 24, 60 * 24)
touches = st.lists(st.tuples(hours, st.sampled_from(KINDS)), max_size=12)
rules = st.lists(
    st.tuples(st.sampled_from(KINDS[:2]), st.integers(1, 4), st.integers(1, 30)),
    min_size=1,
    max_size=3,
)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def stamp(moment: datetime) -> str:
    return moment.isoformat()


def build(new_company, touched, agreed, zone=UTC, **cells):
    company = new_company()
    company.agreement["intent_behaviours"] = [company.behaviour(*rule) for rule in agreed]
    company.lead(created_at=stamp(START.astimezone(zone)), **cells)
    rows = [{"happened_at": stamp(at(h).astimezone(zone)), "kind": kind} for h, kind in touched]
    return company.touches(*[{"lead_id": "L1", **row} for row in rows])


def has_intent(touched, agreed, hour) -> bool:
    return any(
        sum(k == kind and hour - days * 24 < h <= hour for h, k in touched) >= minimum for kind, minimum, days in agreed
    )


@few
@given(touched=touches, agreed=rules, hour=st.integers(0, 60 * 24))
def test_intent_equals_counting_by_hand(new_company, touched, agreed, hour):
    company = build(new_company, touched, agreed)
    assert company.verdict(as_of=at(hour))["intent_fits"] is has_intent(touched, agreed, hour)


@few
@given(touched=touches, agreed=rules, changed=st.one_of(st.none(), st.integers(1, 50 * 24)))
def test_mql_at_is_the_first_hour_at_which_all_held(new_company, touched, agreed, changed):
    company = build(new_company, touched, agreed)
    if changed is not None:
        company.change("industry", (stamp(at(changed)), "Retail", "Mfg"))
    held = (h for h in range(60 * 24 + 1) if h >= (changed or 0) and has_intent(touched, agreed, h))
    first = next(held, None)
    found = company.verdict(as_of=at(60 * 24))["mql_at"]
    assert found is pd.NaT if first is None else found == at(first)


@few
@given(touched=touches, agreed=rules, handed=st.integers(0, 40 * 24), later=st.integers(1, 480))
def test_a_later_touch_never_changes_an_earlier_handover(new_company, touched, agreed, handed, later):
    company = build(new_company, touched, agreed, handed_over_at=stamp(at(handed)))
    before = company.handovers()
    company.touch(*[stamp(at(handed + later))] * 4, kind="form_fill")
    assert company.handovers() == before


@few
@given(
    touched=touches,
    agreed=rules,
    zone=st.sampled_from(["Asia/Kolkata", "America/New_York", "Pacific/Auckland"]),
)
def test_mql_at_does_not_depend_on_the_zone_the_dates_are_written_in(new_company, touched, agreed, zone):
    utc = build(new_company, touched, agreed).judge().leads
    other = build(new_company, touched, agreed, ZoneInfo(zone)).judge().leads
    assert utc.equals(other)
