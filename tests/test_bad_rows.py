"""One small company with every kind of dirt: each row works, or is listed with its file and row."""

from __future__ import annotations

import csv
import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from onefunnel import warehouse
from onefunnel.agreement import check_agreement, read_agreement
from onefunnel.config import read_sources
from onefunnel.errors import Stop
from onefunnel.extract import extract
from onefunnel.gate.checks import Outcome, escaped, write_audit
from onefunnel.gate.gate import judge_and_check
from onefunnel.gate.published import open_candidate
from onefunnel.gate.words import unknown_deal_stages
from onefunnel.home import Home
from tests.support import CHECKOUT

AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
FORMULA = "=cmd|' /C calc'!A0"
SQL = "x'); drop table leads; --"
HUGE = "x" * 1_000_000

SOURCES = """
sources:
  - {name: crm, kind: csv_folder, folder: crm, currency: INR,
     entities: {leads: leads.csv, deals: deals.csv, touches: touches.csv}}
  - {name: desk, kind: csv_folder, folder: desk, currency: INR, day_first: true, entities: {leads: enquiries.csv}}
"""
LEADS = [
    # row 1: the header
    [
        "lead_id",
        "created_at",
        "company_name",
        "industry",
        "employee_count",
        "annual_revenue",
        "status",
        "city",
        "disposition",
    ],
    ["L1", "2025-04-01T10:00:00+05:30", "Acme Pumps", "Chemicals", "250", "₹4,50,00,000", "New", "Pune", ""],
    ["L2", "15 Apr, 2021 00:03:00", "Bharat", "Chemicals", "51-200", "12.5 Cr", "new", "", ""],
    ["L3", "03/04/2025", "Cauvery", "Power", "80", "", "New", "", ""],
    ["L4", "", "Deccan", "Power", "80", "", "New", "", ""],
    ["L1", "2025-05-01", "Acme again", "Power", "80", "", "New", "", ""],
    ["L5", "2025-06-01", FORMULA, "Power", "12,000", "", "Half Baked", "", "Sulking"],
    ["L6", "2025-06-02 09:30", SQL, "Power", "250", "about a crore", "", "", ""],
    ["L7", "2025-06-03", "too short"],
    ["", "2025-06-04", "Nameless", "Power", "80", "", "New", "", ""],
    ["L8", "2025-06-05", "Go\0davari", "Power", "-5", "(1,200.00)", "New", "", ""],
    ["L9", "2026-04-02", "Tomorrow Ltd", "Power", "80", "", "New", "", ""],
    ["L10", "2025-06-06", HUGE, "Unheard Of", "", "", "New", "", ""],
]
DEALS = [
    [
        "deal_id",
        "created_at",
        "stage",
        "amount",
        "lead_id",
        "expected_close_on",
        "closed_at",
        "lost_reason",
        "forecast_category",
    ],
    ["D1", "2025-05-01", "Technical Offer", "5,00,000", "L1", "2026-06-30", "", "", ""],
    ["D2", "2025-05-02", "Negotiation", "-1,00,000", "", "2026-06-30", "", "", "Best Case"],
    ["D3", "2025-05-03", "Negotiation", "twelve", "", "30.06.2026", "", "", ""],
    ["D4", "2025-05-04", "Closed Won", "700", "", "2025-06-30", "", "", ""],
    ["D1", "2025-05-05", "Closed Lost", "1", "", "", "", "", ""],
    ["D5", "2025-05-06", "Closed Lost", "800", "L404", "2025-06-30", "2025-05-01", "Bad mood", "Surely"],
]
TOUCHES = [
    ["touch_id", "happened_at", "kind", "lead_id"],
    ["T1", "2025-04-02", "demo_request", "L1"],
    ["T2", "yesterday", "demo_request", "L2"],
    ["T1", "2025-04-03", "demo_request", "L2"],
    ["T3", "2026-04-02T00:00:00Z", "demo_request", "L1"],
]
DESK = [
    ["lead_id", "created_at", "company_name"],
    ["1", "03/04/2025", "Export GmbH"],
    ["2", "2025-13-40", "No such day"],
]

