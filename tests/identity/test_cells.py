"""What is read out of one cell."""

from __future__ import annotations

import numpy as np
import pytest

from onefunnel.identity import names, phones, places, tax, web

CITIES = frozenset({"pune", "nashik", "mumbai"})


@pytest.mark.parametrize(
    ("typed", "pan"),
    [
        ("27AAPFU0939F1ZV", "AAPFU0939F"),
        (" 27-aapfu0939f 1zv ", "AAPFU0939F"),
        ("AAPFU0939F", "AAPFU0939F"),
        ("27AAPFU0938F1ZV", None),  # one digit wrong: the check character does not fit
        ("27AAPUF0939F1ZV", None),
        ("00AAPFU0939F1ZV", None),
        ("ABCDE1234F", None),  # no kind of holder is D
        ("२७AAPFU0939F1ZV", None),
        ("URP", None),
    ],
)
def test_a_pan_is_believed_only_with_a_fitting_check_character(typed, pan):
    assert tax.pan_of(typed) == pan


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Rahul.Patil@Padma.CO.IN", "rahul.patil@padma.co.in"),
        ("Rahul <rahul@padma.in>", "rahul@padma.in"),
        ("mailto:rahul@padma.in", "rahul@padma.in"),
        ("a@x.in, b@x.in", None),
        ("rahul@padma", None),
        ("rahul at padma.in", None),
        ("@", None),
    ],
)
def test_an_address_is_one_mailbox_at_one_host(typed, address):
    assert web.email(typed) == address


@pytest.mark.parametrize("mailbox", ["info", "sales", "purchase", "na", "test"])
def test_a_mailbox_of_an_office_is_nobodys(mailbox):
    assert web.personal(f"{mailbox}@padma.in") is None


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("https://www.padma.co.in/pumps?x=1", "www.padma.co.in"),
        ("padma.co.in", "padma.co.in"),
        ("HTTP://PADMA.IN:8080", "padma.in"),
        ("rahul@padma.in", None),
        ("no website", None),
        ("http://[::1", None),
        ("padma", None),
    ],
)
def test_a_website_is_known_by_its_host(typed, host):
    assert web.website_host(typed) == host


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.padma.co.in", "padma.co.in"),
        ("a.b.padma.example", "padma.example"),
        ("gmail.com", None),
        ("sites.google.com", None),
        ("google.com", "google.com"),
        ("padma.wixsite.com", None),
        ("padma.blogspot.com", "padma.blogspot.com"),  # a site each, though the agreement does not list the host
        ("co.in", None),
        ("192.168.1.1", None),
    ],
)
def test_the_registered_domain_is_the_firms_own(host, domain):
    assert web.own_domain(host, frozenset({"gmail.com", "sites.google.com", "wixsite.com"})) == domain


@pytest.mark.parametrize(
    ("typed", "core", "form", "city"),
    [
        ("Padma Chem Pvt Ltd", "padma chem", "company", None),
        ("M/s. PADMA CHEM (P) LTD.", "padma chem", "company", None),
        ("Padma Chem Private Limited - Nashik", "padma chem", "company", "nashik"),
        ("Padma Chem (Pune)", "padma chem", None, "pune"),
        ("Padma Chem (India) Ltd", "padma chem india", "company", None),
        ("Padma-Chem L.L.P.", "padma chem", "llp", None),
        ("Padma & Co", "padma", "firm", None),
        ("Padma & Co. Pvt. Ltd.", "padma", "company", None),
        ("Jain and Sons", "jain sons", None, None),
        ("Jain Industries", "jain industries", None, None),  # Jain Traders is another firm
        ("A.B.C. Valves GmbH", "abc valves", "german", None),
        ("Pädma\u200b  ﬁbres", "padma fibres", None, None),
        ("पद्मा केमिकल्स", "पद्मा केमिकल्स", None, None),
    ],
)
def test_a_name_keeps_the_words_that_carry_identity(typed, core, form, city):
    assert names.read(typed, CITIES) == (core, form, city)


@pytest.mark.parametrize("typed", ["NA", "-", "n/a", "Self", "M/s", "Private Limited", "12345", "Other company", "..."])
def test_what_names_nobody_is_no_name(typed):
    assert names.read(typed, CITIES) is None


@pytest.mark.parametrize("core", ["shree enterprises", "sai engineering works", "a b traders", "om", "abc"])
def test_a_name_that_hundreds_bear_cannot_stand_for_one_firm(core):
    assert not names.distinctive(core)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("padma chlorides", "padma chlordies", True),
        ("padma chlorides", "padma chloride", True),
        ("padma chem", "padmachem", True),
        ("padma chem", "padma chem india", True),
        ("padma chem", "padma chem ii", False),
        ("padma chem", "padma cement", False),
        ("padma", "padma cement", False),
        ("padma chem", "padma hydro", False),
    ],
)
def test_two_names_are_alike_but_for_a_slip(one, other, same):
    assert names.alike(one, other) is names.alike(other, one) is same


def test_a_city_and_a_country_have_one_name():
    assert places.city("BANGALORE") == places.city("Bengaluru ") == "bengaluru"
    assert [places.region(c) for c in ("India", "IN", "UAE", "United Arab Emirates", "Bharat", "?")] == [
        "IN",
        "IN",
        "AE",
        "AE",
        "IN",
        None,
    ]


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("090000 00011", None, "+919000000011"),
        ("+91-90000-00011", "DE", "+919000000011"),
        ("९००००००११", None, None),  # nine digits
        ("९०००००००११", "IN", "+919000000011"),
        ("050 123 4567", "AE", "+971501234567"),
        ("020 2553 0000", None, None),  # Pune's exchange
        ("+1 202 555 0101", None, None),  # +1 does not tell mobiles from landlines
        ("9999999999", None, None),
        ("9876543210", None, None),
        ("90000 00011 ext 4", None, None),
        ("call me", None, None),
    ],
)
def test_only_a_mobile_can_be_one_persons(typed, region, number):
    twice = np.array([typed, typed], dtype=object)
    assert phones.mobiles(twice, np.array([region, region], dtype=object)).tolist() == [number] * 2
