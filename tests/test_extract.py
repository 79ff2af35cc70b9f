"""Extraction: what lands in the lake, what never does, and what a killed load leaves behind."""

from __future__ import annotations

import codecs
import os

import pytest

from onefunnel import lake
from tests.places import HEADER, LEADS, Place, everything, names


def test_the_first_load_lands_every_row_as_text(place):
    (read,) = place.extract(LEADS)
    assert (read.entity, read.file, read.rows, read.appended, read.skipped) == ("leads", "leads.csv", 3, 3, False)
    first = place.versions()[0]
    assert {type(cell) for row in place.versions() for cell in row.values()} <= {str, type(None)}
    expected = {
        "_source": "crm", "_ids_of": "crm", "_kind": "csv_folder", "_key": "L1", "_occurrence": "1", "_version": "1",
        "_deleted": "false", "_loaded_at": "2026-04-01T01:00:00+00:00", "_file": "leads.csv", "_row": "2",
        "_fault": None, "_noted": None, "_timezone": "Asia/Kolkata", "_day_first": "false", "_currency": None,
        "lead_id": "L1", "created_at": "2025-01-01", "company_name": "Acme",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert set(lake.META) <= set(first)


def test_what_sources_yml_declares_stands_in_every_row(tmp_path):
    place = Place(tmp_path, more=", ids_of: erp, timezone: Europe/Berlin, day_first: true, currency: EUR")
    place.extract(LEADS)
    told = {tuple(row[n] for n in ("_ids_of", "_timezone", "_day_first", "_currency")) for row in place.versions()}
    assert told == {("erp", "Europe/Berlin", "true", "EUR")}


def test_the_same_export_again_adds_no_row_and_no_load(place):
    place.extract(LEADS)
    before = everything(place.home)
    os.utime(place.exports / "leads.csv", (0, 0))
    (read,) = place.extract(LEADS)
    assert (read.rows, read.appended, read.skipped) == (3, 0, True)
    assert everything(place.home) == before and len(place.loads()) == 1


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(HEADER + "".join(reversed(LEADS.splitlines(True)[1:])), id="rows in another order"),
        pytest.param("company_name,lead_id,created_at\nAcme,L1,2025-01-01\nBharat Pumps,L2,2025-01-02\n"
                     "Cauvery,L3,2025-01-03\n", id="columns in another order"),
        pytest.param(LEADS.replace("\n", "\r\n").replace("Acme", '" Acme "'), id="other line ends, quotes, blanks"),
        pytest.param(LEADS.replace("lead_id", "Lead ID"), id="another spelling of a header"),
        pytest.param(codecs.BOM_UTF16_LE + LEADS.encode("utf-16-le"), id="another encoding"),
        pytest.param(LEADS.replace("name\n", "name,city\n").replace("e\n", "e,\n").replace("s\n", "s,\n")
                     .replace("y\n", "y,\n").replace("name,city,", "name,city"), id="a new column, empty"),
        pytest.param(LEADS + "\n,,\n", id="blank lines"),
    ],
)  # fmt: skip
def test_the_same_content_in_another_dress_adds_nothing(place, again):
    place.extract(LEADS)
    before = everything(place.home)
    (read,) = place.extract(again)
    assert (read.rows, read.appended, read.skipped) == (3, 0, False)
    assert everything(place.home) == before


def test_a_changed_row_appends_one_version(place):
    place.extract(LEADS)
    (read,) = place.extract(LEADS.replace("Acme", "Acme Pumps"))
    assert read.appended == 1 and len(place.versions()) == 4 and len(place.loads()) == 2
    changed = [row for row in place.versions() if row["_key"] == "L1"]
    assert [(row["_version"], row["company_name"]) for row in changed] == [("1", "Acme"), ("2", "Acme Pumps")]
    assert changed[1]["_loaded_at"] == "2026-04-01T02:00:00+00:00"


