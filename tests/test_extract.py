"""Extraction: what lands in the lake, what never does, and what a killed load leaves behind."""

from __future__ import annotations

import codecs
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefunnel import extract as extracting
from onefunnel import lake
from onefunnel.config import read_sources
from onefunnel.errors import Stop
from onefunnel.extract import extract
from onefunnel.home import Home
from onefunnel.sources import csv_file
from tests.support import CHECKOUT, environment

HEADER = "lead_id,created_at,company_name\n"
LEADS = HEADER + "L1,2025-01-01,Acme\nL2,2025-01-02,Bharat Pumps\nL3,2025-01-03,Cauvery\n"


class Place:
    """A folder with sources.yml and exports, and a home beside it."""

    def __init__(self, root: Path, *, entities: str = "{leads: leads.csv}", kind: str = "csv_folder", more: str = ""):
        self.root, self.exports, self.home = root, root / "exports", Home(root / "home")
        self.exports.mkdir(parents=True)
        self.at = datetime(2026, 4, 1, tzinfo=UTC)
        self.sources(f"  - {{name: crm, kind: {kind}, folder: exports, entities: {entities}{more}}}")

    def sources(self, text: str) -> None:
        (self.root / "sources.yml").write_text(f"sources:\n{text}\n", encoding="utf-8")

    def extract(self, text: str | bytes | None = None, file: str = "leads.csv") -> list:
        """Extract the first source, after writing the file; the clock goes on by an hour."""
        if text is not None:
            (self.exports / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.at += timedelta(hours=1)
        sources_file = self.root / "sources.yml"
        return extract(self.home, read_sources(sources_file).sources[0], sources_file, self.at)

    def stop(self, text: str | bytes | None = None, file: str = "leads.csv") -> Stop:
        """The Stop of this extraction: one line, something to do, and a lake as it was."""
        before = everything(self.home)
        with pytest.raises(Stop) as caught:
            self.extract(text, file)
        assert everything(self.home) == before
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 1500
        assert caught.value.do
        return caught.value

    def versions(self, entity: str = "leads", columns: str = "*") -> list[dict]:
        """Every version of the lake, oldest first."""
        files = lake.completed_files(self.home).get("crm", {}).get(entity, [])
        if not files:
            return []
        with duckdb.connect() as con:
            found = con.sql(
                f"select {columns} from read_parquet({lake.file_list(files)}, union_by_name = true) "
                "order by _key, cast(_occurrence as int), cast(_version as int)"
            )
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def current(self, entity: str = "leads") -> list[dict]:
        """The newest version of each record, without the deleted ones."""
        newest = {(row["_key"], row["_occurrence"]): row for row in self.versions(entity)}
        return [row for row in newest.values() if row["_deleted"] == "false"]

    def loads(self) -> list[str]:
        return lake.load_ids(self.home)


def everything(home: Home) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.lake.rglob("*")) if path.is_file()}


def names(rows: list[dict]) -> dict[str, str]:
    return {row["_key"]: row["company_name"] for row in rows}


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


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


# -- cells


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


# -- sources.yml


def test_their_headers_can_be_mapped(tmp_path):
    entities = "{leads: {file: leads.csv, columns: {lead_id: Enquiry No, job_title: Designation}}}"
    place = Place(tmp_path, entities=entities)
    place.extract("ENQUIRY NO,Created At,designation\n7,2025-01-01,Plant Head\n")
    row = place.versions()[0]
    assert (row["_key"], row["lead_id"], row["job_title"]) == ("7", "7", "Plant Head")
    stop = place.stop("Enquiry No,Created At,Title\n7,2025-01-01,Plant Head\n")
    assert stop.rule == "missing_column" and "maps job_title to 'Designation', but there is no such header" in stop.what
    stop = place.stop("Enquiry No,Created At,Designation,lead_id\n7,2025-01-01,Plant Head,L7\n")
    assert stop.rule == "duplicate_header" and "row 1, column 4: 'lead_id' is a second column for lead_id" in stop.what


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("{jobtitle: Designation}", "entity leads, columns: 'jobtitle' is no column of it"),
        ("{_key: lead_id}", "'_key' is no column of it"),
        ("{industry: Designation, job_title: Designation}", "'Designation' is named for two columns"),
    ],
)
def test_a_mapping_that_means_nothing_stops(tmp_path, columns, told):
    place = Place(tmp_path, entities=f"{{leads: {{file: leads.csv, columns: {columns}}}}}")
    stop = place.stop(LEADS.replace("company_name", "Designation"))
    assert stop.rule == "unknown_column" and told in stop.what


