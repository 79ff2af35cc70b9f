"""Cells, encodings and rows of an export, as they land in the lake."""

from __future__ import annotations

import json

import pytest

from tests.places import HEADER, LEADS, Place, names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_recognised(place, encoding):
    text = LEADS.replace("Acme", "अचमे – ₹4,50,000".replace(",", ";"))
    place.extract(text.encode(encoding))
    assert names(place.current())["L1"] == "अचमे – ₹4;50;000"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_delimiter_may_be_declared(tmp_path, delimiter):
    place = Place(tmp_path, more=f", delimiter: {json.dumps(delimiter)}")
    place.extract(LEADS.replace(",", delimiter))
    assert names(place.current())["L2"] == "Bharat Pumps"
    told = place.stop(LEADS).what
    assert "it looks separated by ','" in told and ("a tab" if delimiter == "\t" else f"'{delimiter}'") in told


def test_ragged_rows_land_with_their_fault(place):
    place.extract(LEADS + 'L4,2025-01-04\nL5,2025-01-05,Acme, Inc\n"L6,2025-01-06,a\nL7,"2025-01-07,b"\n')
    faults = {row["_row"]: row["_fault"] for row in place.versions() if row["_fault"]}
    assert faults["5"] == "row has 2 cells, the header 3"
    assert faults["6"] == "row has 4 cells, the header 3"
    assert "it runs over 2 lines: is a quote missing?" in faults["7"]
    assert len(place.versions()) == 6


SQL = "x'); drop table leads; -- \\ %s {{ 1 }}"


@pytest.mark.parametrize(
    ("cell", "landed"),
    [
        pytest.param('"Acme\nPumps, ""Pune"""', 'Acme\nPumps, "Pune"', id="line break, comma and quotes"),
        pytest.param("x" * 1_000_000, "x" * 1_000_000, id="a cell of 1 MB"),
        pytest.param("=cmd()", "=cmd()", id="formula"),
        pytest.param("@SUM(A1)", "@SUM(A1)", id="formula with @"),
        pytest.param("+91 98", "+91 98", id="plus"),
        pytest.param(SQL, SQL, id="SQL"),
        pytest.param("007", "007", id="leading zeros"),
        pytest.param("1e5", "1e5", id="scientific"),
        pytest.param("NULL", "NULL", id="a word, not nothing"),
        pytest.param("\u00a0 Acme\t", "Acme", id="white space around"),
        pytest.param("  ", None, id="blank"),
        pytest.param("\u2028\x01🙂", "\u2028\x01🙂", id="odd characters"),
    ],
)  # fmt: skip
def test_a_cell_lands_as_it_is(place, cell, landed):
    place.extract(LEADS.replace("Acme", cell))
    assert names(place.current()) == {"L1": landed, "L2": "Bharat Pumps", "L3": "Cauvery"}
    assert [row["_fault"] for row in place.current()] == [None] * 3


def test_nul_bytes_are_removed_and_noted(place):
    place.extract(LEADS.replace("Acme", "Ac\0me").replace("created_at", "created\0_at"))
    row = place.versions()[0]
    assert (row["company_name"], row["_noted"], row["_fault"]) == ("Acme", "NUL bytes removed", None)


def test_row_numbers_are_those_of_a_spreadsheet(place):
    place.extract(HEADER + '\nL1,2025-01-01,"a\nb\nc"\n\nL2,2025-01-02,d\n')
    assert {row["_key"]: row["_row"] for row in place.versions()} == {"L1": "3", "L2": "5"}
