"""Zoho CRM: its columns become ours, its campaign members become touches."""

from datetime import UTC, datetime

import pytest

AT = datetime(2025, 7, 1, tzinfo=UTC)
LEAD = {
    "industry": "Mfg", "no_of_employees": "120", "designation": "Head", "owner": "Asha Rao",
    "lead_status": "New", "created_time": "01 Jun, 2025 10:00:00", "last_name": "Iyer",
}  # fmt: skip
MEMBER = {
    "campaign_name": "Expo", "lead_first_name": "Iyer", "lead_last_name": "IYER",
    "status": "Has Responded", "last_modified_time": "20 Jun, 2025 00:02:00",
}  # fmt: skip


@pytest.fixture
def zoho(company):
    company.agreement["intent_behaviours"] = [company.behaviour("campaign_has_responded", 1, 30)]

    def add(entity, *rows, **meta):
        return company.add(entity, *rows, source="zoho", _kind="zoho_crm", **meta)

    company.zoho = add
    return company


def verdict(company, key="7"):
    return company.verdict(f"zoho:{key}", AT)


def test_vendor_columns_are_ours(zoho):
    zoho.zoho("leads", LEAD | {"_key": "7"})
    zoho.zoho("campaign_members", MEMBER)
    found = verdict(zoho)
    assert found["is_qualified"] is True
    assert str(found["mql_at"]) == "2025-06-19 18:32:00+00:00"


def test_intent_is_unknown_without_campaign_members(zoho):
    zoho.zoho("leads", LEAD | {"_key": "7"})
    assert verdict(zoho)["not_qualified_reasons"] == "unknown: intent"


def test_a_member_belongs_to_nobody_when_two_leads_have_the_name(zoho):
    zoho.zoho("leads", LEAD | {"_key": "7"}, LEAD | {"_key": "8"})
    zoho.zoho("campaign_members", MEMBER)
    assert verdict(zoho)["intent_fits"] is False
    counts = zoho.judge(AT).counts.set_index("entity").rows_out.to_dict()
    assert counts == {"campaign_members": 1, "leads": 2}


def test_the_owner_of_an_export_is_a_name(zoho):
    zoho.agreement["handover_rules"] = [{"source": "zoho", "marks_by": "owner_team", "value": "sales"}]
    zoho.zoho("leads", LEAD | {"_key": "7"})
    zoho.zoho("users", {"id": "1", "full_name": "Asha  rao", "team": "Sales"})
    zoho.zoho("lead_changes", {"lead_id": "7", "changed_at": "2025-06-10", "field": "owner",
                               "old": "Nobody", "new": "Asha Rao"})  # fmt: skip
    [handover] = zoho.handovers(AT)
    assert handover["owner_id"] == "zoho:Asha Rao"


def test_activities_after_as_of_are_counted_apart(zoho):
    zoho.zoho("leads", LEAD | {"_key": "7"})
    zoho.zoho("calls", {"call_start_time": "2025-06-10 10:00:00"},
              {"call_start_time": "2025-08-10 10:00:00"})  # fmt: skip
    zoho.zoho("events", {"start_datetime": None})
    counts = zoho.judge(AT).counts.set_index("entity")
    assert counts.loc["calls"].tolist()[1:] == [2, 0, 1, 1]
    assert counts.loc["events"].tolist()[1:] == [1, 1, 0, 0]
