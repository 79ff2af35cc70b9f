"""Which contacts the gate counts for a handover, at the very edges of its time."""

from __future__ import annotations

import pytest

from onefunnel.gate.handed import Contact, Handover, Persons

FROM, UNTIL = 1_000, 2_000
ANSWERED, EMAIL = {"is_attempt": False, "seconds": 60}, {"is_attempt": True, "seconds": None}


def firsts(*contacts: Contact, spoken_from: int | None = 60, of: str = "L1") -> tuple:
    handover = Handover("L1", 1_500, FROM, UNTIL, None, None, False, None, False, None, is_marketing=True)
    return Persons({of: list(contacts)}, {"L2": "L1"}).firsts(handover, spoken_from)


@pytest.mark.parametrize(("at", "counts"), [(FROM - 1, False), (FROM, True), (UNTIL - 1, True), (UNTIL, False)])
def test_a_contact_counts_from_the_start_until_just_before_the_recycling(at, counts):
    assert firsts(Contact(at, **EMAIL)) == (at if counts else None, None)


@pytest.mark.parametrize(
    ("seconds", "is_attempt", "found"),
    [(60, False, (FROM, FROM)), (59, True, (FROM, None)), (59, False, (None, None)), (60, True, (FROM, FROM))],
)
def test_who_rings_us_is_contacted_by_a_conversation_only(seconds, is_attempt, found):
    assert firsts(Contact(FROM, is_attempt, seconds)) == found


def test_without_an_agreed_length_nothing_is_a_conversation():
    assert firsts(Contact(FROM, **ANSWERED), Contact(FROM + 5, **EMAIL), spoken_from=None) == (FROM + 5, None)


def test_the_first_of_each_kind_whatever_their_order_and_on_whichever_record():
    rows = (Contact(1_900, True, 90), Contact(1_100, **EMAIL), Contact(1_300, **ANSWERED))
    assert firsts(*rows, of="L2") == (1_100, 1_300)
    assert firsts(*rows, of="L3") == (None, None)
