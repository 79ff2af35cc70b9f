"""One handover at a time, by hand: on Tuesday, 6 January 2026 at 10:00, due at 18:00, a disposition by 5 February."""

import pytest

from tests.oracle_sla.hand import at, call, company, handed, lead
from tests.oracle_sla.handovers import handovers


def one(folder, *activities, row=None, **tables) -> dict:
    """The handover as the oracle sees it."""
    (found,) = handovers(company(folder, row or handed(), core_activities=list(activities), **tables))
    return found


def moved(when: str, new: str, old: str | None = "New") -> dict:
    return {"lead_id": "l", "changed_at": at(when), "field": "status", "old": old, "new": new, "ids_of": "crm"}


@pytest.mark.parametrize(
    ("when", "status", "hours"),
    [
        ("2026-01-06 18:00", "met", 8),
        ("2026-01-06 18:01", "breached", 8 + 1 / 60),
        ("2026-01-07 11:00", "breached", 10),
        ("2026-01-06 10:00", "met", 0),
        ("2026-01-05 10:00", "met", 0),  # before the handover, at the lead's creation
    ],
)
def test_contact_in_business_hours(tmp_path, when, status, hours):
    found = one(tmp_path, call(when), call("2026-02-01 10:00"))
    assert (found["contact_status"], found["first_contact_at"]) == (status, at(when))
    assert found["response_business_hours"] == pytest.approx(hours)
    assert found["is_contacted_before_handover"] == (at(when) < at("2026-01-06 10:00"))


@pytest.mark.parametrize(
    "activity",
    [
        call("2026-01-06 11:00", is_automated=True),
        call("2026-01-06 11:00", owner_id="u2"),  # marketing
        call("2026-01-06 11:00", direction=" Inbound "),
        call("2026-01-06 11:00", direction="inbound", duration_seconds=59),
        call("2026-01-06 11:00", direction="inbound", duration_seconds=600, kind="email"),
        call("2026-01-05 09:59"),  # before the lead
        call("2026-01-06 11:00", lead_id=None, deal_id="of another"),
        call("2026-04-01 11:00"),  # after AS_OF
    ],
)
def test_what_is_no_contact(tmp_path, activity):
    assert one(tmp_path, activity)["first_contact_at"] is None


@pytest.mark.parametrize(
    ("activity", "spoken"),
    [
        (call("2026-01-06 11:00", owner_id=None, direction=None, is_automated=None), False),
        (call("2026-01-06 11:00", owner_id="gone", kind="whatsapp"), False),
        (call("2026-01-06 11:00", owner_id="u3", duration_seconds=59), False),
        (call("2026-01-06 11:00", owner_id="u4", duration_seconds=60), True),
        (call("2026-01-06 11:00", direction="inbound", duration_seconds=61, kind="Meeting"), True),
        (call("2026-01-06 11:00", lead_id="twin", duration_seconds=None), False),
        (call("2026-01-06 11:00", lead_id=None, deal_id="d"), False),
    ],
)
def test_what_is_a_contact_and_a_conversation(tmp_path, activity, spoken):
    people = [{"lead_id": "l"}, {"lead_id": "twin", "duplicate_of_lead_id": "l"}]
    deals = [{"deal_id": "d", "lead_id": "twin"}, {"deal_id": "of another", "lead_id": "other"}]
    found = one(tmp_path, activity, metrics__leads=people, metrics__deals=deals)
    assert found["first_contact_at"] == at("2026-01-06 11:00")
    assert found["first_conversation_at"] == (at("2026-01-06 11:00") if spoken else None)


def test_each_handover_has_its_own_contacts(tmp_path):
    rows = (
        handed(recycled_at=at("2026-01-20 10:00")),
        handed(handover_id="l#2", handed_over_at=at("2026-02-02 10:00")),
    )
    recycled = [{"lead_id": "l", "recycled_at": at("2026-01-20 10:00")}]
    for when, expected in (
        ("2026-01-20 09:59", (True, False)),
        ("2026-01-20 10:00", (False, True)),  # as soon as it is recycled, a contact is for the next handover
        ("2026-02-01 10:00", (False, True)),
    ):
        told = company(tmp_path, *rows, core_activities=[call(when)], int_recycles=recycled)
        assert tuple(row["first_contact_at"] is not None for row in handovers(told)) == expected


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-01-06 17:59", "pending"), ("2026-01-06 18:00", "breached"), ("2026-01-07 10:00", "breached")],
)
def test_an_open_window_is_pending(tmp_path, as_of, status):
    (found,) = handovers(company(tmp_path, handed(), as_of=as_of))
    assert found["contact_status"] == status