def test_zoho_headers_land_under_the_names_of_its_api(tmp_path):
    entities = "{leads: {file: Leads.csv, columns: {handed_over_at: Handed On}}, deals: Deals.csv}"
    place = Place(tmp_path, entities=entities, kind="zoho_crm")
    (place.exports / "Leads.csv").write_text(
        "LEADID,Lead Owner,Created Time,Lead Status,No. of Employees,Handed On\nz1,Asha,2021-04-01 10:00:00,New,12,x\n"
    )
    place.extract("LEADID,Potential Name,Created Time,Stage\nz9,Pumps,2021-04-02 10:00:00,Proposal\n", "Deals.csv")
    (lead,), (deal,) = place.versions(), place.versions("deals")
    assert (lead["_key"], lead["id"], lead["owner"], lead["no_of_employees"]) == ("z1", "z1", "Asha", "12")
    assert lead["our__handed_over_at"] == "x"
    assert (deal["_key"], deal["id"], deal["lead_id"], deal["deal_name"]) == ("z9", "z9", "z9", "Pumps")
    stop = place.stop("Potential Name,Created Time,Stage\nPumps,2021-04-02 10:00:00,Proposal\n", "Deals.csv")
    assert stop.rule == "missing_column" and "the column 'id' is missing" in stop.what


@pytest.mark.parametrize(
    "file", ["../outside.csv", "sub/../../outside.csv", "link.csv", "linked/leads.csv", "bad\0name"]
)
def test_a_file_that_leaves_its_folder_is_refused(tmp_path, file):
    place = Place(tmp_path / "in", entities=json.dumps({"leads": file}))
    for outside in (tmp_path / "in/outside.csv", tmp_path / "secrets/leads.csv"):
        outside.parent.mkdir(exist_ok=True)
        outside.write_text(LEADS)
    (place.exports / "sub").mkdir()
    (place.exports / "link.csv").symlink_to(tmp_path / "in/outside.csv")
    (place.exports / "linked").symlink_to(tmp_path / "secrets")
    stop = place.stop()
    assert stop.rule == "path_leaves_folder" and "source crm, entity leads" in stop.what


def test_an_absolute_file_is_refused_and_a_missing_one_named(tmp_path):
    (tmp_path / "outside.csv").write_text(LEADS)
    place = Place(tmp_path / "in", entities=json.dumps({"leads": str(tmp_path / "outside.csv")}))
    assert place.stop().rule == "path_leaves_folder"
    place.sources("  - {name: crm, kind: csv_folder, folder: exports, entities: {leads: nothing.csv}}")
    assert place.stop().rule == "file_missing"
    place.sources("  - {name: crm, kind: csv_folder, folder: exports, entities: {leads: .}}")
    assert place.stop().rule == "file_missing"


def test_a_link_that_stays_inside_works(place):
    (place.exports / "2026-04.csv").write_text(LEADS)
    (place.exports / "leads.csv").symlink_to("2026-04.csv")
    assert place.extract()[0].rows == 3


@pytest.mark.parametrize(
    ("folder", "environment", "rule", "told"),
    [
        ("{root}/exports", {}, "source_folder", "is absolute"),
        ("${{NOT_SET}}/crm", {}, "source_folder", "the environment variable NOT_SET is not set"),
        ("exports/${{NOT_SET}}", {}, "source_folder", "the environment variable NOT_SET is not set"),
        ("${{EXPORTS}}", {"EXPORTS": "exports"}, "source_folder", "no absolute folder"),
        ("${{EXPORTS}}/../secrets", {"EXPORTS": "{root}/exports"}, "path_leaves_folder", "leads out of"),
        ("../secrets", {}, "path_leaves_folder", "leads out of"),
        ("linked", {}, "path_leaves_folder", "leads out of"),
        ("nowhere", {}, "source_folder", "there is no folder"),
    ],
)
def test_a_folder_that_is_not_below_sources_yml_is_refused(tmp_path, monkeypatch, folder, environment, rule, told):
    place = Place(tmp_path / "in")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "in/linked").symlink_to(tmp_path / "secrets")
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(root=place.root))
    place.sources(
        f"  - {{name: crm, kind: csv_folder, folder: '{folder.format(root=place.root)}', entities: {{leads: l}}}}"
    )
    stop = place.stop()
    assert stop.rule == rule and told in stop.what and "source crm, key folder" in stop.what


