"""A small company's lake, and drafts tried on it without publishing anything."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefunnel import warehouse
from onefunnel.agreement import check_agreement, read_agreement
from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.home import Home, Scratch
from tests import support


@pytest.fixture(scope="package")
def lake_home(tmp_path_factory, small_exports) -> Home:
    """A home that holds the small company's lake and nothing else."""
    home = Home(tmp_path_factory.mktemp("what-if-home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", str(small_exports))
        for source in read_sources(support.SAMPLE_SOURCES).sources:
            extract(home, source, support.SAMPLE_SOURCES, datetime.now(UTC))
    return home


def add_rows(folder: Path, name: str, rows: list[list]) -> None:
    with open(folder / f"{name}.csv", "a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="package")
def two_drafts(tmp_path_factory) -> Path:
    """The agreement with a second draft: any Indian company by its turnover, webinars and WhatsApp, no demo."""
    folder = tmp_path_factory.mktemp("drafts") / "agreement"
    shutil.copytree(support.CHECKOUT / "agreement", folder)
    add_rows(folder, "signatures", [[4, "2026-07-01", "", "", "", "", "Other leads"]])
    with open(folder / "industries.csv", encoding="utf-8") as file:
        words = {row["industry"].strip() for row in csv.DictReader(file)}
    definition = [[4, "industry", "one_of", word, "", ""] for word in sorted(words)]
    definition += [
        [4, "company_size", "annual_revenue", "", 50_000_000, ""],
        [4, "intent", "any_agreed_behaviour", "", "", ""],
        [4, "role", "has_authority", "", "", ""],
        [4, "geography", "country", "India", "", ""],
    ]
    add_rows(folder, "qualification", definition)
    add_rows(folder, "intent_behaviours", [[4, "whatsapp_in", 1, 90], [4, "webinar", 1, 120]])
    add_rows(folder, "roles", [[4, 191, "supervisor", "supervisor", "true"]])
    return folder


@pytest.fixture(scope="package")
def tried(tmp_path_factory, lake_home, two_drafts, small_exports) -> Scratch:
    """A candidate of its own in which both drafts were tried."""
    sources = read_sources(support.SAMPLE_SOURCES)
    agreement = read_agreement(two_drafts)
    check_agreement(agreement, sources.as_of)
    scratch = Scratch(tmp_path_factory.mktemp("tried"), lake_home)
    facts = warehouse.RunFacts("tried", sources.as_of, datetime.now(UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", str(small_exports))
        patch.setenv("ONEFUNNEL_CANDIDATE", "")  # dbt's own, given back afterwards
        warehouse.prepare(scratch, facts, sources, agreement)
        warehouse.build_only(scratch, sources, ["definition_what_if", "definition_what_if_leads"])
    return scratch
