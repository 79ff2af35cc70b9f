"""sources.yml: mappings, folders and files, and what is refused in one line."""

from __future__ import annotations

import codecs
import json

import pytest

from onefunnel import extract as extracting
from onefunnel.config import read_sources
from onefunnel.errors import Stop
from onefunnel.sources import csv_file
from tests.places import LEADS, Place


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
