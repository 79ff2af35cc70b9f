"""What holds for every set of records, however odd."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefunnel.identity import match, tax
from onefunnel.sample import indian_ids
from tests.identity.frames import COLUMNS
from tests.identity.given import PAN_A, PAN_A_GUJARAT, PAN_B, PAN_C, SHARED

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
IDS = [f"{letter}{n}" for letter in "CLPD" for n in range(4)]
# few values, so that keys meet
CELLS = {
    "created_at": [None, "2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z", "TBC"],
    "gstin": [None, None, PAN_A, PAN_A_GUJARAT, PAN_B, PAN_C, "27AAPFU0938F1ZV"],
    "email": [None, "rahul@padma.in", "meera@padma.in", "joe@tapi.in", "rahul@gmail.com", "info@konkan.in"],
    "website": [None, None, "padma.in", "https://www.tapi.in/a", "konkan.in", "sites.google.com/view/padma"],
    "company_name": [None, "Padma Chem Ltd", "Padma Chem", "Tapi Dye - Pune", "Tapi Dye LLP", "NA"],
    "city": [None, "Pune", "Poona", "Nashik"],
    "country": [None, "India", "AE"],
    "phone": [None, None, "90000 00011", "+919000000011", "090000 00022", "020 2553 0000"],
    "company_id": [None, None, "C0", "C1", "C2", "gone"],
    "lead_id": [None, None, "L0", "L1", "gone"],
}
ENTITY = {"C": "company", "L": "lead", "P": "contact", "D": "deal"}
JUNK = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.just(pd.NA), st.binary(max_size=3)
)


@st.composite
def meeting(draw) -> pd.DataFrame:
    """Records whose keys meet often."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=14))
    rows = [{c: draw(st.sampled_from(values)) for c, values in CELLS.items()} for _ in ids]
    return pd.DataFrame([{"entity": ENTITY[i[0]], "record_id": i, **row} for i, row in zip(ids, rows)], columns=COLUMNS)


@st.composite
def junk(draw) -> pd.DataFrame:
    """Records whose cells hold anything."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6))
    rows = [{c: draw(JUNK) for c in CELLS} for _ in ids]
    return pd.DataFrame(
        [{"entity": ENTITY[i[0]], "record_id": i, **row} for i, row in zip(ids, rows)], columns=COLUMNS, dtype=object
    )


@given(meeting(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_changes_nothing(records, random):
    order = list(range(len(records)))
    random.shuffle(order)
    for one, other in zip(match(records, SHARED), match(records.iloc[order], SHARED)):
        pd.testing.assert_frame_equal(one, other)


@given(meeting())
@FEW
def test_no_account_has_two_pans(records):
    found = match(records, SHARED).accounts.merge(records, on=["entity", "record_id"])
    pan = found["gstin"].map(lambda g: tax.pan_of(g), na_action="ignore")
    assert (pan.groupby(found["account_id"]).nunique() <= 1).all()
    assert (found["account_id"].groupby(pan).nunique() <= 1).all()


@given(meeting())
@FEW
def test_no_person_has_two_corporate_addresses(records):
    found = match(records, SHARED).people.merge(records, on=["entity", "record_id"])
    corporate = found["email"].where(~found["email"].isin(["rahul@gmail.com", "info@konkan.in"]))
    assert (corporate.groupby(found["person_id"]).nunique() <= 1).all()


@given(st.one_of(meeting(), junk()))
@FEW
def test_every_record_is_there_once_whatever_its_cells_hold(records):
    found = match(records, SHARED)
    keys = sorted(zip(records["entity"], records["record_id"]))
    assert sorted(zip(found.accounts["entity"], found.accounts["record_id"])) == keys
    persons = [k for k in keys if k[0] in ("lead", "contact")]
    assert sorted(zip(found.people["entity"], found.people["record_id"])) == persons
    for table in found:
        assert table["rule"].notna().all() and table["confidence"].between(0, 1).all()


@given(meeting())
@FEW
def test_matching_again_changes_nothing_nor_does_it_touch_the_records(records):
    before = records.copy(deep=True)
    first = match(records, SHARED)
    pd.testing.assert_frame_equal(records, before)
    for one, other in zip(first, match(records, SHARED)):
        pd.testing.assert_frame_equal(one, other)


@given(st.integers(0, 10**9))
@FEW
def test_one_wrong_character_makes_a_gstin_invalid(number):
    import numpy as np

    rng = np.random.default_rng(number)
    gstin = str(indian_ids.gstins(np.array(["27"]), indian_ids.pans(rng, 1))[0])
    at = int(rng.integers(0, 15))
    other = tax.ALPHABET[(tax.ALPHABET.index(gstin[at]) + int(rng.integers(1, 36))) % 36]
    assert tax.pan_of(gstin) == gstin[2:12]
    assert tax.pan_of(gstin[:at] + other + gstin[at + 1 :]) is None
