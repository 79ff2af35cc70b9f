"""Which leads and contacts are one person."""

from __future__ import annotations

from tests.identity.given import matched, people, together

MOBILE, AGAIN = "90000 00011", "+91-90000-00011"


def test_the_same_address_is_the_same_person_named_by_the_first_lead():
    rows = [
        {"contact": "P1", "email": "RAHUL@padma.in"},
        {"lead": "L2", "email": "rahul@padma.in"},
        {"lead": "L1", "email": "Rahul <rahul@padma.in>"},
    ]
    assert people(*rows) == {"P1": "L2", "L2": "L2", "L1": "L2"}


def test_the_same_mobile_is_the_same_person():
    rows = [
        {"lead": "L1", "phone": MOBILE, "email": "rahul.patil@padma.in"},
        {"lead": "L2", "phone": AGAIN, "email": "rahulpatil77@gmail.com"},
        {"contact": "P1", "phone": "09000000011"},
    ]
    assert together(people(*rows), "L1", "L2", "P1")


def test_a_mobile_of_two_corporate_addresses_is_nobodys():
    rows = [
        {"lead": "L1", "phone": MOBILE, "email": "rahul@padma.in"},
        {"lead": "L2", "phone": AGAIN, "email": "rahul@konkan.in"},
        {"lead": "L3", "phone": AGAIN},
    ]
    assert len(set(people(*rows).values())) == 3


def test_a_mobile_given_with_two_peoples_names_is_a_receptions():
    rows = [
        {"lead": "L1", "phone": MOBILE, "email": "rahul.patil@padma.in"},
        {"lead": "L2", "phone": AGAIN, "email": "meera.joshi@gmail.com"},
    ]
    assert not together(people(*rows), "L1", "L2")
    rows[0]["email"], rows[1]["email"] = "sales.patil@gmail.com", "sales.joshi@gmail.com"
    assert not together(people(*rows), "L1", "L2")


def test_an_offices_mailbox_and_a_landline_are_nobodys():
    rows = [{"lead": n, "phone": "020 2553 0000", "email": "info@padma.in"} for n in ("L1", "L2")]
    assert not together(people(*rows), "L1", "L2")


def test_no_chain_of_address_and_mobile_makes_one_person_of_two():
    rows = [
        {"lead": "L1", "phone": MOBILE, "email": "rahul@padma.in"},
        {"lead": "L2", "phone": MOBILE, "email": "rahul@gmail.com"},
        {"lead": "L3", "phone": "90000 00022", "email": "rahul@gmail.com"},
        {"lead": "L4", "phone": "90000 00022", "email": "rahul@konkan.in"},
    ]
    found = people(*rows)
    assert not together(found, "L1", "L4") and together(found, "L2", "L3")


def test_companies_and_deals_are_no_persons_and_ids_of_two_entities_stay_apart():
    found = matched({"company": "C1"}, {"deal": "D1"}, {"lead": "X"}, {"contact": "X"}).people
    assert found[["entity", "person_id"]].to_numpy().tolist() == [["contact", "contact:X"], ["lead", "X"]]