def test_what_cannot_be_known(tmp_path):
    silent = one(tmp_path, call("2026-01-06 11:00"), core_leads=[lead(ids_of="desk")])
    assert silent["contact_status"] == "unavailable: no activities"
    early = one(tmp_path, call("2026-01-06 11:00", duration_seconds=99), row=handed(agreement_version=None))
    assert early["contact_status"] == early["disposition_status"] == "unavailable: no agreement in force"
    names = ("definition_met", "contact_due_at", "response_business_hours", "is_received_in_office_hours",
             "first_conversation_at", "aging_days")  # fmt: skip
    assert [early[name] for name in names] == [None] * 6
    assert early["failed_criteria"] == "no agreement in force"
    assert early["response_elapsed_hours"] == 1


def test_criteria_are_named(tmp_path):
    found = one(tmp_path, row=handed(industry_fits=None, company_size_fits=False))
    assert (found["definition_met"], found["failed_criteria"]) == (False, "unknown: industry; not company size")


def test_the_lead_created_after_its_handover(tmp_path):
    late = [lead(created_at=at("2026-01-06 12:00"))]
    assert one(tmp_path, call("2026-01-06 09:00"), core_leads=late)["first_contact_at"] is None
    found = one(tmp_path, call("2026-01-06 10:00"), core_leads=late)
    assert (found["contact_status"], found["system_delay_hours"]) == ("met", 0)
    assert one(tmp_path)["system_delay_hours"] == 24


def test_the_system_begins_anew_with_each_recycling(tmp_path):
    rows = handed(), handed(handover_id="l#2", handed_over_at=at("2026-02-02 10:00"))
    recycled = [{"lead_id": "l", "recycled_at": at(when)} for when in ("2026-01-20 10:00", "2026-02-01 04:00")]
    found = handovers(company(tmp_path, *rows, int_recycles=recycled))
    assert [row["system_delay_hours"] for row in found] == [24, 30]


GONE = {"disposition": "No  Budget", "disposed_at": at("2026-01-30 10:00")}
DEAL = {"deal_id": "d", "lead_id": "l", "status": "open", "opportunity_at": at("2026-01-25 10:00")}


@pytest.mark.parametrize(
    ("facts", "status", "verdict"),
    [
        ({}, "missing", "pending"),
        ({"core_lead_changes": [moved("2026-01-20 10:00", "Qualified")]}, "not_needed", "qualified"),
        ({"core_lead_changes": [moved("2026-02-05 10:00", "Qualified")]}, "not_needed", "qualified"),
        ({"core_lead_changes": [moved("2026-02-05 10:01", "Qualified")]}, "late", "qualified"),
        ({"core_lead_changes": [moved("2026-01-05 11:00", "Qualified")]}, "not_needed", "qualified"),  # before it
        ({"core_lead_changes": [moved("2026-01-05 09:00", "Qualified")]}, "missing", "pending"),  # before the lead
        ({"core_lead_changes": [moved("2026-04-05 09:00", "Qualified")]}, "missing", "pending"),  # after AS_OF
        ({"core_lead_changes": [moved("2026-01-20 10:00", "Junk")]}, "given", "not_qualified"),
        ({"core_lead_changes": [moved("2026-01-20 10:00", "Junk", "junk")]}, "missing", "pending"),  # no change
        ({"core_lead_changes": [moved("2026-01-05 11:00", "Junk")]}, "missing", "pending"),  # before the handover
        ({"core_lead_changes": [moved("2026-02-20 10:00", "Back")]}, "late", "not_qualified"),
        ({"core_leads": [lead(claimed_sql_at=at("2026-01-20 10:00"))]}, "not_needed", "qualified"),
        ({"core_leads": [lead(**GONE)]}, "given", "set_aside"),
        ({"core_leads": [lead(**GONE | {"disposition": " JUNK"})]}, "given", "not_qualified"),
        ({"core_leads": [lead(**GONE | {"disposition": "Odd"})]}, "given", "not_qualified"),  # nothing agreed of it
        ({"core_leads": [lead(**GONE | {"disposition": "Bah"})]}, "given", "not_qualified"),  # nobody agreed on it
        ({"core_leads": [lead(**GONE, claimed_sql_at=at("2026-01-31 10:00"))]}, "given", "set_aside"),
        ({"core_leads": [lead(**GONE, claimed_sql_at=GONE["disposed_at"])]}, "not_needed", "qualified"),
        ({"core_leads": [lead(**GONE)], "metrics__deals": [DEAL]}, "not_needed", "qualified"),
        ({"core_leads": [lead(disposition=" ", disposed_at=at("2026-01-30 10:00"))]}, "missing", "pending"),
        ({"core_leads": [lead(disposition="No budget")]}, "given", "set_aside"),  # nobody wrote when
        ({"core_leads": [lead(disposition="Junk")]}, "given", "not_qualified"),
        (
            {"core_leads": [lead(disposition="No budget")], "core_lead_changes": [moved("2026-01-20 10:00", "Junk")]},
            "given",
            "set_aside",
        ),
        ({"metrics__deals": [DEAL]}, "not_needed", "qualified"),
        (
            {"core_leads": [lead(converted_deal_id="d")], "metrics__deals": [DEAL | {"lead_id": "other"}]},
            "not_needed",
            "qualified",
        ),
        ({"metrics__deals": [DEAL | {"opportunity_at": at("2026-01-05 09:00")}]}, "missing", "pending"),  # a data fault
        ({"int_lead_versions": [{"lead_id": "l", "holds_from_at": GONE["disposed_at"], **GONE}]}, "given", "set_aside"),
    ],
)
def test_a_disposition_or_an_advance(tmp_path, facts, status, verdict):
    found = one(tmp_path, **facts)
    assert (found["disposition_status"], found["sales_verdict"]) == (status, verdict)
    assert (found["resolved_at"] is None) == (found["advanced_at"] is None and found["disposed_at"] is None)