def test_an_environment_variable_may_name_any_folder(tmp_path, monkeypatch):
    place = Place(tmp_path / "in")
    elsewhere = tmp_path / "elsewhere" / "crm"
    elsewhere.mkdir(parents=True)
    (elsewhere / "leads.csv").write_text(LEADS)
    monkeypatch.setenv("EXPORTS", str(elsewhere.parent))
    place.sources("  - {name: crm, kind: csv_folder, folder: '${EXPORTS}/crm', entities: {leads: leads.csv}}")
    assert place.extract()[0].rows == 3


BARE = "{name: crm, kind: csv_folder, folder: exports"
ONE = BARE + ", entities: {leads: leads.csv}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not a file with a list `sources:`"),
        ("- a\n- b\n", "is not a file with a list `sources:`"),
        ("sources: [\n", ", line 2, column 1: not YAML"),
        ("sources:\n\t- a\n", ", line 2, column 1: not YAML"),
        ("sources: []\n", "key sources: needs at least one entry"),
        ("as_of: 2026-03-31T00:00:00Z\n", "key sources: is missing"),
        (f"as_of: 2026-03-31\nsources: [{ONE}}}]\n", "key as_of: "),
        (f"as_of: soon\nsources: [{ONE}}}]\n", "key as_of: 'soon' "),
        (f"sources: [{ONE.replace('folder: exports, ', '')}}}]\n", "source crm, key folder: is missing"),
        (f"sources: [{ONE.replace('csv_folder', 'hubspot')}}}]\n", "source crm, key kind: 'hubspot' must be"),
        (f"sources: [{ONE.replace('crm', 'My CRM')}}}]\n", "key name: 'My CRM' must be small letters"),
        (f"sources: [{ONE}, snapshots: full}}]\n", "source crm, key snapshots: 'full' is no key of sources.yml"),
        (f"sources: [{ONE}, snapshot: all}}]\n", "source crm, key snapshot: 'all' must be 'full' or 'delta'"),
        (f"sources: [{ONE}, timezone: India}}]\n", "source crm, key timezone: 'India' 'India' is not a time zone"),
        (f"sources: [{ONE}, currency: Rs}}]\n", "source crm, key currency: 'Rs' must be three capital letters"),
        (f"sources: [{ONE}, delimiter: ';;'}}]\n", "source crm, key delimiter: ';;' must be one character"),
        (f"sources: [{ONE}, delimiter: '\"'}}]\n", "source crm, key delimiter: "),
        (f"sources: [{ONE}, day_first: maybe}}]\n", "source crm, key day_first: 'maybe' must be true or false"),
        (f"sources: [{ONE}}}, {ONE}}}]\n", "the name 'crm' stands twice"),
        (f"sources: [{BARE}, entities: {{}}}}]\n", "source crm, key entities: needs at least"),
        (f"sources: [{BARE}, entities: [leads]}}]\n", "source crm, key entities: must be a list"),
        (f"sources: [{BARE}, entities: {{leads: {{fil: l}}}}}}]\n", "entity leads, key file: is missing"),
        (f"sources: [{BARE}, entities: {{leads: l, leads: m}}}}]\n", "'leads' stands twice"),
        ("sources: [leads.csv]\n", "source 1: "),
    ],
)  # fmt: skip
def test_a_wrong_sources_yml_stops_in_one_line(tmp_path, text, told):
    path = tmp_path / "sources.yml"
    path.write_text(text)
    with pytest.raises(Stop) as caught:
        read_sources(path)
    stop = caught.value
    assert stop.rule == "sources_file" and "\n" not in str(stop) and told in stop.what, str(stop)
    assert stop.do and "Input should" not in str(stop)


@pytest.mark.parametrize("text", [b"\xff\xfe\x00s", b"\x00\x01", b"sources: \xe9", None])
def test_a_sources_yml_that_is_no_text_stops(tmp_path, text):
    if text is not None:
        (tmp_path / "sources.yml").write_bytes(text)
    with pytest.raises(Stop) as caught:
        read_sources(tmp_path / "sources.yml")
    assert "\n" not in str(caught.value)


