"""Which records are one account, and by which rule."""

from __future__ import annotations

import pytest

from onefunnel.identity import match
from tests.identity.given import (
    PAN_A,
    PAN_A_GUJARAT,
    PAN_B,
    PAN_C,
    accounts,
    frame,
    matched,
    rule_of,
    together,
)

PADMA = {"company_name": "Padma Chem Pvt Ltd", "city": "Pune"}


def test_the_crms_own_link_holds():
    rows = [
        {"company": "C1"},
        {"contact": "P1", "company_id": "C1"},
        {"deal": "D1", "company_id": "C1", "lead_id": "L2"},
        {"lead": "L1", "company_id": "C1"},
        {"lead": "L2"},
        {"deal": "D2", "lead_id": "L2", "company_id": "gone"},
    ]
    found = accounts(*rows)
    assert found == {"C1": "C1", "P1": "C1", "D1": "C1", "L1": "C1", "L2": "lead:L2", "D2": "lead:L2"}
    assert rule_of("P1", *rows) == rule_of("D2", *rows) == "crm_link"


def test_a_link_across_two_pans_is_not_followed_and_the_rest_stays_with_the_company():
    rows = [{"company": "C1", "gstin": PAN_B}, {"lead": "L1", "gstin": PAN_A, "company_id": "C1"}]
    found = accounts(*rows, {"contact": "P1", "company_id": "C1"}, {"deal": "D1", "company_id": "C1", "lead_id": "L1"})
    assert found == {"C1": "C1", "L1": "lead:L1", "P1": "C1", "D1": "C1"}


def test_two_pans_linked_to_a_company_without_one_are_left_to_themselves():
    rows = [{"lead": "L1", "gstin": PAN_A, "company_id": "C1"}, {"lead": "L2", "gstin": PAN_B, "company_id": "C1"}]
    found = accounts({"company": "C1"}, *rows, {"contact": "P1", "company_id": "C1"})
    assert found == {"C1": "C1", "L1": "lead:L1", "L2": "lead:L2", "P1": "C1"}


def test_one_pan_is_one_account_over_states_and_sources():
    rows = [
        {"company": "a:1", "gstin": PAN_A},
        {"company": "b:1", "gstin": PAN_A_GUJARAT},
        {"lead": "L", "gstin": PAN_A[2:12]},
    ]
    assert set(accounts(*rows).values()) == {"a:1"}
    assert rule_of("b:1", *rows) == "pan"


def test_a_mistyped_gstin_joins_nothing():
    found = accounts({"lead": "L1", "gstin": "27AAPFU0938F1ZV"}, {"lead": "L2", "gstin": "27AAPFU0938F1ZV"})
    assert not together(found, "L1", "L2")


def test_an_email_domain_meets_a_website():
    rows = [
        {"company": "C1", "website": "https://www.padma.co.in/x"},
        {"lead": "L1", "email": "a@padma.co.in"},
        {"lead": "L2", "email": "b@mail.padma.co.in"},
    ]
    assert set(accounts(*rows).values()) == {"C1"}
    assert rule_of("L2", *rows) == "website"
    assert rule_of("L2", *rows[1:]) == "email_domain"


@pytest.mark.parametrize(
    "cell",
    [
        {"email": "{}@gmail.com"},
        {"website": "https://sites.google.com/view/{}"},
        {"website": "https://{}.wixsite.com/home"},
    ],
)
def test_what_many_firms_share_joins_nobody(cell):
    rows = [{"lead": name, **{k: v.format(name) for k, v in cell.items()}} for name in ("padma", "konkan")]
    assert not together(accounts(*rows), "padma", "konkan")


def test_a_domain_of_two_pans_decides_nothing_without_a_pan():
    group = [
        {"company": "C1", "gstin": PAN_A, "website": "padma.in"},
        {"company": "C2", "gstin": PAN_B, "website": "padma.in"},
    ]
    found = accounts(*group, {"lead": "L1", "email": "a@padma.in"}, {"lead": "L2", "email": "b@padma.in"})
    assert len(set(found.values())) == 4


def test_a_name_in_a_city_joins_spelled_either_way():
    rows = [
        {"company": "C1", "company_name": "Padma Chem Pvt Ltd - Pune"},
        {"lead": "L1", "company_name": "M/S PADMA CHEM PRIVATE LIMITED", "city": "Poona"},
        {"lead": "L2", "company_name": "Padma Chem", "city": "Nashik"},
    ]
    found = accounts(*rows)
    assert together(found, "C1", "L1") and not together(found, "C1", "L2")
    assert rule_of("L1", *rows) == "name_and_city"


def test_a_name_of_two_pans_in_one_city_decides_nothing():
    rows = [{"lead": "A", "gstin": PAN_A, **PADMA}, {"lead": "B", "gstin": PAN_B, **PADMA}, {"lead": "L", **PADMA}]
    assert len(set(accounts(*rows).values())) == 3


def test_a_name_of_two_own_domains_in_one_city_decides_nothing():
    rows = [
        {"lead": "A", "email": "a@padmachem.in", **PADMA},
        {"lead": "B", "email": "b@padmachempune.in", **PADMA},
        {"lead": "L", **PADMA},
    ]
    assert len(set(accounts(*rows).values())) == 3