def test_what_a_full_snapshot_lacks_gets_a_tombstone_and_may_come_back(place):
    place.extract(LEADS)
    without = LEADS.replace("L2,2025-01-02,Bharat Pumps\n", "")
    (read,) = place.extract(without)
    assert (read.rows, read.appended) == (2, 1)
    assert names(place.current()) == {"L1": "Acme", "L3": "Cauvery"}
    assert place.extract(without + "\n")[0].appended == 0
    place.extract(LEADS)
    back = [(row["_version"], row["_deleted"], row["company_name"]) for row in place.versions() if row["_key"] == "L2"]
    assert back == [("1", "false", "Bharat Pumps"), ("2", "true", None), ("3", "false", "Bharat Pumps")]
    assert len(place.current()) == 3


def test_what_a_delta_lacks_stays(tmp_path):
    place = Place(tmp_path, entities="{leads: {file: leads.csv, snapshot: delta}}")
    place.extract(LEADS)
    (read,) = place.extract(HEADER + "L2,2025-01-02,Bharat\nL4,2025-01-04,Deccan\n")
    assert (read.rows, read.appended) == (2, 2)
    assert names(place.current()) == {"L1": "Acme", "L2": "Bharat", "L3": "Cauvery", "L4": "Deccan"}
    assert place.extract(HEADER)[0].appended == 0 and len(place.current()) == 4


def test_an_id_that_stands_twice_is_kept_as_a_second_occurrence(place):
    twice = LEADS + "L1,2025-02-01,Acme again\n"
    place.extract(twice)
    assert [(r["_occurrence"], r["_row"]) for r in place.versions() if r["_key"] == "L1"] == [("1", "2"), ("2", "5")]
    assert place.extract(twice.replace("again", "once more"))[0].appended == 1
    assert place.extract(LEADS)[0].appended == 1
    assert [r["_occurrence"] for r in place.current() if r["_key"] == "L1"] == ["1"]


def test_rows_without_a_key_land_too(place):
    place.extract(LEADS + ",2025-01-05,Nobody\n,2025-01-06,Nobody else\n")
    nameless = [(r["_key"], r["_occurrence"], r["company_name"]) for r in place.versions() if r["_key"] is None]
    assert nameless == [(None, "1", "Nobody"), (None, "2", "Nobody else")]
    assert place.extract(LEADS)[0].appended == 2 and len(place.current()) == 3


def test_a_key_of_several_columns_cannot_be_mistaken(tmp_path):
    place = Place(tmp_path, entities="{expenses: e.csv}")
    place.extract("month,team,kind,amount\n2025-01-01,a|b,c,1\n2025-01-01,a,b|c,2\n2025-01-01,a\\|b,c,3\n", "e.csv")
    assert len({row["_key"] for row in place.versions("expenses")}) == 3
    assert {row["_occurrence"] for row in place.versions("expenses")} == {"1"}


def test_a_changed_record_url_reaches_every_row(tmp_path):
    entities = "{leads: {file: leads.csv, record_url: 'https://crm.example/%s/{id}'}}"
    place = Place(tmp_path, entities=entities % "old")
    place.extract(LEADS)
    place.sources(f"  - {{name: crm, kind: csv_folder, folder: exports, entities: {entities % 'new'}}}")
    assert place.extract()[0].appended == 3
    assert {row["_record_url"] for row in place.current()} == {"https://crm.example/new/{id}"}


# -- headers


def test_headers_in_any_dress_are_ours_and_others_are_kept(place):
    place.extract(" Lead ID ,CREATED-AT,Company  Name,Lead Owner (Region),,2nd phone\nL1,2025-01-01,Acme,West,x,99\n")
    row = place.versions()[0]
    assert (row["lead_id"], row["created_at"], row["company_name"]) == ("L1", "2025-01-01", "Acme")
    assert (row["lead_owner_region"], row["column_5"]) == ("West", "x")
    assert "99" in row.values()


