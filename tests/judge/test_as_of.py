"""Which version of a record counts, which do not exist, and that every row is accounted for."""

from datetime import UTC, datetime

import pytest

JULY = datetime(2025, 7, 1, tzinfo=UTC)


def ids(company, as_of=JULY):
    return list(company.judge(as_of).leads.lead_id)


def industry(company, as_of=JULY):
    return company.verdict(as_of=as_of)["industry_fits"]


def counts(company, entity="leads", as_of=JULY):
    found = company.judge(as_of).counts.set_index("entity").loc[entity].tolist()
    _, rows_in, excluded, after, out = found
    assert rows_in == excluded + after + out
    return rows_in, excluded, after, out


def test_the_newest_version_known_by_then_counts(company):
    company.lead(industry="Retail", updated_at="2025-06-05")
    company.lead(industry="Mfg", updated_at="2025-06-10", _version="2")
    company.lead(industry="Space", updated_at="2025-07-10", _version="3")
    assert industry(company) is True
    assert industry(company, datetime(2025, 6, 7, tzinfo=UTC)) is False
    assert industry(company, datetime(2025, 8, 1, tzinfo=UTC)) is None
    assert counts(company) == (1, 0, 0, 1)


def test_newest_is_by_instant_not_by_order_of_loading(company):
    company.lead(industry="Mfg", updated_at="2025-06-10")
    company.lead(industry="Retail", updated_at="2025-06-05", _version="2")
    assert industry(company) is True


def test_without_a_version_known_by_then_the_earliest_later_one_counts(company):
    company.lead(industry="Mfg", updated_at="2025-08-01")
    company.lead(industry="Retail", updated_at="2025-09-01", _version="2")
    assert industry(company) is True


def test_a_missing_updated_at_is_creation_first_and_loading_later(company):
    company.lead(industry="Mfg")
    company.lead(industry="Retail", _version="2", _loaded_at="2025-07-02T00:00:00Z")
    assert industry(company) is True
    assert industry(company, datetime(2025, 7, 2, tzinfo=UTC)) is False


def test_a_tombstone_ends_the_lead_from_its_loading_on(company):
    company.lead("L2").lead()
    company.add("leads", {"lead_id": "L1"}, _version="2", _deleted="true",
                _loaded_at="2025-06-20T00:00:00Z")  # fmt: skip
    assert ids(company) == ["crm:L2"]
    assert ids(company, datetime(2025, 6, 19, tzinfo=UTC)) == ["crm:L1", "crm:L2"]
    assert counts(company) == (1, 0, 0, 1)


def test_a_record_that_comes_back_unchanged_exists_again(company):
    company.lead(updated_at="2025-06-05")
    company.add("leads", {"lead_id": "L1"}, _version="2", _deleted="true",
                _loaded_at="2025-06-20T00:00:00Z")  # fmt: skip
    company.lead(updated_at="2025-06-05", _version="3", _loaded_at="2025-06-27T00:00:00Z")
    assert ids(company) == ["crm:L1"]
    assert ids(company, datetime(2025, 6, 25, tzinfo=UTC)) == []


def test_duplicates_faults_and_missing_keys_are_excluded(company):
    company.lead()
    company.add("leads",
        {"lead_id": "L1", "created_at": "2025-06-02", "_occurrence": "2"},
        {"lead_id": None, "created_at": "2025-06-02"},
        {"lead_id": "L3", "created_at": "2025-06-02", "_fault": "ragged"},
        {"lead_id": "L4", "created_at": "06/2025"},
        {"lead_id": "L5", "created_at": None},
        {"lead_id": "L6", "created_at": "2025-07-02"},
    )  # fmt: skip
    assert ids(company) == ["crm:L1"]
    assert counts(company) == (7, 5, 1, 1)


def test_events_exist_from_their_instant(company):
    company.lead().touch("2025-06-20", "2025-07-20", "soon")
    assert counts(company, "touches") == (3, 1, 1, 1)


def test_an_entity_that_is_not_judged_is_counted(company):
    company.lead().add("companies", {"company_id": "C1"}, {"company_id": "C2"})
    company.add("activities", {"happened_at": "2025-08-01", "kind": "call"})
    assert counts(company, "companies") == (2, 0, 0, 2)
    assert counts(company, "activities") == (1, 0, 1, 0)


def test_an_unreadable_updated_at_is_a_missing_one(company):
    company.lead(industry="Mfg", updated_at="yesterday")
    company.lead(industry="Retail", updated_at="2025-06-10", _version="2")
    assert industry(company) is False


def test_a_change_after_as_of_tells_what_held_until_then(company):
    company.lead(industry="Mfg").change("industry", ("2025-07-05", "Retail", "Mfg"))
    assert industry(company) is False
    assert industry(company, datetime(2025, 7, 6, tzinfo=UTC)) is True


def test_columns_may_be_missing_and_stand_in_another_order(company):
    company.lead(country="India").add("leads", {"created_at": "2025-06-02", "lead_id": "L2"})
    assert ids(company) == ["crm:L1", "crm:L2"]


@pytest.mark.parametrize("files", [{}, {"crm": {"leads": []}}])
def test_an_empty_lake_has_no_leads(company, files):
    company.files = files
    found = company.judge()
    assert len(found.leads) == len(found.handovers) == len(found.counts) == 0