def test_one_firm_may_write_from_com_and_from_in():
    rows = [{"lead": "A", "email": "a@padmachem.in", **PADMA}, {"lead": "B", "website": "www.padmachem.com", **PADMA}]
    assert together(accounts(*rows), "A", "B")


def test_two_legal_forms_are_two_firms_and_a_name_without_one_is_neither():
    rows = [
        {"lead": name, "company_name": f"Padma Chem {name}", "city": "Pune"} for name in ("LLP", "Ltd", "Pvt Ltd", "")
    ]
    rows[3] = {"lead": "none", "company_name": "Padma Chem", "city": "Pune"}
    found = accounts(*rows)
    assert together(found, "Ltd", "Pvt Ltd") and len(set(found.values())) == 3
    assert together(accounts(*rows[1:]), "Ltd", "none")


def test_one_city_name_in_two_countries_is_two_cities():
    rows = [
        {"lead": c or "none", "company_name": "Padma Chem", "city": "Hyderabad", "country": c}
        for c in ("India", "Pakistan", None)
    ]
    assert len(set(accounts(*rows).values())) == 3
    assert together(accounts(rows[0], rows[2]), "India", "none")


def test_a_consultant_writes_about_the_client_who_is_named():
    rows = [
        {"company": "C1", "company_name": "Konkan Consult", "website": "konkanconsult.in"},
        {"company": "C2", "website": "padmachem.in", **PADMA},
        {"lead": "L1", "email": "k@konkanconsult.in", **PADMA},
        {"lead": "L2", "email": "k2@konkanconsult.in"},
    ]
    found = accounts(*rows)
    assert found == {"C1": "C1", "C2": "C2", "L1": "C2", "L2": "C1"}


def test_a_domain_said_with_many_names_speaks_for_nobody():
    rows = [
        {"lead": n, "email": f"{n}@isp.net.in", "company_name": n} for n in ("Padma Chem", "Konkan Oleo", "Tapi Dye")
    ]
    assert len(set(accounts(*rows, {"lead": "L", "email": "l@isp.net.in"}).values())) == 4


def test_the_same_person_is_the_same_account_unless_another_firm_is_named():
    rows = [
        {"lead": "L1", "email": "rahul@gmail.com", "company_name": "Padma Chem"},
        {"lead": "L2", "email": "Rahul@Gmail.com"},
    ]
    assert together(accounts(*rows), "L1", "L2") and rule_of("L2", *rows) == "same_email"
    rows[1]["company_name"] = "Konkan Oleo"
    assert not together(accounts(*rows), "L1", "L2")
    rows[1] = {"lead": "L2", "email": "rahul@gmail.com", "company_id": "C1"}
    assert not together(accounts(*rows, {"company": "C1", "company_name": "Konkan Oleo"}), "L1", "L2")
    mobile = [{"lead": "L1", "phone": "90000 00011"}, {"contact": "P1", "phone": "+919000000011"}]
    assert rule_of("P1", *mobile) == "same_mobile"


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_chain_of_weak_keys_never_bridges_two_pans(length):
    """A has a domain; each link of the chain has the domain before it as e-mail and the next one as website."""
    chain = [
        {"lead": f"L{i}", "email": f"x{i}@d{i}.in", "website": f"https://d{i + 1}.in"} for i in range(1, length + 1)
    ]
    ends = [
        {"lead": "A", "gstin": PAN_A, "website": "d1.in"},
        {"lead": "B", "gstin": PAN_B, "website": f"d{length + 1}.in"},
    ]
    found = accounts(*ends, *chain)
    assert not together(found, "A", "B")
    if length > 1:
        assert together(found, "A", "L1") and together(found, "B", f"L{length}")
    assert together(accounts(ends[0], *chain), "A", *(c["lead"] for c in chain))


def test_the_rule_is_the_weakest_that_the_way_to_the_first_record_needs():
    rows = [
        {"company": "C1", **PADMA},
        {"lead": "L1", **PADMA},
        {"deal": "D1", "lead_id": "L1"},
        {"company": "C2", "gstin": PAN_C},
    ]
    found = matched(*rows).accounts.set_index("record_id")
    assert found["rule"].to_dict() == {
        "C1": "first_record",
        "L1": "name_and_city",
        "D1": "name_and_city",
        "C2": "first_record",
    }
    assert found["confidence"].to_dict() == {"C1": 1.0, "L1": 0.85, "D1": 0.85, "C2": 1.0}


def test_accounts_of_other_entities_never_take_a_companys_id():
    rows = [{"company": "lead:X"}, {"company": "X"}, {"lead": "X"}, {"contact": "X"}, {"deal": "X"}]
    found = matched(*rows).accounts["account_id"]
    assert found.is_unique and {"lead:X", "X", "lead::X"} <= set(found)


def test_the_first_record_is_the_oldest_company_and_undated_ones_come_last():
    rows = frame({"lead": "L1", "gstin": PAN_A}, {"company": "C1", "gstin": PAN_A}, {"company": "C2", "gstin": PAN_A})
    rows["created_at"] = ["2020-01-01T00:00:00Z", "32/13/2024", "2024-01-01 05:30:00+05:30"]
    assert set(match(rows, frozenset()).accounts["account_id"]) == {"C2"}


@pytest.mark.parametrize("bad", [{"lead": None}, {"lead": "L1"}])
def test_a_record_needs_an_id_of_its_own(bad):
    with pytest.raises(ValueError, match="id"):
        matched({"lead": "L1"}, bad)
