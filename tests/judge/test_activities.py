"""Activities as the judge reads them: a vendor's calls and meetings in our words."""

from __future__ import annotations

from onefunnel.judge.instants import micros
from onefunnel.judge.read import read_lake
from tests.judge.conftest import AS_OF

TOLD = "kind, direction, duration_seconds, lead_id, deal_id, owner_id"


def activities(company) -> list[tuple]:
    lake = read_lake(company.files, micros(AS_OF), ("activities",))
    return lake.con.execute(f"select {TOLD} from activities where is_chosen and fate = 'out' order by kind").fetchall()


def test_calls_and_events_of_zoho_are_our_activities(company):
    whose = {"lead_id": "7", "deal_id": "0", "owner_id": "U1"}
    call = {"call_start_time": "2025-06-10 10:00:00", "call_type": "Outbound", "call_duration_in_seconds": "90"}
    company.add("calls", call | whose, source="zoho", _kind="zoho_crm")
    company.add("events", {"start_datetime": "2025-06-11 10:00:00"} | whose, source="zoho", _kind="zoho_crm")
    assert activities(company) == [
        ("call", "Outbound", "90", "7", "0", "U1"),
        ("meeting", None, None, "7", "0", "U1"),
    ]


def test_a_field_that_sources_yml_names_goes_before_the_vendors(company):
    row = {"call_start_time": "2025-06-10 10:00:00", "call_type": "Outbound", "our__direction": "inbound"}
    company.add("calls", row | {"our__kind": " Meeting "}, source="zoho", _kind="zoho_crm")
    assert activities(company)[0][:2] == ("meeting", "inbound")
