"""`make what-if` as a person meets it: what it prints, what it leaves alone, how it says no."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import support


def what_if(home: Path, agreement: Path, *more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "onefunnel", "what-if", "--home", str(home), "--agreement", str(agreement), *more],
        env=support.environment(),
        cwd=support.CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=600,
    )


@pytest.fixture(scope="module")
def told(lake_home, two_drafts):
    """(the home's files before and after, the output) of one try on a home whose last run is known."""
    root = lake_home.root
    run = {"started_at": "2026-04-01T00:00:00+00:00", "as_of": "2026-03-31T18:30:00+00:00"}
    (root / "runs/r1").mkdir(parents=True)
    (root / "runs/r1/run.json").write_text(json.dumps({**run, "sources_file": str(support.SAMPLE_SOURCES)}))
    (root / "warehouse").mkdir(exist_ok=True)
    (root / "warehouse/candidate.duckdb").write_text("another run's")
    # of a process that is gone, and of one that is not
    for pid in ("999999999", "1"):
        (root / f"what_if/what-if-20260101T000000Z-{pid}").mkdir(parents=True)
    before = support.bytes_hash(root)
    done = what_if(root, two_drafts)
    assert done.returncode == 0, done.stdout
    return before, support.bytes_hash(root), done.stdout


def test_it_says_per_draft_what_would_have_changed(told):
    _, _, output = told
    assert "draft version 3 beside version 2, in force on 01 Apr 2026" in output
    assert "draft version 4 beside version 2" in output
    assert "leads created 01 Apr 2025 to 31 Dec 2025 (39 weeks); outcomes within 90 days" in output
    assert output.count("One rule at a time: version 2 with only that rule of the draft's") == 2
    assert output.count("as it really was") == 2
    assert "✓ Judge history by the drafts and by the version in force" in output
    assert "Traceback" not in output and "nan" not in output.lower().split("nothing was published")[0].split()


def test_what_it_says_is_what_the_tables_hold(told, lake_home):
    _, _, output = told
    with open(lake_home.root / "what_if/definition_what_if.csv", encoding="utf-8") as file:
        rows = {(row["draft_version"], row["definition"]): row for row in csv.DictReader(file)}
    assert len(rows) == 16
    flat = " ".join(output.split())
    with open(lake_home.root / "what_if/definition_what_if_leads.csv", encoding="utf-8") as file:
        leads = list(csv.DictReader(file))
    for draft in ("3", "4"):
        mine, in_force = rows[draft, "draft"], rows[draft, "in force"]
        ours, theirs = mine["would_be_handed"], in_force["would_be_handed"]
        assert f"{ours} instead of {theirs} handovers" in flat
        assert f"known opportunities missed: {mine['missed_opportunities']}" in flat
        assert f"what would have come of {mine['unobserved']} of the {ours}" in flat
        differing = [row["met_by"] for row in leads if row["draft_version"] == draft]
        assert f"{differing.count('in force only')} leads would be handed over no more" in flat
        assert f"{differing.count('draft only')} lead" in flat


def test_a_rule_that_is_the_same_on_both_sides_is_no_comparison(told, lake_home):
    _, _, output = told
    lines = [line.split() for line in output.splitlines()]
    with open(lake_home.root / "what_if/definition_what_if.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["criterion"]]
    same = [row["criterion"].split() for row in rows if row["is_same_rule"] == "True"]
    assert same == [["geography"]], "draft 3 asks for the same places, all else differs in each draft"
    assert [line for line in lines if line[-2:] == ["same", "rule"]] == [["geography", "same", "rule"]]
    assert {row["conversion_verdict"] for row in rows if row["is_same_rule"] == "True"} == {"same rule"}


def test_the_columns_stand_under_each_other(told):
    _, _, output = told
    lines = output.splitlines()
    top = next(at for at, line in enumerate(lines) if "as it really was" in line)
    starts = [lines[top].index(words) for words in ("as it really was", "version 2, in force", "version 3, draft")]
    for line in lines[top + 1 : top + 10]:
        assert all(line[start] != " " and line[start - 2 : start] == "  " for start in starts), line


def test_it_leaves_the_candidate_the_lake_and_what_is_published_alone(told, lake_home):
    before, after, _ = told
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {
        "what_if/definition_what_if.csv",
        "what_if/definition_what_if_leads.csv",
    }
    folders = {path.name for path in (lake_home.root / "what_if").iterdir() if path.is_dir()}
    assert folders == {"what-if-20260101T000000Z-1"}, "its own scratch and what a killed one left is gone"
    assert (lake_home.root / "what_if").stat().st_mode & 0o077 == 0


def says_no(done: subprocess.CompletedProcess, rule: str, *words: str) -> None:
    assert done.returncode == 1
    line = done.stdout.strip().splitlines()[-1]
    assert line.startswith(f"✗ {rule}: "), done.stdout
    assert all(word in line for word in words), line
    assert "Traceback" not in done.stdout


def test_a_home_without_data_is_told_to_run_first(tmp_path, two_drafts):
    says_no(what_if(tmp_path / "new", two_drafts), "no_lake", "make run first")
    assert not (tmp_path / "new").exists()


def test_sources_that_the_home_never_saw_are_named(lake_home, two_drafts, tmp_path):
    sources = tmp_path / "sources.yml"
    sources.write_text("sources:\n  - {name: other, kind: csv_folder, folder: ., entities: {leads: leads.csv}}\n")
    says_no(what_if(lake_home.root, two_drafts, "--sources", str(sources)), "no_lake", "sources.yml", "crm")


def without_draft(folder: Path) -> Path:
    """The agreement of the checkout without version 3."""
    shutil.copytree(support.CHECKOUT / "agreement", folder)
    for name in (
        "signatures",
        "qualification",
        "intent_behaviours",
        "roles",
        "service_levels",
        "ideal_customer_profile",
    ):
        path = folder / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("3,")), encoding="utf-8")
    return folder


def test_an_agreement_without_a_draft_says_how_to_write_one(lake_home, tmp_path):
    folder = without_draft(tmp_path / "agreement")
    done = what_if(lake_home.root, folder, "--sources", str(support.SAMPLE_SOURCES))
    says_no(done, "no_draft", str(folder), "signatures.csv", "qualification.csv", "intent_behaviours.csv")


def test_an_unfinished_draft_names_what_it_lacks(lake_home, tmp_path):
    folder = without_draft(tmp_path / "agreement")
    with open(folder / "signatures.csv", "a", encoding="utf-8") as file:
        file.write("3,2026-07-01,,,,,Half a draft\n")
    done = what_if(lake_home.root, folder, "--sources", str(support.SAMPLE_SOURCES))
    says_no(done, "agreement_incomplete", "qualification.csv", "version 3", "no industry")


def test_a_broken_cell_is_named_by_row_and_column(lake_home, tmp_path):
    folder = tmp_path / "agreement"
    shutil.copytree(support.CHECKOUT / "agreement", folder)
    path = folder / "intent_behaviours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("3,webinar,2,60", "3,webinar,two,60"), encoding="utf-8")
    done = what_if(lake_home.root, folder, "--sources", str(support.SAMPLE_SOURCES))
    says_no(done, "agreement_cell", "intent_behaviours.csv", "column minimum_count", "two")


def test_make_hands_on_its_arguments():
    done = subprocess.run(
        ["make", "-n", "what-if", "AGREEMENT=a folder", "HOME_DIR=h", "SOURCES=s.yml"],
        cwd=support.CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'onefunnel what-if --sources "s.yml" --agreement "a folder"' in done.stdout and '--home "h"' in done.stdout