def test_a_bom_and_crlf_in_sources_yml_work(tmp_path):
    (tmp_path / "sources.yml").write_bytes(codecs.BOM_UTF8 + f"sources:\r\n  - {ONE}}}\r\n".encode())
    assert read_sources(tmp_path / "sources.yml").named("crm").namespace == "crm"


def test_an_unknown_entity_stops(tmp_path):
    stop = Place(tmp_path, entities="{prospects: p.csv}").stop()
    assert stop.rule == "unknown_entity" and "'prospects' is no entity of kind csv_folder" in stop.what
    assert "leads" in stop.do


@pytest.mark.parametrize("reader", [extracting, csv_file])
def test_a_file_that_may_not_be_read_stops(place, monkeypatch, reader):
    def refused(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reader, "open", refused, raising=False)
    stop = place.stop(LEADS)
    assert stop.rule == "file_unreadable" and stop.what == "leads.csv cannot be read: Permission denied"


# -- loads that were killed

KILLER = """
import os, random, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
import dlt, dlt.destinations
from onefunnel import lake
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.home import Home

root, kills = Path(sys.argv[1]), int(sys.argv[2])
source = read_sources(root / "sources.yml").sources[0]
chance, append = random.Random(7), lake.append

def child(home):
    number = os.fork()
    if number == 0:
        try:
            extract(Home(home), source, root / "sources.yml", datetime(2026, 4, 2, tzinfo=UTC))
        finally:
            os._exit(0)
    return number

def timed(*given):
    begun.write_text(str(time.time()))
    append(*given)

# children that live say when a load begins and when it ends; the others die at moments in between
begun, lake.append = root / "begun", timed
for name in ("alive0", "alive1"):
    started = time.time()
    os.waitpid(child(root / name), 0)
first, last = float(begun.read_text()) - started, time.time() - started
for number in range(kills):
    begun.unlink()
    victim = child(root / f"home{number}")
    while not begun.exists():  # the machine may be slower now than it was for the ones that lived
        time.sleep(0.0005)
    time.sleep((last - first) * (number + chance.random()) / kills)
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)
"""


def comparable(place: Place) -> list[tuple]:
    return sorted(
        tuple(sorted((name, cell) for name, cell in row.items() if name != "_loaded_at" and cell is not None))
        for entity in ("leads", "deals")
        for row in place.current(entity)
    )


