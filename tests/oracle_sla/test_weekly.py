"""Weeks by hand: 6 January 2026 lies in the week from Monday, 5 January; its disposition is due on 5 February."""

from datetime import date

import pytest

from tests.oracle_sla.comparing import differences
from tests.oracle_sla.hand import USERS, at, call, company, handed, lead
from tests.oracle_sla.handovers import handovers
from tests.oracle_sla.weekly import KEYS, sla_weekly

NUMBERS = ("met", "due", "pending", "unavailable")


def weeks(folder, *rows, **tables) -> dict[tuple, dict]:
    told = company(folder, *(rows or [handed()]), **tables)
    found = {tuple(row[key] for key in KEYS): row for row in sla_weekly(told, handovers(told))}
    return {(date.fromordinal(key[0]).isoformat(), *key[1:]): row for key, row in found.items()}


def counts(row: dict) -> tuple:
    return tuple(row[name] for name in NUMBERS)


def of_sales(found: dict, measure: str) -> dict[tuple, tuple]:
    """(week, team, owner) -> counts."""
    return {(key[0], key[2], key[3]): counts(row) for key, row in found.items() if key[4] == measure}


def test_one_handover_in_every_measure(tmp_path):
    found = weeks(tmp_path, core_activities=[call("2026-01-06 11:00")])
    assert len(found) == 2 + 4 * 3
    assert counts(found["2026-01-05", "marketing", "marketing", "(all)", "definition_met"]) == (1, 1, 0, 0)
    for measure, kept in (("contact", 1), ("contact_in_office_hours", 1), ("conversation", 0)):
        groups = ("u1", "sales"), ("(all)", "sales"), ("(all)", "(all)")
        expected = {("2026-01-05", team, owner): (kept, 1, 0, 0) for owner, team in groups}
        assert of_sales(found, measure) == expected
    assert found["2026-01-05", "sales", "sales", "u1", "contact"]["owner_name"] == "Asha"
    assert found["2026-01-05", "sales", "sales", "(all)", "contact"]["owner_name"] is None
    row = found["2026-02-02", "sales", "(all)", "(all)", "disposition"]
    assert counts(row) == (0, 1, 0, 0)
    assert (row["rate"], row["target"], row["agreement_version"]) == (0, 0.85, 1)


@pytest.mark.parametrize(
    ("word", "as_of", "expected"),
    [
        ("No budget", "2026-03-31 12:00", (1, 1, 0, 0)),
        ("", "2026-03-31 12:00", (0, 1, 0, 0)),
        ("", "2026-02-05 09:59", (0, 0, 1, 0)),
    ],
)
def test_what_was_given_up_is_explained_or_not(tmp_path, word, as_of, expected):
    back = {"lead_id": "l", "changed_at": at("2026-01-20 10:00"), "field": "status", "old": "New", "new": "Back"}
    found = weeks(tmp_path, core_lead_changes=[back], core_leads=[lead(disposition=word)], as_of=as_of)
    assert set(of_sales(found, "disposition_explained").values()) == {expected}
    assert {key[0] for key in of_sales(found, "disposition_explained")} == {"2026-02-02"}


def test_an_earlier_word_that_was_written_over_is_unavailable(tmp_path):
    again = handed(handover_id="l#2", handed_over_at=at("2026-02-10 10:00"))
    back = {"lead_id": "l", "changed_at": at("2026-01-20 10:00"), "field": "status", "old": "New", "new": "Back"}
    found = weeks(tmp_path, handed(), again, core_lead_changes=[back])
    assert set(of_sales(found, "disposition_explained").values()) == {(0, 0, 0, 1)}


def test_what_is_not_due_is_pending_also_when_kept(tmp_path):
    found = weeks(tmp_path, core_activities=[call("2026-01-06 11:00", duration_seconds=90)], as_of="2026-01-06 17:59")
    for measure in ("contact", "conversation", "contact_in_office_hours"):
        assert set(of_sales(found, measure).values()) == {(0, 0, 1, 0)}
    row = found["2026-02-02", "sales", "(all)", "(all)", "disposition"]
    assert (counts(row), row["rate"]) == ((0, 0, 1, 0), None)


def test_received_at_night_is_no_office_hour(tmp_path):
    found = weeks(tmp_path, handed(handed_over_at=at("2026-01-10 22:00")))  # Saturday: due on Monday
    assert not of_sales(found, "contact_in_office_hours")
    assert {key[0] for key in of_sales(found, "contact")} == {"2026-01-12"}


