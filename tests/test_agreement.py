"""The agreement: one broken cell gives one clear line with file, row and column; what is sound is taken as signed."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onefunnel.agreement import check_agreement, in_force_at, read_agreement
from onefunnel.agreement.expand import tables
from onefunnel.errors import Stop
from tests.support import CHECKOUT

AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
SHIPPED = ["agreement", "examples/zoho_export/agreement"]


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "agreement", tmp_path / "agreement"))


def read(folder: Path, name: str) -> list[list[str]]:
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write(folder: Path, name: str, rows: list[list[str]], encoding: str = "utf-8", **dialect) -> None:
    with open(folder / f"{name}.csv", "w", encoding=encoding, newline="") as handle:
        csv.writer(handle, **dialect).writerows(rows)


def row_of(rows: list[list[str]], found: dict[str, str]) -> int:
    """The index of the one row that holds these cells; its spreadsheet row is one more."""
    at = [i for i, row in enumerate(rows) if all(row[rows[0].index(column)] == text for column, text in found.items())]
    assert len(at) == 1, f"{found} stands in rows {at}"
    return at[0]


def put(folder: Path, name: str, found: dict[str, str], column: str, text: str) -> int:
    """The cell of that row and column holds the text; returns the spreadsheet row."""
    rows = read(folder, name)
    at = row_of(rows, found)
    rows[at][rows[0].index(column)] = text
    write(folder, name, rows)
    return at + 1


def add(folder: Path, name: str, *cells: str) -> int:
    """One more row at the end; returns its spreadsheet row."""
    rows = [*read(folder, name), list(cells)]
    write(folder, name, rows)
    return len(rows)


def remove(folder: Path, name: str, **found: str) -> None:
    rows = read(folder, name)
    keep = [rows[0]] + [
        row for row in rows[1:] if any(row[rows[0].index(column)] != text for column, text in found.items())
    ]
    assert len(keep) < len(rows)
    write(folder, name, keep)


def checked(folder: Path, as_of: datetime = AS_OF):
    agreement = read_agreement(folder)
    check_agreement(agreement, as_of)
    return agreement


def stopped(folder: Path, as_of: datetime = AS_OF) -> Stop:
    """The Stop of this agreement: one line, with something to do."""
    with pytest.raises(Stop) as caught:
        checked(folder, as_of)
    stop = caught.value
    assert "\n" not in str(stop) and len(str(stop)) < 700, str(stop)
    assert stop.do, f"nothing to do about: {stop}"
    for jargon in ("Input should", "Field required", "Extra inputs", "pydantic", "Traceback", "None"):
        assert jargon not in str(stop), str(stop)
    return stop


@pytest.mark.parametrize("shipped", SHIPPED)
def test_the_shipped_agreements_hold(shipped):
    agreement = checked(CHECKOUT / shipped)
    assert agreement.signed and all(
        tables(agreement, AS_OF)[name] for name in ("versions", "roles", "stages", "industries", "calendar")
    )


V2 = {"version": "2"}
INDUSTRY = {"version": "1", "value": "Power"}
EMPLOYEES = {"version": "1", "rule": "employee_count"}
REVENUE = {"version": "1", "rule": "annual_revenue"}
PRECEDENCE = {"version": "1", "rule": "precedence"}
NEW = {"entity": "lead", "source_word": "New"}
OFFER = {"entity": "deal", "source_word": "Technical Offer"}
CONTACT = {"version": "2", "level": "contact_within_hours"}
DEMO = {"version": "1", "kind": "demo_request"}
INTERN = {"words": "intern"}

ONE_CELL = [
    # rule, file, the row's cells, column, what stands there now
    ("agreement_partly_signed", "signatures", V2, "signed_for_marketing_by", ""),
    ("agreement_partly_signed", "signatures", V2, "signed_for_sales_on", ""),
    ("agreement_cell", "signatures", V2, "effective_from", "01-10-2024"),
    ("agreement_cell", "signatures", V2, "effective_from", "2024/10/01"),
    ("agreement_cell", "signatures", V2, "effective_from", "2024-02-30"),
    ("agreement_cell", "signatures", V2, "effective_from", "1 Oct 2024"),
    ("agreement_cell", "signatures", V2, "effective_from", ""),
    ("agreement_cell", "signatures", V2, "signed_for_sales_on", "24-09-2024"),
    ("agreement_cell", "signatures", V2, "version", "two"),
    ("agreement_cell", "signatures", V2, "version", "0"),
    ("agreement_cell", "signatures", V2, "version", "2.0"),
    ("agreement_twice", "signatures", V2, "version", "1"),
    ("agreement_cell", "qualification", INDUSTRY, "criterion", "budget"),
    ("agreement_cell", "qualification", INDUSTRY, "criterion", ""),
    ("agreement_version", "qualification", INDUSTRY, "version", "7"),
    ("agreement_rule", "qualification", INDUSTRY, "rule", "any_of"),
    ("agreement_rule", "qualification", INDUSTRY, "value", ""),
    ("agreement_word", "qualification", INDUSTRY, "value", "Pwoer"),
    ("agreement_rule", "qualification", INDUSTRY, "minimum", "5"),
    ("agreement_cell", "qualification", EMPLOYEES, "minimum", "50-200"),
    ("agreement_cell", "qualification", EMPLOYEES, "minimum", "5,000"),
    ("agreement_cell", "qualification", EMPLOYEES, "minimum", "-5"),
    ("agreement_cell", "qualification", EMPLOYEES, "maximum", "1e9"),
    ("agreement_cell", "qualification", REVENUE, "maximum", "10 Cr"),
    ("agreement_cell", "qualification", REVENUE, "maximum", "9" * 30),
    ("agreement_rule", "qualification", EMPLOYEES, "minimum", "5001"),
    ("agreement_rule", "qualification", EMPLOYEES, "minimum", "50.5"),
    ("agreement_rule", "qualification", EMPLOYEES, "value", "many"),
    ("agreement_rule", "qualification", PRECEDENCE, "value", "turnover"),
    ("agreement_intent", "intent_behaviours", DEMO, "kind", "page_view"),
    ("agreement_intent", "intent_behaviours", DEMO, "kind", "Page View"),
    ("agreement_twice", "intent_behaviours", DEMO, "kind", "pricing_page"),
    ("agreement_cell", "intent_behaviours", DEMO, "minimum_count", "0"),
    ("agreement_cell", "intent_behaviours", DEMO, "within_days", "a month"),
    ("agreement_cell", "intent_behaviours", DEMO, "within_days", "99999999999"),
    ("agreement_version", "intent_behaviours", DEMO, "version", "8"),
    ("agreement_cell", "roles", INTERN, "has_authority", "yes"),
    ("agreement_cell", "roles", INTERN, "has_authority", "1"),
    ("agreement_cell", "roles", INTERN, "has_authority", ""),
    ("agreement_cell", "roles", INTERN, "words", ""),
    ("agreement_cell", "roles", INTERN, "rule_order", "first"),
    ("agreement_twice", "roles", INTERN, "rule_order", "10"),
    ("agreement_twice", "roles", INTERN, "words", "Chief-Executive"),
    ("agreement_version", "roles", INTERN, "from_version", "9"),
    ("agreement_version", "industries", {"source_word": "Pharma"}, "from_version", "9"),
    ("agreement_twice", "industries", {"source_word": "Pharma"}, "source_word", "chemical  MFG"),
    ("agreement_cell", "industries", {"source_word": "Pharma"}, "industry", ""),
    ("agreement_cell", "handover_rules", {"source": "crm"}, "marks_by", "mood"),
    ("agreement_handover", "handover_rules", {"source": "crm"}, "value", "Handed to Slaes"),
    ("agreement_handover", "handover_rules", {"source": "export_desk"}, "value", "assigned_at"),
    ("agreement_twice", "handover_rules", {"source": "export_desk"}, "source", "crm"),
    ("agreement_stage", "stages", NEW, "stage", "inqiry"),
    ("agreement_cell", "stages", NEW, "entity", "prospect"),
    ("agreement_twice", "stages", NEW, "source_word", "junk  lead"),
    ("agreement_cell", "stages", OFFER, "status", "pending"),
    ("agreement_stage", "stages", OFFER, "status", ""),
    ("agreement_stage", "stages", OFFER, "stage_order", ""),
    ("agreement_stage", "stages", {"source_word": "Order Lost"}, "status", "won"),
    ("agreement_stage", "stages", {"source_word": "Offer Sent"}, "stage_order", "4"),
    ("agreement_cell", "dispositions", {"source_word": "No Budget"}, "is_closing", "Ja"),
    ("agreement_cell", "dispositions", {"source_word": "No Budget"}, "says_not_qualified", "maybe"),
    ("agreement_twice", "dispositions", {"source_word": "No Budget"}, "source_word", "wrong contact"),
    ("agreement_criterion", "dispositions", {"source_word": "Wrong Contact"}, "criterion", "rol"),
    ("agreement_criterion", "dispositions", {"source_word": "Wrong Contact"}, "criterion", "budget"),
    ("agreement_criterion", "dispositions", {"source_word": "No Budget"}, "criterion", "company_size"),
    ("agreement_twice", "loss_reasons", {"source_word": "Price"}, "source_word", "delivery TIME"),
    ("agreement_twice", "forecast_categories", {"source_word": "Best Case"}, "source_word", "COMMIT"),
    ("agreement_twice", "channels", {"lead_source": "Google Ads"}, "rule_order", "10"),
    ("agreement_cell", "channels", {"lead_source": "Google Ads"}, "is_marketing", "maybe"),
    ("agreement_cell", "segments", {"segment": "Micro"}, "max_employees", "49+"),
    ("agreement_cell", "segments", {"segment": "Micro"}, "segment", "All"),
    ("agreement_rule", "segments", {"segment": "Mid-market"}, "min_employees", "1000"),
    ("agreement_word", "segments", {"segment": "Mid-market"}, "industry", "Chemcals"),
    ("agreement_twice", "regions", {"state": "Gujarat"}, "rule_order", "10"),
    ("agreement_setting", "settings", {"setting": "maturity_days"}, "setting", "maturity"),
    ("agreement_setting", "settings", {"setting": "maturity_days"}, "value", "ninety"),
    ("agreement_cell", "settings", {"setting": "maturity_days"}, "value", ""),
    ("agreement_setting", "settings", {"setting": "timezone"}, "value", "India"),
    ("agreement_setting", "settings", {"setting": "reporting_currency"}, "value", "Rs"),
    ("agreement_setting", "settings", {"setting": "revenue_basis"}, "value", "cash"),
    ("agreement_setting", "settings", {"setting": "marketing_sourced_rule"}, "value", "last_touch"),
    ("agreement_setting", "settings", {"setting": "clv_margin_percent"}, "value", "101"),
    ("agreement_setting", "settings", {"setting": "signal_max_percent_of_others"}, "value", "101"),
    ("agreement_setting", "settings", {"setting": "signal_max_chance_percent"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "signal_quarters"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "signal_current_days"}, "value", "half a year"),
    ("agreement_setting", "settings", {"setting": "promise_weeks"}, "value", "a quarter"),
    ("agreement_attribution", "attribution_models", {"model": "w_shaped", "item": "rest"}, "value", "11"),
    ("agreement_attribution", "attribution_models", {"model": "all"}, "value", "90.5"),
    ("agreement_attribution", "attribution_models", {"model": "u_shaped", "item": "lead"}, "item", "won"),
    ("agreement_twice", "attribution_models", {"model": "u_shaped", "item": "lead"}, "item", "first"),
    ("agreement_cell", "attribution_models", {"model": "u_shaped", "item": "lead"}, "model", "j_shaped"),
    ("agreement_cell", "attribution_models", {"model": "time_decay"}, "value", "0"),
    ("agreement_cell", "attribution_touch_kinds", {"kind": "webinar"}, "only_with_utm", "sometimes"),
    ("agreement_twice", "attribution_touch_kinds", {"kind": "webinar"}, "kind", "Fair"),
    ("agreement_cell", "shared_domains", {"domain": "gmail.com"}, "domain", "www.gmail.com/mail"),
    ("agreement_cell", "shared_domains", {"domain": "gmail.com"}, "kind", "isp"),
    ("agreement_twice", "shared_domains", {"domain": "gmail.com"}, "domain", "yahoo.com"),
    ("agreement_cell", "revenue_targets", {"fiscal_quarter": "FY26-Q1"}, "fiscal_quarter", "2026 Q1"),
    ("agreement_cell", "revenue_targets", {"fiscal_quarter": "FY26-Q1"}, "target", "7 crore"),
    ("agreement_twice", "revenue_targets", {"fiscal_quarter": "FY26-Q1"}, "fiscal_quarter", "FY26-Q2"),
    ("agreement_setting", "settings", {"setting": "fiscal_year_start_month"}, "value", "13"),
    ("agreement_version", "service_levels", CONTACT, "version", "7"),
    ("agreement_service", "service_levels", CONTACT, "level", "contact_hours"),
    ("agreement_twice", "service_levels", CONTACT, "level", "contact_target"),
    ("agreement_service", "service_levels", CONTACT, "value", "a day"),
    ("agreement_service", "service_levels", CONTACT, "value", "0"),
    ("agreement_service", "service_levels", CONTACT, "value", ""),
    ("agreement_service", "service_levels", {"version": "2", "level": "contact_target"}, "value", "101"),
    ("agreement_service", "service_levels", {"version": "2", "level": "opens_at"}, "value", "9.30"),
    ("agreement_service", "service_levels", {"version": "2", "level": "closes_at"}, "value", "09:30"),
    ("agreement_service", "service_levels", {"version": "2", "level": "working_days"}, "value", "Mon-Sat"),
    ("agreement_service", "service_levels", {"version": "2", "level": "holiday_country"}, "value", "Bharat"),
    ("agreement_service", "service_levels", {"version": "2", "level": "holiday_subdivision"}, "value", "Pune"),
    ("agreement_cell", "special_days", {"day": "2024-11-01"}, "is_working", "closed"),
    ("agreement_cell", "special_days", {"day": "2024-11-01"}, "day", "01-11-2024"),
    ("agreement_twice", "special_days", {"day": "2024-11-01"}, "day", "2024-01-01"),
    ("agreement_cell", "objection_categories", {"source_word": "Warranty terms"}, "found_in", "mail"),
    ("agreement_twice", "objection_categories", {"source_word": "Too expensive"}, "source_word", "price TOO high"),
    ("agreement_objection", "objection_categories", {"source_word": "Too expensive"}, "category", ""),
    ("agreement_objection", "objection_categories", {"source_word": "Budget frozen"}, "category", ""),
    ("agreement_objection", "objection_categories", {"source_word": "has supplier"}, "category", "Unmapped"),
    ("agreement_version", "ideal_customer_profile", {"version": "2", "item": "geography"}, "version", "8"),
    ("agreement_cell", "ideal_customer_profile", {"version": "2", "item": "geography"}, "item", "mood"),
    ("agreement_cell", "benchmarks", {"metric": "sales_cycle_days_median"}, "value", "two months"),
    ("agreement_cell", "benchmarks", {"metric": "sales_cycle_days_median"}, "source", ""),
    ("agreement_setting", "settings", {"setting": "deal_types_in_scope"}, "value", "new, repeat"),
    ("agreement_setting", "settings", {"setting": "publish_objection_words"}, "value", "yes"),
    ("agreement_setting", "settings", {"setting": "publish_marketing_actions"}, "value", "some"),
    ("agreement_setting", "settings", {"setting": "objections_top"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "recurrence_days"}, "value", "3 months"),
    ("agreement_setting", "settings", {"setting": "aging_bands_days"}, "value", "7, 14"),
    ("agreement_setting", "settings", {"setting": "aging_bands_days"}, "value", "7; 14; 14"),
    ("agreement_setting", "settings", {"setting": "aging_bands_days"}, "value", "0; 14"),
    ("agreement_setting", "settings", {"setting": "aging_bands_days"}, "value", "7; 14;"),
    ("agreement_setting", "settings", {"setting": "lead_brief_listed"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "lead_brief_objection_days"}, "value", "half a year"),
    ("agreement_setting", "settings", {"setting": "objections_listed"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "recurrence_horizon_days"}, "value", "0"),
    ("agreement_setting", "settings", {"setting": "recurrence_horizon_days"}, "value", "89"),
]


@pytest.mark.parametrize(("rule", "name", "found", "column", "text"), ONE_CELL)
def test_one_broken_cell_is_named(folder, rule, name, found, column, text):
    row = put(folder, name, found, column, text)
    stop = stopped(folder)
    assert stop.rule == rule, str(stop)
    assert f", column {column}: " in stop.what, str(stop)
    # of two rows that say the same the later one is named first, whichever was broken
    assert (
        f"{name}.csv, row {row}" in stop.what if rule == "agreement_twice" else f"{name}.csv, row {row}, " in stop.what
    )


def test_a_criterion_that_does_not_exist_is_told_the_nearest(folder):
    put(folder, "dispositions", {"source_word": "Wrong Contact"}, "criterion", "company sise")
    assert stopped(folder).do == "write company_size, or leave the cell empty"


def test_a_disposition_names_one_criterion_and_none_is_asked_for(folder):
    put(folder, "dispositions", {"source_word": "Wrong Contact"}, "criterion", "Company  size")
    told = {row[0]: row[5] for row in tables(checked(folder), AS_OF)["dispositions"]}
    assert (told["wrong contact"], told["out of product range"]) == ("company size", None)
    row = add(folder, "dispositions", "Not the buyer", "wrong contact", "true", "false", "true", "role")
    assert f"dispositions.csv, row {row}, column criterion: 'wrong contact' has role here" in stopped(folder).what
    write(folder, "dispositions", [row[:5] for row in read(folder, "dispositions")])
    assert {row[5] for row in tables(checked(folder), AS_OF)["dispositions"]} == {None}


def test_every_cell_that_holds_a_huge_text_is_shown_in_part(folder):
    put(folder, "stages", NEW, "stage", "x\n" * 500_000)
    assert len(str(stopped(folder))) < 400


@pytest.mark.parametrize("name", [path.stem for path in sorted((CHECKOUT / "agreement").glob("*.csv"))])
def test_a_missing_file_or_column_or_one_too_many_is_named(folder, name):
    whole = read(folder, name)
    column = whole[0][1]
    write(folder, name, [row[:1] + row[2:] for row in whole])
    assert str(stopped(folder)).startswith(f"agreement_column: {name}.csv, row 1: the column '{column}' is missing")
    write(folder, name, [[*whole[0], "remark"], *[[*row, ""] for row in whole[1:]]])
    at = len(whole[0]) + 1
    assert f"{name}.csv, row 1, column {at}: 'remark' is no column of it" in stopped(folder).what
    (folder / f"{name}.csv").unlink()
    assert stopped(folder).rule == "agreement_file" and f"{name}.csv is missing" in stopped(folder).what


def test_a_folder_that_is_not_there_is_named(tmp_path):
    assert stopped(tmp_path / "nowhere").rule == "agreement_folder"


def test_a_cell_under_no_header_is_named(folder):
    rows = read(folder, "regions")
    write(folder, "regions", [[*row, ""] for row in rows])
    assert checked(folder)
    rows = [[*row, ""] for row in rows]
    rows[4][4] = "South too"
    write(folder, "regions", rows)
    assert "regions.csv, row 5, column 5: 'South too' stands under no header" in stopped(folder).what


@pytest.mark.parametrize(
    ("rule", "text", "told"),
    [
        ("empty_file", b"", "stages.csv is empty"),
        ("empty_file", "\ufeff".encode(), "stages.csv is empty"),
        ("empty_header", b"\n\nlead,New,inquiry,,\n", "stages.csv, row 1"),
        ("wrong_delimiter", b"entity;source_word;stage;stage_order;status\nlead;New;inquiry;;\n", "stages.csv, row 1"),
        ("wrong_delimiter", b"entity\tsource_word\nlead\tNew\n", "separated by a tab, not by ','"),
        (
            "duplicate_header",
            b"entity,stage,stage,stage_order,status\n",
            "stages.csv, row 1, column 3: the header 'stage'",
        ),
        (
            "agreement_row",
            b"entity,source_word,stage,stage_order,status\nlead,New,inquiry\n",
            "stages.csv, row 2: row has 3",
        ),
        (
            "file_encoding",
            b"entity,source_word,stage,stage_order,status\nlead,New,inquiry,,\nlead,Caf\xe9,nurture,,\n",
            "stages.csv, row 3, column 2: byte 0xe9 is not utf-8",
        ),
        (
            "file_format",
            b'entity,source_word,stage,stage_order,status\nlead,"New,inquiry,,\nlead,Warm,nurture,,\n',
            "stages.csv, row 2, column 2: a quote opens and is never closed",
        ),
        ("file_format", b"PK\x03\x04workbook", "stages.csv is a workbook, not CSV"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(folder, rule, text, told):
    (folder / "stages.csv").write_bytes(text)
    stop = stopped(folder)
    assert stop.rule == rule and told in stop.what
    assert "sources.yml" not in stop.do  # what helps for an export does not help here


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_what_a_spreadsheet_saves_is_read_alike(folder, encoding, end):
    before = tables(checked(folder), AS_OF)
    for name in [path.stem for path in folder.glob("*.csv")]:
        rows = read(folder, name)
        rows = [[cell.upper() if cell in ("true", "false") else f" {cell} " for cell in row] for row in rows]
        write(folder, name, [*rows, [""] * len(rows[0])], encoding, lineterminator=end)
    assert tables(checked(folder), AS_OF) == before


def test_a_draft_is_ignored_and_named(folder):
    agreement = checked(folder)
    assert agreement.drafts == [3]
    assert [line.version for line in agreement.signed] == [1, 2]
    signed = {row[0]: (row[1] is not None, row[2]) for row in tables(agreement, AS_OF)["versions"]}
    assert signed == {1: (True, True), 2: (True, True), 3: (False, False)}
    check_agreement(agreement, AS_OF)
    assert agreement.drafts == [3]


def test_a_draft_with_one_signature_is_signed_in_part(folder):
    row = put(folder, "signatures", {"version": "3"}, "signed_for_sales_by", "Rajesh Pillai")
    stop = stopped(folder)
    assert stop.rule == "agreement_partly_signed"
    assert f"signatures.csv, row {row}, column signed_for_sales_on: empty" in stop.what


def test_a_draft_may_be_unfinished(folder):
    remove(folder, "qualification", version="3")
    remove(folder, "intent_behaviours", version="3")
    assert checked(folder).drafts == [3]


def test_a_version_is_in_force_from_the_latest_of_its_three_dates(folder):
    agreement = checked(folder)
    first, second = agreement.signed
    assert (first.in_force_on, second.in_force_on) == (date(2023, 4, 1), date(2024, 10, 7))
    assert in_force_at(agreement, second) == datetime(2024, 10, 6, 18, 30, tzinfo=UTC)
    put(folder, "signatures", V2, "signed_for_sales_on", "2024-12-24")
    assert checked(folder).signed[1].in_force_on == date(2024, 12, 24)


def test_nothing_in_force_at_as_of_stops(folder):
    before = datetime(2023, 3, 31, 18, 29, 59, tzinfo=UTC)
    stop = stopped(folder, before)
    assert stop.rule == "agreement_not_in_force" and "signatures.csv, column effective_from" in stop.what
    assert checked(folder, before.replace(minute=30, second=0))
    write(folder, "signatures", read(folder, "signatures")[:1])
    assert stopped(folder).rule in ("agreement_not_in_force", "agreement_version")


@pytest.mark.parametrize("day", ["2023-04-01", "2022-01-01"])
def test_versions_that_overlap_stop(folder, day):
    row = put(folder, "signatures", V2, "effective_from", day)
    put(folder, "signatures", V2, "signed_for_sales_on", day)
    put(folder, "signatures", V2, "signed_for_marketing_on", day)
    stop = stopped(folder)
    assert stop.rule == "agreement_overlap"
    assert "signatures.csv, row" in stop.what and "column effective_from" in stop.what and "overlap" in stop.what
    assert day == "2022-01-01" or f"row {row}" in stop.what


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            {"criterion": "industry"},
            "qualification.csv, column criterion: version 2 (signatures.csv, row 3) has no industry",
        ),
        ({"criterion": "role"}, "has no role"),
        ({"criterion": "intent"}, "has no intent"),
        ({"criterion": "company_size"}, "has no company_size"),
        (
            {"rule": "precedence"},
            "qualification.csv, column rule: company_size of version 2 (signatures.csv, row 3) has two bands",
        ),
    ],
)
def test_a_signed_version_has_every_criterion(folder, found, told):
    remove(folder, "qualification", version="2", **found)
    stop = stopped(folder)
    assert stop.rule == "agreement_incomplete" and told in stop.what, str(stop)


def test_a_signed_version_lists_behaviours(folder):
    remove(folder, "intent_behaviours", version="2")
    stop = stopped(folder)
    assert stop.rule == "agreement_incomplete" and "intent_behaviours.csv, column version: version 2" in stop.what


def test_one_band_needs_no_precedence(folder):
    remove(folder, "qualification", version="2", rule="annual_revenue")
    remove(folder, "qualification", version="2", rule="precedence")
    sizes = {row[0]: row[1:] for row in tables(checked(folder), AS_OF)["company_size"]}
    assert sizes[2] == (True, 100, 5000, False, None, None, None)


def test_a_band_may_be_open_at_one_end(folder):
    put(folder, "qualification", {"version": "2", "rule": "annual_revenue"}, "maximum", "")
    assert {row[0]: row[6] for row in tables(checked(folder), AS_OF)["company_size"]}[2] is None
    row = put(folder, "qualification", {"version": "2", "rule": "annual_revenue"}, "minimum", "")
    assert f"qualification.csv, row {row}, column minimum: the band has neither" in stopped(folder).what


@pytest.mark.parametrize(
    ("name", "cells", "column"),
    [
        ("qualification", ("1", "industry", "one_of", "  chemicals", "", ""), "value"),
        ("qualification", ("1", "intent", "any_agreed_behaviour", "", "", ""), "rule"),
        ("qualification", ("2", "geography", "country", "INDIA", "", ""), "value"),
        ("intent_behaviours", ("1", "demo_request", "3", "10"), "kind"),
        ("stages", ("deal", "closed won", "won", "6", "won"), "source_word"),
        ("settings", ("timezone", "Asia/Kolkata", ""), "setting"),
    ],
)
def test_a_row_that_stands_twice_is_named(folder, name, cells, column):
    row = add(folder, name, *cells)
    stop = stopped(folder)
    assert stop.rule in ("agreement_twice", "agreement_setting"), str(stop)
    assert f"{name}.csv, row {row}, column {column}: " in stop.what and "stands already in" in stop.what


def test_two_bands_of_one_kind_stop(folder):
    add(folder, "qualification", "2", "company_size", "precedence", "annual_revenue", "", "")
    assert "company_size precedence stands twice in version 2" in stopped(folder).what


def test_a_setting_that_does_not_exist_is_named(folder):
    row = add(folder, "settings", "colour", "blue", "")
    stop = stopped(folder)
    assert stop.rule == "agreement_setting" and f"settings.csv, row {row}, column setting: 'colour'" in stop.what
    assert "remove the row" in stop.do


def test_a_setting_that_is_spelled_wrong_is_told_its_neighbour(folder):
    add(folder, "settings", "maturity_day", "90", "")
    assert stopped(folder).do.startswith("write maturity_days")


@pytest.mark.parametrize("name", [row[0] for row in read(CHECKOUT / "agreement", "settings")[1:]])
def test_a_setting_that_is_missing_is_named(folder, name):
    remove(folder, "settings", setting=name)
    assert f"settings.csv, column setting: there is no row for '{name}'" in stopped(folder).what


def test_dictionaries_are_written_out_for_every_version(folder):
    add(folder, "roles", "2", "45", "Assistant General-Manager", "too junior", "false")
    add(folder, "industries", "2", "pharma", "Chemicals")
    add(folder, "industries", "3", "Wood", "Wood")
    out = tables(checked(folder), AS_OF)
    levels = {(row[0], row[3]): (row[1], row[4]) for row in out["roles"] if "stant general" in row[2].lower()}
    assert levels[1, "senior manager"] == (40, True)
    assert levels[2, "too junior"] == levels[3, "too junior"] == (45, False)
    assert (2, 40) not in {row[:2] for row in out["roles"]}
    mapped = {row[:2]: row[2] for row in out["industries"]}
    assert [mapped[version, "pharma"] for version in (1, 2, 3)] == ["pharmaceuticals", "chemicals", "chemicals"]
    assert (3, "wood") in mapped and (2, "wood") not in mapped
    assert len({row[:2] for row in out["roles"]}) == len(out["roles"])


def test_a_later_row_may_not_take_the_order_of_one_that_still_holds(folder):
    row = add(folder, "roles", "2", "10", "purchase committee", "committee", "true")
    stop = stopped(folder)
    assert stop.rule == "agreement_twice"
    assert f"roles.csv, row {row}, column rule_order: in version 2, 10 stands already in roles.csv, row 2" in stop.what
