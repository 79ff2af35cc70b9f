"""Handovers by field, status and owner team; recycling; what each was judged on."""

from datetime import UTC, datetime

import pandas as pd
import pytest

JUNE = "2025-06-20T00:00:00Z"


def rule(company, *rows):
    names = ("source", "marks_by", "value")
    company.agreement["handover_rules"] = [dict(zip(names, row, strict=True)) for row in rows]


def times(company, **kwargs):
    return [str(row["handed_over_at"])[:10] for row in company.handovers(**kwargs)]


def sales_team(company):
    rule(company, ("crm", "owner_team", "Sales"))
    company.add(
        "users",
        {"user_id": "U1", "team": "marketing"},
        {"user_id": "U2", "team": "sales"},
        {"user_id": "U3", "team": " SALES "},
    )


def test_each_distinct_value_of_the_field_is_an_entry_but_recycling_makes_the_next(company):
    company.lead(handed_over_at="2025-06-10", updated_at="2025-06-10")
    company.lead(handed_over_at="2025-06-12", updated_at="2025-06-12", _version="2")
    assert times(company) == ["2025-06-09"]
    company.change("status", ("2025-07-01T00:00:00Z", "New", "back to  MARKETING"))
    company.lead(handed_over_at="2025-08-01", updated_at="2025-08-01", _version="3")
    found = company.judge()
    assert list(found.handovers.handover_id) == ["crm:L1#1", "crm:L1#2"]
    lead = found.leads.iloc[0]
    assert lead.times_handed_over == 2
    assert lead.first_handed_over_at == pd.Timestamp("2025-06-09T18:30:00Z")
    assert lead.handed_over_at == pd.Timestamp("2025-07-31T18:30:00Z")
    assert lead.handover_status == "handed"


def test_a_field_after_as_of_is_no_handover_yet(company):
    company.lead(handed_over_at=JUNE).touch("2025-06-19")
    found = company.verdict(as_of=datetime(2025, 6, 19, 23, 59, tzinfo=UTC))
    assert found["handover_status"] == "not handed"
    assert found["handed_over_at"] is pd.NaT
    assert found["times_handed_over"] == 0


def test_status_becoming_the_word_is_the_handover(company):
    rule(company, ("*", "status", "Sales Ready"))
    company.lead(status="SQL")
    company.change("status", (JUNE, "New", "sales  ready"), ("2025-07-01T00:00:00Z", "x", "SQL"))
    assert times(company) == ["2025-06-20"]


def test_a_first_status_that_already_is_the_word_counts_from_creation(company):
    rule(company, ("*", "status", "Sales Ready"))
    company.lead("L1", status="SQL").lead("L2", status="Sales Ready").lead("L3", status="New")
    company.change("status", ("2025-07-01T00:00:00Z", "Sales Ready", "SQL"))
    assert [(r["lead_id"], str(r["handed_over_at"])) for r in company.handovers()] == [
        ("crm:L1", "2025-06-01 10:00:00+00:00"),
        ("crm:L2", "2025-06-01 10:00:00+00:00"),
    ]


def test_a_rule_that_needs_undelivered_history_makes_the_handover_unavailable(company):
    rule(company, ("*", "status", "Sales Ready"))
    company.lead(status="Sales Ready").touch("2026-03-30")
    found = company.verdict()
    assert found["handover_status"] == "unavailable: no handover time"
    assert found["routing"] is None
    assert pd.isna(found["times_handed_over"])
    assert found["is_qualified"] is True


def test_a_source_without_a_rule_is_unavailable_and_its_own_rule_beats_the_star(company):
    rule(company, ("other", "field", "handed_over_at"))
    company.lead(handed_over_at=JUNE).lead("L2", source="other", handed_over_at=JUNE)
    leads = company.judge().leads.set_index("lead_id").handover_status
    assert leads.to_dict() == {"crm:L1": "unavailable: no handover time", "other:L2": "handed"}
    rule(company, ("*", "field", "handed_over_at"), ("crm", "status", "x"))
    assert company.verdict()["handover_status"] == "unavailable: no handover time"


def test_an_owner_of_the_team_is_the_handover_and_another_one_is_not_a_second(company):
    sales_team(company)
    company.lead(owner_id="U3")
    company.change("owner", (JUNE, "U1", "U2"), ("2025-06-25T00:00:00Z", "U2", "U3"))
    [handover] = company.handovers()
    assert str(handover["handed_over_at"])[:10] == "2025-06-20"
    assert handover["owner_id"] == "crm:U2"