def test_accepting_alone_is_not_advancing(tmp_path):
    assert one(tmp_path, core_lead_changes=[moved("2026-01-06 11:00", "Accepted")])["advanced_at"] is None


def test_the_word_and_the_age(tmp_path):
    assert one(tmp_path, core_leads=[lead(**GONE)])["disposition"] == "no budget"
    old = lead(**GONE | {"disposed_at": at("2026-01-06 09:59")})
    assert one(tmp_path, core_leads=[old])["disposition"] is None
    assert one(tmp_path, core_leads=[old])["aging_days"] == 84 + 2 / 24
    assert one(tmp_path, core_leads=[lead(**GONE)])["aging_days"] is None
    assert one(tmp_path, metrics__deals=[DEAL | {"status": "lost", "opportunity_at": None}])["aging_days"] is None


def test_only_the_latest_handover_ages(tmp_path):
    rows = (handed(), handed(handover_id="l#2", handed_over_at=at("2026-03-30 12:00")))
    first, second = handovers(company(tmp_path, *rows))
    assert (first["disposition_status"], first["aging_days"]) == ("missing", None)
    assert (second["disposition_status"], second["aging_days"]) == ("pending", 1)
    first, second = handovers(company(tmp_path, *rows, core_leads=[lead(disposition="No budget")]))
    assert (first["disposition_status"], first["disposition"]) == ("missing", None)
    assert (second["disposition_status"], second["disposition"], second["aging_days"]) == ("given", "no budget", None)


def test_the_owner_is_the_one_at_the_deadline(tmp_path):
    changes = [
        {"lead_id": "l", "changed_at": at(when), "field": "Owner", "old": old, "new": new, "ids_of": "crm"}
        for when, old, new in (("2026-01-06 18:00", "u1", "u2"), ("2026-02-05 10:01", "u2", " "))
    ]
    users = [{"user_id": f"crm:u{n}", "name": f"Name {n}", "team": team} for n, team in ((1, "sales"), (2, None))]
    found = one(tmp_path, core_lead_changes=changes, core_users=users)
    assert (found["contact_owner_id"], found["contact_owner_name"], found["contact_owner_team"]) == (
        "crm:u2", "Name 2", "unknown")  # fmt: skip
    assert (found["disposition_owner_id"], found["disposition_owner_team"]) == ("crm:u2", "unknown")
    early = company(tmp_path, handed(), core_lead_changes=changes, core_users=users, as_of="2026-01-06 17:00")
    assert handovers(early)[0]["contact_owner_id"] == "crm:u1"


SECOND = handed(handover_id="l#2", handed_over_at=at("2026-02-10 10:00"))


def recorded(current: dict, versions: list[dict]) -> dict:
    """The lead's record as it is and as it was; on 20 January it went back to marketing."""
    rows = [version(number, **cells) | {"ids_of": "crm"} for number, cells in enumerate(versions, 1)]
    delivered = [{"ids_of": "crm", "entity": entity} for entity in ("activities", "lead_changes")]
    back = moved("2026-01-20 10:00", "Back")
    return {"core_leads": [lead(**current)], "core_lead_changes": [back], "int_lead_versions": rows,
            "run__delivered": delivered}  # fmt: skip