def test_headers_that_look_like_our_own_columns_do_no_harm(place):
    place.extract("lead_id,created_at,_key,_deleted,_version,_dlt_load_id\nL1,2025-01-01,k,true,9,z\n")
    row = place.versions()[0]
    assert (row["_key"], row["_deleted"], row["_version"]) == ("L1", "false", "1")
    assert (row["key"], row["deleted"], row["version"]) == ("k", "true", "9")


@pytest.mark.parametrize(
    ("rule", "text", "told"),
    [
        ("missing_column", "lead_id,company_name\nL1,Acme\n", "leads.csv, row 1: the column 'created_at' is missing"),
        ("missing_column", "Enquiry No,created_at\nL1,2025-01-01\n", "found: Enquiry No, created_at"),
        ("duplicate_header", "lead_id,created_at,Lead ID\n", "row 1, column 3: the header 'Lead ID' stands twice"),
        ("empty_file", "", "leads.csv is empty"),
        ("empty_file", "\ufeff", "leads.csv is empty"),
        ("empty_header", "\n\n", "leads.csv, row 1: no header stands there"),
        ("empty_header", ",,\nL1,2025-01-01,Acme\n", "leads.csv, row 1: no header stands there"),
        ("wrong_delimiter", LEADS.replace(",", ";"), "leads.csv, row 1: one column only; it looks separated by ';'"),
        ("wrong_delimiter", LEADS.replace(",", "\t"), "separated by a tab"),
        ("wrong_delimiter", LEADS.replace(",", "|"), "separated by '|'"),
        ("no_rows", HEADER, "leads.csv: a header, but no rows"),
        ("no_rows", HEADER + "\n,,\n\n", "leads.csv: a header, but no rows"),
        ("file_encoding", LEADS.replace("Bharat", "Bh\xe4").encode("cp1252"), "leads.csv, row 3, column 3: byte 0xe4"),
        ("file_encoding", LEADS.encode("utf-16")[:-1], "leads.csv, row 4, column 3"),
        ("file_format", LEADS.replace("Bharat", '"Bharat'), "leads.csv, row 3, column 3: a quote opens and is never"),
        ("file_format", b"PK\x03\x04" + bytes(60), "leads.csv is a workbook, not CSV"),
        ("missing_column", "x" * 1_000_000 + ",y\n1,2\n", "the column 'lead_id' is missing"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_stops_in_one_line(place, rule, text, told):
    stop = place.stop(text)
    assert stop.rule == rule and told in stop.what, str(stop)
    place.extract(LEADS)
    stop = place.stop(text)
    assert stop.rule == rule and told in stop.what


def test_one_unreadable_entity_keeps_the_whole_source_out(tmp_path):
    place = Place(tmp_path, entities="{leads: leads.csv, deals: deals.csv}")
    (place.exports / "leads.csv").write_text(LEADS)
    assert place.stop("deal_id\nD1\n", "deals.csv").rule == "missing_column"
    assert not place.versions()


def test_nothing_to_delete_with_unless_it_is_said(tmp_path):
    place = Place(tmp_path, entities="{leads: {file: leads.csv, allow_empty: true}, touches: touches.csv}")
    (place.exports / "leads.csv").write_text(LEADS)
    reads = place.extract("touch_id,happened_at,kind\n", "touches.csv")
    assert [(read.entity, read.rows, read.appended) for read in reads] == [("leads", 3, 3), ("touches", 0, 0)]
    place.extract("touch_id,happened_at,kind\nT1,2025-01-01,fair\n", "touches.csv")
    assert place.stop("touch_id,happened_at,kind\n", "touches.csv").rule == "no_rows"
    (place.exports / "touches.csv").write_text("touch_id,happened_at,kind\nT1,2025-01-01,fair\n")
    assert place.extract(HEADER)[0].appended == 3
    assert not place.current() and len(place.current("touches")) == 1