def test_a_killed_load_leaves_nothing_that_counts_or_hinders(tmp_path):
    place = Place(tmp_path, entities="{leads: leads.csv, deals: deals.csv}")
    deals = "deal_id,created_at\n" + "".join(f"D{n},2025-02-01\n" for n in range(3_000))
    leads = HEADER + "".join(f"L{n},2025-01-01,Company {n}\n" for n in range(3_000))
    (place.exports / "deals.csv").write_text(deals)
    place.extract(leads)
    kills, first = 7, place.home
    for name in ("alive0", "alive1", *(f"home{number}" for number in range(kills))):
        shutil.copytree(first.root, tmp_path / name)
    (place.exports / "leads.csv").write_text(leads.replace("Company 7", "Firm 7").replace("L1,", "LX,"))
    (place.exports / "deals.csv").write_text(deals + "D9999,2025-02-02\n")
    place.extract()
    undisturbed, before = comparable(place), everything(first)
    versions = len(place.versions()), len(place.versions("deals"))
    command = [sys.executable, "-c", KILLER, str(tmp_path), str(kills)]
    done = subprocess.run(command, env=environment(), cwd=CHECKOUT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    halfway = 0
    for number in range(kills):
        place.home = Home(tmp_path / f"home{number}")
        halfway += len(place.loads()) == 1 and (place.home.root / "unfinished" / "crm").exists()
        place.extract()
        assert comparable(place) == undisturbed
        assert (len(place.versions()), len(place.versions("deals"))) == versions
        assert place.extract()[0].skipped
        assert not any((place.home.root / "unfinished").glob("*"))
    assert everything(first) == before
    assert halfway, "every child died before or after its load: the test tests nothing"


@pytest.mark.parametrize("moved", range(3))
def test_a_load_that_dies_on_its_way_into_the_lake_does_not_count(place, monkeypatch, moved):
    place.extract(LEADS)
    left = iter(range(moved))
    move = os.replace

    def dies(*places):
        if next(left, None) is None:
            raise KeyboardInterrupt
        move(*places)

    with monkeypatch.context() as patch:
        patch.setattr(lake.os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):  # before the extractions, the leads or the mark are moved
            place.extract(LEADS.replace("Acme", "Acme Pumps"))
    assert names(place.current())["L1"] == "Acme" and len(place.loads()) == 1
    place.extract(LEADS.replace("Acme", "Acme Pumps"))
    assert len(place.versions()) == 4 and names(place.current())["L1"] == "Acme Pumps"


def test_files_of_a_load_that_was_not_completed_do_not_exist(place):
    place.extract(LEADS)
    (mark,) = (place.home.lake / "crm" / lake.LOADS).iterdir()
    whole = mark.read_text()
    for cut in ("", whole[: len(whole) // 2], whole.replace('"status":0', '"status":1')):
        mark.write_text(cut)
        assert not place.versions()
    mark.write_text(whole)
    assert len(place.versions()) == 3
    (place.home.root / "unfinished" / "crm").mkdir(parents=True)
    (place.home.root / "unfinished" / "crm" / "init").write_text("{")
    assert place.extract(LEADS.replace("Acme", "Acne"))[0].appended == 1


# -- whatever the files were, the lake ends with the last one


def write_at_once(home: Home, source: str, tables: dict) -> None:
    """What lake.append leaves behind, without dlt: fast enough for hundreds of loads."""
    load = f"{len(lake.load_ids(home)) + 1}.0"
    for entity, make in tables.items():
        folder = home.lake / source / entity
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.concat_tables(make()), folder / f"{load}.x.parquet")
    marks = home.lake / source / lake.LOADS
    marks.mkdir(exist_ok=True)
    (marks / f"{load}.jsonl").write_text(json.dumps({"load_id": load, "status": 0}))


CELLS = st.sampled_from(["", "a", "b", "=1+1", "x'y", 'q"q', "ü", "a|b", "two\nlines"])
ROWS = st.lists(st.tuples(st.sampled_from(["1", "2", "3", "4", "1|2", ""]), CELLS, CELLS), min_size=1, max_size=7)


MAYBE_EMPTY = "{leads: {file: leads.csv, allow_empty: true}}"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(ROWS, min_size=1, max_size=5))
def test_after_full_snapshots_the_lake_holds_the_last_file(tmp_path_factory, files):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "append", write_at_once)
        place = Place(tmp_path_factory.mktemp("any"), entities=MAYBE_EMPTY)
        for rows in files:
            place.extract(as_csv(rows))
            assert landed(place.current()) == sorted(told(rows))
        loads, versions = place.loads(), len(place.versions())
        (read,) = place.extract(as_csv(files[-1]) + "\n")
        assert (read.appended, place.loads(), len(place.versions())) == (0, loads, versions)
        shutil.rmtree(place.root)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=st.lists(ROWS, min_size=1, max_size=4))
def test_after_deltas_the_lake_holds_the_newest_row_of_each_key(tmp_path_factory, files):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake, "append", write_at_once)
        place = Place(tmp_path_factory.mktemp("any"), entities=MAYBE_EMPTY, more=", snapshot: delta")
        expected = {}
        for rows in files:
            place.extract(as_csv(rows))
            expected |= {row[:2]: row for row in told(rows)}
        assert landed(place.current()) == sorted(expected.values())
        shutil.rmtree(place.root)


def as_csv(rows: list[tuple]) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    return "lead_id,created_at,company_name\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)


def told(rows: list[tuple]) -> list[tuple]:
    """Key, occurrence and cells of each row that is not blank."""
    seen: dict[str, int] = {}
    out = []
    for row in rows:
        if any(row):
            seen[row[0]] = seen.get(row[0], 0) + 1
            out.append((row[0], seen[row[0]], *row[1:]))
    return out


def landed(rows: list[dict]) -> list[tuple]:
    return sorted(
        (row["_key"] or "", int(row["_occurrence"]), row["created_at"] or "", row["company_name"] or "") for row in rows
    )