FAULTS = {
    # source, file, row, entity, fault, action
    ("crm", "leads.csv", 3, "leads", "employee_count: cannot be read as a whole number", "kept"),
    ("crm", "leads.csv", 4, "leads", "created_at is missing or unreadable", "excluded"),
    ("crm", "leads.csv", 5, "leads", "created_at is missing or unreadable", "excluded"),
    ("crm", "leads.csv", 6, "leads", "duplicate id: this record stands earlier in the file", "excluded"),
    ("crm", "leads.csv", 7, "leads", "status: not in the agreement's stages.csv", "kept"),
    ("crm", "leads.csv", 7, "leads", "disposition: not in the agreement's dispositions.csv", "kept"),
    ("crm", "leads.csv", 8, "leads", "annual_revenue: cannot be read as an amount", "kept"),
    ("crm", "leads.csv", 9, "leads", "row has 3 cells, the header 9", "excluded"),
    ("crm", "leads.csv", 10, "leads", "no lead_id", "excluded"),
    ("crm", "leads.csv", 11, "leads", "NUL bytes removed", "kept"),
    ("crm", "leads.csv", 11, "leads", "annual_revenue: negative", "kept"),
    ("crm", "leads.csv", 11, "leads", "employee_count: cannot be read as a whole number", "kept"),
    ("crm", "deals.csv", 3, "deals", "amount: negative", "kept"),
    ("crm", "deals.csv", 4, "deals", "amount: cannot be read as an amount", "kept"),
    ("crm", "deals.csv", 4, "deals", "expected_close_on: cannot be read as a date", "kept"),
    ("crm", "deals.csv", 5, "deals", "closed_at: missing for a closed deal", "kept"),
    ("crm", "deals.csv", 6, "deals", "duplicate id: this record stands earlier in the file", "excluded"),
    ("crm", "deals.csv", 7, "deals", "closed_at: before created_at", "kept"),
    ("crm", "deals.csv", 7, "deals", "lead_id: no such lead", "kept"),
    ("crm", "deals.csv", 7, "deals", "lost_reason: not in the agreement's loss_reasons.csv", "kept"),
    ("crm", "deals.csv", 7, "deals", "lost_reason: not in the agreement's objection_categories.csv", "kept"),
    ("crm", "deals.csv", 7, "deals", "forecast_category: not in the agreement's forecast_categories.csv", "kept"),
    ("crm", "touches.csv", 3, "touches", "happened_at is missing or unreadable", "excluded"),
    ("crm", "touches.csv", 4, "touches", "duplicate id: this record stands earlier in the file", "excluded"),
    ("desk", "enquiries.csv", 3, "leads", "created_at is missing or unreadable", "excluded"),
}
ROWS = {
    # source, entity: rows in, excluded, after AS_OF, out
    ("crm", "leads"): (12, 5, 1, 6),
    ("crm", "deals"): (6, 1, 0, 5),
    ("crm", "touches"): (4, 2, 1, 1),
    ("desk", "leads"): (2, 1, 0, 1),
}


