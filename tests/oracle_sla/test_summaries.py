"""Many handovers by hand: of the office of Pune, judged on 31 March 2026 at 12:00."""

from fractions import Fraction
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle_sla.hand import at, call, company, handed, lead
from tests.oracle_sla.handovers import handovers
from tests.oracle_sla.summaries import bands, handover_aging, handover_delays, percentile, qualification_disputes

EARLY = at("2025-03-31 23:59")  # no agreement was in force


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=30))
def test_percentiles_are_those_of_the_standard_library(values):
    tenths = quantiles(values, n=10, method="inclusive")
    assert percentile(values, Fraction(1, 2)) == pytest.approx(tenths[4])
    assert percentile(values, Fraction(9, 10)) == pytest.approx(tenths[8])


def test_delays_of_the_system_and_of_people_apart(tmp_path):
    rows = [
        handed(channel="Email"),
        handed(handover_id="x#1", lead_id="x", channel="Web"),
        handed(handover_id="y#1", lead_id="y", channel="Web", agreement_version=None, handed_over_at=EARLY),
    ]
    leads = [lead(), lead(lead_id="x", owner_id=None, created_at=at("2026-01-06 04:00")), lead(lead_id="y")]
    ready = {"l": at("2026-01-06 09:00"), "x": at("2026-01-06 10:01")}
    published = [{"lead_id": name, "mql_at": ready.get(name)} for name in "lxy"]
    told = company(
        tmp_path, *rows, core_leads=leads, metrics__leads=published, core_activities=[call("2026-01-07 10:30")]
    )
    found = {tuple(row.values())[:4]: row for row in handover_delays(told, handovers(told))}
    assert len(found) == 2 * (2 * 2 + 2 + 1)
    month = told.company.calendar.period("month", told.company.calendar.day(at("2026-01-06 10:00"))).start
    row = found["month", month, "(all)", "(all)"]
    assert (row["handovers"], row["contacted"], row["unavailable"]) == (2, 1, 0)
    assert (row["system_delay_median_hours"], row["system_delay_p90_hours"]) == (15, 22.2)
    assert (row["qualified"], row["mql_to_handover_median_hours"], row["mql_to_handover_p90_hours"]) == (1, 1, 1)
    assert (row["response_business_median_hours"], row["response_elapsed_median_hours"]) == (9.5, 24.5)
    assert found["month", month, "unknown", "Web"]["response_business_median_hours"] is None


def test_who_owns_the_lead_now_must_act(tmp_path):
    changes = [
        {"lead_id": "l", "changed_at": at("2026-03-30 10:00"), "field": "owner"}
        | {"old": "u1", "new": "u3", "ids_of": "crm"}
    ]
    users = [{"user_id": f"crm:u{n}", "name": f"Name {n}", "team": team} for n, team in ((1, "sales"), (3, "support"))]
    told = company(tmp_path, handed(), core_lead_changes=changes, core_users=users)
    (row,) = handover_aging(told, handovers(told))
    assert (row["age_band"], row["team"], row["owner_id"], row["owner_name"]) == (
        "over 30 days", "support", "crm:u3", "Name 3")  # fmt: skip
    assert [name for name, _, _ in bands(told)] == ["0-7 days", "8-30 days", "over 30 days"]


def test_a_colleagues_deal_tells_too(tmp_path):
    junk = [lead(disposition="Junk", disposed_at=at("2026-01-20 10:00"))]
    published = [{"lead_id": "l", "account_id": "a", "company_name": "Pumps", "record_url": "https://crm/l"}]
    deals = [
        {
            "deal_id": "d",
            "lead_id": "other",
            "account_id": "a",
            "status": "won",
            "deal_amount": 5,
            "created_at": at(when),
        }
        for when in ("2026-01-06 09:59", "2026-01-06 10:00")
    ]
    told = company(tmp_path, handed(), core_leads=junk, metrics__leads=published, metrics__deals=deals)
    (row,) = qualification_disputes(told, handovers(told))
    assert (row["later_outcome"], row["account_outcome"], row["account_amount"]) == ("no deal", "won", 5)
    assert (row["company_name"], row["record_url"]) == ("Pumps", "https://crm/l")
    aside = company(tmp_path, handed(), core_leads=[lead(**junk[0] | {"disposition": "No budget"})])
    assert qualification_disputes(aside, handovers(aside)) == []