@pytest.mark.parametrize(
    ("current", "versions", "expected"),
    [
        ({}, [], (None, None, "unknown")),  # written over since, or never written
        ({}, [{"when": "2026-01-19 10:00"}], (None, None, "unknown")),  # before it was given up
        ({}, [{"when": "2026-01-20 10:00"}], (None, False, "not_qualified")),  # given up without a word
        ({}, [{"when": "2026-01-25 10:00"}, {"when": "2026-02-10 10:00"}], (None, False, "not_qualified")),
        ({}, [{"when": "2026-01-25 10:00", "disposition": "No budget"}], ("no budget", True, "set_aside")),
        ({}, [{"when": "2026-01-25 10:00", "disposition": "Bah"}], (None, True, "not_qualified")),
        ({}, [{"when": "2026-01-15 10:00", "disposition": "No budget"}], (None, None, "unknown")),
        ({}, [{"when": "2026-03-01 10:00", **GONE}], ("no budget", True, "set_aside")),  # written later, of then
        ({}, [{"when": "2026-02-01 10:00", **GONE}, {"when": "2026-02-02 10:00", **GONE, "disposition": "Junk"}],
         ("junk", True, "not_qualified")),
        ({}, [{"when": "2026-04-01 10:00", **GONE}], (None, None, "unknown")),  # after AS_OF
        (GONE, [], ("no budget", True, "set_aside")),  # the record was not touched since
        ({"disposition": "Junk"}, [], (None, None, "unknown")),  # said of the second
        ({"disposition": "Junk", "disposed_at": at("2026-02-10 10:00")}, [], (None, None, "unknown")),
    ],
)  # fmt: skip
def test_the_word_on_an_earlier_handover(tmp_path, current, versions, expected):
    told = company(tmp_path, handed(), SECOND, **recorded(current, versions))
    first, _ = handovers(told)
    assert tuple(first[name] for name in ("disposition", "is_disposition_explained", "sales_verdict")) == expected


@pytest.mark.parametrize(
    ("current", "versions", "expected"),
    [
        ({}, [], (None, False)),
        ({"disposition": "Bah"}, [], (None, True)),
        ({"disposition": " "}, [{"when": "2026-01-25 10:00", "disposition": "Junk"}], ("junk", True)),  # cleared since
        ({"disposition": "Junk"}, [{"when": "2026-01-25 10:00", **GONE}], ("junk", True)),
    ],
)
def test_the_word_on_the_latest(tmp_path, current, versions, expected):
    found = one(tmp_path, **recorded(current, versions))
    assert (found["disposition"], found["is_disposition_explained"]) == expected


def test_who_advanced_or_waits_need_not_explain(tmp_path):
    advanced = one(tmp_path, core_leads=[lead(claimed_sql_at=at("2026-01-20 10:00"), disposition="Junk")])
    assert (advanced["is_disposition_explained"], one(tmp_path)["is_disposition_explained"]) == (None, None)


def test_an_undated_word_counts_without_an_agreement_too(tmp_path):
    for word, verdict in (("Junk", "not_qualified"), ("No budget", "set_aside")):
        found = one(tmp_path, row=handed(agreement_version=None), core_leads=[lead(disposition=word)])
        assert found["disposition_status"] == "unavailable: no agreement in force"
        assert (found["sales_verdict"], found["is_disposition_explained"]) == (verdict, True)


def version(number: int, when: str, **cells) -> dict:
    return {"lead_id": "l", "ids_of": "desk", "version_number": number, "holds_from_at": at(when)} | cells


def test_successive_versions_tell_what_a_source_without_changes_does_not(tmp_path):
    rows = [
        version(2, "2026-01-20 10:00", owner_id="desk:2", status="Qualified"),
        version(1, "2026-01-05 10:00", owner_id="desk:1", status="New"),
    ]
    tables = {"core_leads": [lead(ids_of="desk", owner_id="desk:2")], "int_lead_versions": rows}
    found = one(tmp_path, **tables)
    assert (found["contact_owner_id"], found["disposition_owner_id"]) == ("desk:1", "desk:2")
    assert (found["advanced_at"], found["disposition_status"]) == (at("2026-01-20 10:00"), "not_needed")
    silent = one(tmp_path, run__delivered=[{"ids_of": "desk", "entity": "lead_changes"}], **tables)
    assert (silent["contact_owner_id"], silent["advanced_at"]) == ("desk:2", None)
