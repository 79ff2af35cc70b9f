"""Disputes by hand: January 2026, a lead each."""

import pytest

from tests.oracle_sla.drivers import compared, dispute_drivers, wilson
from tests.oracle_sla.hand import at, company, handed, lead
from tests.oracle_sla.handovers import handovers

JUNK = {"disposition": "Junk", "disposed_at": at("2026-01-20 10:00")}
TAKEN = {"claimed_sql_at": at("2026-01-20 10:00")}
LEADS = {
    "a": (TAKEN, {"role_fits": False}),
    "b": (TAKEN, {"role_fits": False, "intent_fits": None}),
    "c": (JUNK, {}),
    "d": (JUNK, {"role_fits": False}),
    "e": (JUNK, {"industry_fits": False, "role_fits": False}),
    "f": (TAKEN, {}),
    "g": ({}, {"role_fits": False}),  # sales has not said anything
    "h": (JUNK | {"disposition": "No budget"}, {"role_fits": False}),  # nothing against the lead
}


@pytest.fixture
def found(tmp_path):
    rows = [
        handed(handover_id=f"{name}#1", lead_id=name, definition_met=not fits, **fits)
        for name, (_, fits) in LEADS.items()
    ]
    leads = [lead(lead_id=name, **said) for name, (said, _) in LEADS.items()]
    deals = [
        {
            "deal_id": name,
            "lead_id": name,
            "status": status,
            "deal_amount": 100,
            "opportunity_at": at("2026-02-01 00:00"),
        }
        for name, status in (("a", "won"), ("b", "lost"))
    ]
    segments = [{"lead_id": name, "segment": "Large" if name == "e" else "Micro"} for name in LEADS]
    told = company(tmp_path, *rows, core_leads=leads, metrics__leads=segments, metrics__deals=deals)
    return dispute_drivers(told, handovers(told))


def test_a_lead_stands_under_all_that_it_misses(found):
    month = {(row["segment"], row["driver"]): row for row in found if row["period_kind"] == "month"}
    assert set(month) == {
        (segment, driver) for segment in ("(all)", "Micro") for driver in ("not role", "unknown: intent", "junk")
    }
    role, micro, intent, junk = (
        month[key]
        for key in (("(all)", "not role"), ("Micro", "not role"), ("(all)", "unknown: intent"), ("(all)", "junk"))
    )
    assert [role[n] for n in ("disputes", "all_disputes", "only_criterion_disputes", "agreed", "all_agreed")] == [
        2, 2, 1, 2, 2]  # fmt: skip
    assert (role["lift"], role["won"], role["won_amount"], role["status"]) == (1, 1, 100, "few cases")
    assert (micro["agreed"], micro["all_agreed"]) == (1, 1)
    assert (intent["disputes"], intent["agreed"], intent["lift"]) == (1, 0, None)
    assert (junk["dispute"], junk["criterion"], junk["only_criterion_disputes"]) == (
        "definition passes, sales rejects", "role", None)  # fmt: skip
    assert [junk[n] for n in ("disputes", "all_disputes", "agreed", "all_agreed", "lift")] == [1, 1, 2, 2, 1]


def test_every_period_says_the_same(found):
    kinds = {kind: [row for row in found if row["period_kind"] == kind] for kind in ("month", "fiscal_quarter")}
    assert len(kinds["month"]) == len(kinds["fiscal_quarter"]) == len(found) / 3


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table II: method 10 of a, b, e and g
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((5, 56, 0, 29), -0.0381, 0.1926),
     ((10, 10, 0, 20), 0.6791, 1.0)],
)  # fmt: skip
def test_the_intervals_of_published_examples(counts, low, high):
    row = compared(*counts, fewest=10)
    assert (round(row["share_difference_low"], 4), round(row["share_difference_high"], 4)) == (low, high)
    assert row["status"] == ("drives the dispute" if low > 0 else "as common where both agree")
    assert compared(*counts[2:], *counts[:2], fewest=10)["share_difference_high"] == -row["share_difference_low"]


def test_what_cannot_be_compared():
    assert wilson(0, 0) == (None, None, None)
    row = compared(3, 3, 0, 0, fewest=2)
    assert (row["status"], row["lift"], row["share_difference"]) == ("few cases", None, None)
    assert compared(1, 20, 20, 20, fewest=20)["status"] == "rarer in the dispute"