def test_a_source_without_activities_is_unavailable_in_the_week_of_the_handover(tmp_path):
    late = handed(handed_over_at=at("2026-01-10 18:00"))
    found = weeks(tmp_path, late, core_leads=[lead(ids_of="desk")], core_activities=[call("2026-01-10 18:05")])
    assert set(of_sales(found, "contact").items()) == {
        (("2026-01-05", *group), (0, 0, 0, 1)) for group in (("sales", "u1"), ("sales", "(all)"), ("(all)", "(all)"))
    }
    assert set(of_sales(found, "disposition").values()) == {(0, 1, 0, 0)}


def test_nothing_is_promised_before_the_first_agreement(tmp_path):
    assert not weeks(tmp_path, handed(agreement_version=None))


def test_only_marketings_channels_count_for_marketing(tmp_path):
    sides = {key[1] for key in weeks(tmp_path, handed(is_marketing=False))}
    assert sides == {"sales"}
    unknown = handed(industry_fits=None, definition_met=False)
    wrong = handed(handover_id="x", company_size_fits=False, definition_met=False)
    both = handed(handover_id="y", company_size_fits=False, industry_fits=None, definition_met=False)
    found = weeks(tmp_path, unknown, wrong, both)
    key = "2026-01-05", "marketing", "marketing", "(all)"
    assert counts(found[*key, "definition_met"]) == (0, 3, 0, 0)
    assert counts(found[*key, "right_industry_and_size"]) == (0, 2, 0, 1)


def test_the_target_is_that_of_the_version_it_came_under(tmp_path):
    versions = [
        {"version": number, "in_force_at": at(since), "is_signed": True}
        for number, since in ((1, "2026-01-06 00:00"), (2, "2026-01-12 00:00"))
    ]
    late = "2026-01-10 18:00"  # due the week after, when the second version is in force
    rows = [
        handed(),
        handed(handover_id="x", handed_over_at=at(late)),
        handed(handover_id="y", handed_over_at=at("2026-01-12 10:00"), agreement_version=2),
    ]
    files = {"v1": {"contact_target": "50"}, "v2": {"contact_target": "60"}}
    found = weeks(tmp_path, *rows, agreement__versions=versions, files=files)
    targets = {key[0]: (row["target"], row["agreement_version"]) for key, row in found.items() if key[4] == "contact"}
    assert targets == {"2026-01-05": (0.5, 1), "2026-01-12": (0.55, None)}
    assert {row["target"] for key, row in found.items() if key[4] == "conversation"} == {None}


RAISED = at("2026-03-02 10:00")
HOURS = 3_600_000_000


@pytest.mark.parametrize(
    ("logged", "shown", "expected", "then"),
    [
        (24 * HOURS, (48 * HOURS,), (1, 1, 0, 0), (1, 1, 0, 0)),
        (24 * HOURS + 1, (48 * HOURS + 2,), (0, 1, 0, 0), (0, 1, 0, 0)),
        (HOURS, (100 * HOURS, 2 * HOURS), (1, 1, 0, 0), (1, 1, 0, 0)),
        (HOURS, (), (1, 1, 0, 0), (0, 1, 0, 0)),
        (None, (48 * HOURS,), (0, 0, 0, 1), (0, 0, 0, 1)),
        (1000 * HOURS, (), None, None),  # written down after AS_OF: nobody knows of it
    ],
)
def test_objections(tmp_path, logged, shown, expected, then):
    objection = {"objection_id": "o", "raised_at": RAISED, "logged_at": logged and RAISED + logged, "owner_id": "u3"}
    digests = [{"objection_id": "o", "shown_at": RAISED + at_hour} for at_hour in shown]
    delivered = [{"ids_of": "crm", "entity": entity} for entity in ("activities", "objections", "digests")]
    found = weeks(tmp_path, core_objections=[objection], core_digests=digests, run__delivered=delivered)
    logs, shows = of_sales(found, "objection_logged"), of_sales(found, "objection_shown")
    groups = ("unknown", "u3"), ("unknown", "(all)"), ("(all)", "(all)")
    assert logs == ({} if expected is None else {("2026-03-02", *group): expected for group in groups})
    assert list(shows.values()) == ([] if then is None else [then])


def test_objections_without_digests(tmp_path):
    objection = {"objection_id": "o", "raised_at": RAISED, "logged_at": RAISED, "owner_id": None}
    found = weeks(tmp_path, core_objections=[objection])
    assert of_sales(found, "objection_shown") == {("2026-03-02", "marketing", "(all)"): (0, 0, 0, 1)}
    assert ("2026-03-02", "unknown", "unknown") in of_sales(found, "objection_logged")