def test_having_an_owner_of_another_team_is_not_a_handover(company):
    sales_team(company)
    company.lead(owner_id="U1").change("owner", (JUNE, None, "U1"), (JUNE, "U1", "U9"))
    assert company.verdict()["handover_status"] == "not handed"


def test_an_owner_of_the_team_after_recycling_is_handed_over_again(company):
    sales_team(company)
    company.lead(owner_id="U3", disposition="not now", disposed_at="2025-06-22")
    company.change("owner", (JUNE, "U1", "U2"), ("2025-06-25T00:00:00Z", "U2", "U3"))
    assert times(company) == ["2025-06-20", "2025-06-25"]


def test_a_recycled_lead_waits_again_by_the_verdict_of_its_handover(company):
    company.lead(handed_over_at=JUNE, disposition="Not now", disposed_at="2025-07-01")
    company.lead("L2", handed_over_at=JUNE, disposition="Wrong number", disposed_at="2025-07-01")
    company.lead("L3", handed_over_at=JUNE, disposition="Not now", disposed_at="2025-07-01")
    company.touch("2025-06-19", "2025-06-19").touch("2025-06-19", lead_id="L2")
    leads = company.judge().leads.set_index("lead_id")
    assert leads.routing.to_dict() == {
        "crm:L1": "qualified_waiting", "crm:L2": "qualified_handed", "crm:L3": "nurture",
    }  # fmt: skip
    assert leads.handover_status["crm:L1"] == "recycled"


@pytest.mark.parametrize(("recycled_on", "status"), [(JUNE, "handed"), ("2025-06-21", "recycled")])
def test_recycled_means_strictly_after_the_latest_handover(company, recycled_on, status):
    company.lead(handed_over_at=JUNE, disposition="Not now", disposed_at=recycled_on)
    assert company.verdict()["handover_status"] == status


def test_recycling_after_as_of_has_not_happened(company):
    company.lead(handed_over_at=JUNE, disposition="Not now", disposed_at="2025-07-01")
    at = datetime(2025, 6, 30, tzinfo=UTC)
    assert company.verdict(as_of=at)["handover_status"] == "handed"


def test_a_disposition_that_was_cleared_since_still_recycled_the_lead(company):
    company.lead(handed_over_at="2025-06-10", disposition="Not now", disposed_at="2025-06-20",
                 updated_at="2025-06-20")  # fmt: skip
    company.lead(handed_over_at="2025-07-10", updated_at="2025-07-10", _version="2")
    assert len(company.handovers()) == 2


def test_a_later_field_or_touch_does_not_mend_the_handover(company):
    company.lead(industry="Mfg", handed_over_at=JUNE).touch("2025-06-20T00:00:01Z")
    company.change("industry", ("2025-06-21T00:00:00Z", "Retail", "Mfg"))
    found = company.judge()
    handover, lead = found.handovers.iloc[0], found.leads.iloc[0]
    assert handover.definition_met is False
    assert handover.failed_criteria == "not industry; not intent"
    assert handover.judged_on == "history"
    assert lead.not_qualified_reasons == handover.failed_criteria
    assert lead.routing == "unqualified_handed"


def test_the_owner_is_the_one_at_the_handover(company):
    company.lead(owner_id="U9", handed_over_at=JUNE)
    company.change("owner", ("2025-06-25T00:00:00Z", "U1", "U9"))
    assert company.handovers()[0]["owner_id"] == "crm:U1"


def test_without_history_a_handover_is_judged_on_current_values(company):
    company.lead(handed_over_at=JUNE).touch("2025-06-19")
    [handover] = company.handovers()
    assert handover["judged_on"] == "current"
    assert handover["definition_met"] is True
    assert handover["failed_criteria"] is None


def test_successive_versions_of_a_lead_are_its_history(company):
    company.lead(industry="Retail", handed_over_at=JUNE, updated_at="2025-06-05")
    company.lead(handed_over_at=JUNE, updated_at="2025-06-25", _version="2").touch("2025-06-19")
    [handover] = company.handovers()
    assert handover["judged_on"] == "history"
    assert handover["failed_criteria"] == "not industry"
    assert company.verdict()["mql_at"] == pd.Timestamp("2025-06-24T18:30:00Z")


def test_changes_of_one_instant_hold_in_the_order_of_the_file(company):
    company.lead(handed_over_at=JUNE).touch("2025-06-19")
    company.change("industry", (JUNE, "Retail", "Mfg"), (JUNE, "Mfg", "Retail"))
    assert company.handovers()[0]["failed_criteria"] == "not industry"