class Company:
    """Exports, an agreement and a home in one folder; build() takes them as far as the candidate."""

    def __init__(self, root: Path):
        self.root, self.home = root, Home(root / "home")
        self.agreement = Path(shutil.copytree(CHECKOUT / "agreement", root / "agreement"))
        (root / "sources.yml").write_text(SOURCES, encoding="utf-8")
        self.sources = read_sources(root / "sources.yml")
        for source, file, rows in (
            ("crm", "leads", LEADS),
            ("crm", "deals", DEALS),
            ("crm", "touches", TOUCHES),
            ("desk", "enquiries", DESK),
        ):
            self.write(source, file, rows)

    def write(self, source: str, file: str, rows: list[list[str]]) -> None:
        (self.root / source).mkdir(exist_ok=True)
        with open(self.root / source / f"{file}.csv", "w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows)

    def extract(self) -> None:
        for source in self.sources.sources:
            extract(self.home, source, self.root / "sources.yml", AS_OF)

    def build(self) -> None:
        agreement = read_agreement(self.agreement)
        check_agreement(agreement, AS_OF)
        unknown_deal_stages(self.home, self.sources, agreement)
        facts = warehouse.RunFacts("bad-rows", AS_OF, AS_OF)
        warehouse.prepare(self.home, facts, self.sources, agreement)
        warehouse.build(self.home, self.sources)


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Company:
    """Built once for this module; dbt's environment is put back."""
    before = dict(os.environ)
    company = Company(tmp_path_factory.mktemp("company"))
    company.extract()
    company.build()
    os.environ.clear()
    os.environ.update(before)
    return company


@pytest.fixture(scope="module")
def candidate(company):
    con = open_candidate(company.home.candidate)
    yield con
    con.close()


def test_every_fault_is_listed_with_its_file_and_row_and_no_other(candidate):
    found = candidate.execute(
        "select source_name, file, row, entity, fault, action from metrics.data_faults"
    ).fetchall()
    assert set(found) == FAULTS
    assert len(found) == len(FAULTS)


def test_rows_in_are_rows_out_and_excluded_and_later(candidate):
    found = candidate.execute(
        "select source_name, entity, rows_in, rows_excluded, rows_after_as_of, rows_out from metrics.source_rows"
    ).fetchall()
    assert {row[:2]: row[2:] for row in found} == ROWS
    for row in found:
        assert row[2] == sum(row[3:])
    listed = candidate.execute("select count(*) from metrics.data_faults where action = 'excluded'").fetchall()
    assert listed[0][0] == sum(row[3] for row in found)


@pytest.mark.parametrize(
    ("lead_id", "instant"),
    [
        ("crm:L1", "2025-04-01T04:30:00"),
        ("crm:L2", "2021-04-14T18:33:00"),
        ("crm:L5", "2025-05-31T18:30:00"),
        ("crm:L6", "2025-06-02T04:00:00"),
        ("desk:1", "2025-04-02T18:30:00"),
    ],
)
def test_a_date_in_any_declared_form_is_read(candidate, lead_id, instant):
    found = candidate.execute("select created_at from metrics.leads where lead_id = ?", [lead_id]).fetchall()
    assert found[0][0].astimezone(UTC) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_only_the_rows_that_stand_are_published(candidate):
    leads = {row[0]: row[1] for row in candidate.execute("select lead_id, company_name from metrics.leads").fetchall()}
    assert leads == {
        "crm:L1": "Acme Pumps",
        "crm:L2": "Bharat",
        "crm:L5": FORMULA,
        "crm:L6": SQL,
        "crm:L8": "Godavari",
        "crm:L10": HUGE,
        "desk:1": "Export GmbH",
    }
    deals = dict(candidate.execute("select deal_id, deal_amount from metrics.deals").fetchall())
    assert {key: None if amount is None else int(amount) for key, amount in deals.items()} == {
        "crm:D1": 500_000,
        "crm:D2": -100_000,
        "crm:D3": None,
        "crm:D4": 700,
        "crm:D5": 800,
    }


def test_an_unreadable_cell_is_unknown_and_neither_zero_nor_false(candidate):
    found = candidate.execute(
        "select company_size_fits, not_qualified_reasons from metrics.leads where lead_id = 'crm:L6'"
    )
    assert found.fetchall()[0][0] is True  # 250 employees, whatever the turnover
    found = candidate.execute("select company_size_fits, industry_fits from metrics.leads where lead_id = 'crm:L10'")
    assert found.fetchall() == [(None, None)]


def test_no_fault_shows_a_value_of_the_source(candidate):
    told = " ".join(row[0] for row in candidate.execute("select distinct fault from metrics.data_faults").fetchall())
    assert not any(word in told for word in ("51-200", "twelve", "Half Baked", "yesterday", "Sulking", "Bad mood"))


def test_the_gate_passes_what_the_dirt_left(company):
    outcomes = judge_and_check(company.home, company.sources, company.agreement, AS_OF)
    assert [
        (outcome.rule, outcome.rows.to_dict("records")) for outcome in outcomes if outcome.stops and not outcome.passed
    ] == []


@pytest.mark.parametrize(
    ("stage", "told"),
    [("Regretted", "'Regretted' is not in agreement/stages.csv"), ("", "column stage: empty")],
)
def test_a_stage_word_that_the_agreement_does_not_know_stops(tmp_path, stage, told):
    company = Company(tmp_path)
    rows = [*DEALS, ["D6", "2025-05-07", stage, "1", "", "", "", "", ""]]
    company.write("crm", "deals", rows)
    company.extract()
    with pytest.raises(Stop) as caught:
        company.build()
    stop = caught.value
    assert stop.rule == "unknown_deal_stage" and "\n" not in str(stop)
    assert stop.what.startswith("deals.csv of crm, row 8, column stage: ") and told in stop.what
    assert not company.home.candidate.exists()


def test_the_stage_of_a_row_that_does_not_count_does_not_stop(tmp_path):
    company = Company(tmp_path)
    company.write(
        "crm", "deals", [*DEALS, ["D2", "2025-05-07", "Regretted", "1", "", "", "", "", ""], ["D7", "", "Sulking"]]
    )
    company.extract()
    unknown_deal_stages(company.home, company.sources, read_agreement(company.agreement))


def test_audit_files_are_for_their_owner_and_run_nothing(tmp_path):
    cells = [FORMULA, "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", 'say "hi"\n=1', "", None, float("nan"), 3, -3]
    outcome = Outcome(
        "leads", "a_rule", True, False, len(cells), "do", pd.DataFrame({"cell": pd.Series(cells, dtype=object)})
    )
    old = os.umask(0)
    try:
        path = write_audit(tmp_path / "audit" / "run", outcome)
        path.chmod(0o644)
        assert write_audit(tmp_path / "audit" / "run", outcome) == path
    finally:
        os.umask(old)
    assert path.name == "a_rule.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with open(path, encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == ["cell"]
    read = [row[0] if row else "" for row in rows]
    assert read == [
        f"'{FORMULA}",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "plain",
        'say "hi"\n=1',
        "",
        "",
        "",
        "3",
        "'-3",
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)


@pytest.mark.parametrize("cell", ["=1+1", " =1+1", "\n=1+1", "＝1+1", "\u00a0@x", "|cmd"])
def test_no_dress_makes_a_cell_a_formula(cell):
    assert escaped(cell).startswith("'") or cell == "|cmd"