DIGESTS = [{"ids_of": "crm", "entity": entity} for entity in ("activities", "digests")]
LISTED = [
    {"found_in": found_in, "source_word": word, "category": category}
    for found_in, word, category in (
        ("sheet", "too dear", "price"),
        ("call_outcome", "price", "price"),
        ("call_outcome", "reached", None),
        ("lost_reason", "dear", "price"),
    )
]
LOST = {"deal_id": "d", "lead_id": "l", "status": "lost", "closed_at": RAISED + 100 * HOURS}


def shown_and_logged(tmp_path, **tables) -> tuple[list, int]:
    """The counts of objection_shown by week, and how many the log owes."""
    usual = {"run__delivered": DIGESTS, "agreement__objection_categories": LISTED}
    found = weeks(tmp_path, **(usual | tables))
    logs = [counts for key, counts in of_sales(found, "objection_logged").items() if key[1] == "(all)"]
    return list(of_sales(found, "objection_shown").values()), sum(sum(row[1:]) for row in logs)


def test_calls_and_losses_are_to_be_shown_and_are_in_no_log(tmp_path):
    calls = [
        call("2026-03-02 10:00", outcome="Price"),
        call("2026-03-02 10:01", outcome="price"),
        call("2026-03-02 10:02", outcome="reached"),  # agreed to be none
        call("2026-03-02 10:03", outcome="who knows"),  # nobody agreed on it
        call("2026-03-02 10:04", outcome="price", is_automated=True),
    ]
    deal = LOST | {"closed_at": RAISED}
    digests = [{"objection_id": "activity:2026-03-02 10:00", "shown_at": at("2026-03-03 10:00")}]
    told = {"core_activities": calls, "metrics__deals": [deal], "core_digests": digests}
    # no agreement on the word, and a reason all the same
    for why, expected in (("odd", (1, 3, 0, 0)), (None, (1, 2, 0, 0))):
        reason = [{"deal_id": "d", "lost_reason": why}]
        (row,), logs = shown_and_logged(tmp_path, core_deals=reason, **told)
        assert (row, logs) == (expected, 0)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"deal_id": "d"}, 1),
        ({"lead_id": "l"}, 1),
        ({"lead_id": "l", "deal_id": "e"}, 2),  # of another deal of the lead
        ({"lead_id": "l", "deal_id": "gone"}, 1),
        ({"lead_id": "m"}, 2),
        ({"deal_id": "d", "category": "dear"}, 2),  # a word of the other list is no category
        ({"deal_id": "d", "category": None}, 2),
        ({"deal_id": "d", "raised_at": LOST["closed_at"]}, 2),  # not before
    ],
)
def test_what_a_loss_tells_again_counts_once(tmp_path, told, counted):
    entry = {"objection_id": "o", "raised_at": RAISED, "logged_at": RAISED, "category": " Too  dear"} | told
    deals = [LOST, LOST | {"deal_id": "e", "status": "open", "closed_at": None}]
    reasons = [{"deal_id": "d", "lost_reason": "Dear"}, {"deal_id": "e"}]
    rows, _ = shown_and_logged(tmp_path, core_objections=[entry], metrics__deals=deals, core_deals=reasons)
    assert sum(row[1] for row in rows) == counted


def test_teams_with_managers(tmp_path):
    led = [USERS[0] | {"manager_id": "u4"}, *USERS[1:]]
    found = weeks(tmp_path, core_users=led)
    assert {key[1] for key in of_sales(found, "contact")} == {"sales: Dev", "(all)"}


def test_differences_are_told():
    rows = [{"week_start_on": 739621, "measure": n, "met": 1, "rate": 1 / 3, "seen_at": None} for n in "ab"]
    keys = ["week_start_on", "measure"]
    assert differences([dict(row, rate=1 / 3 * (1 + 1e-13), more=1) for row in rows], rows, keys) == ""
    for change, said in (
        ({"rate": None}, "expected 0.3333333333333333, published None"),
        ({"rate": 1 / 3 + 1e-9}, "rate: 1 of 2 rows differ"),
        ({"met": True}, "expected 1, published True"),
        ({"seen_at": 0}, "published 1970-01-01T00:00:00.000000Z"),
        ({"measure": "c"}, "1 rows are missing in the published table\n  week_start_on=2026-01-05, measure='b'"),
    ):
        assert said in differences([rows[0], rows[1] | change], rows, keys)
    bare = [{key: row[key] for key in (*keys, "met")} for row in rows]
    assert differences(bare, rows, keys).splitlines()[0] == "the published table has no column rate"
    assert "2 published rows are not expected" in differences(rows, [], keys)
    with pytest.raises(AssertionError, match="the key of another"):
        differences(rows + rows, rows, keys)
