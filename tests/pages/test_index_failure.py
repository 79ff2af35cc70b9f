"""A run that stopped: what is kept of it however it was started, and what the pages say at their top."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from onefunnel import steps, tasks
from onefunnel.errors import Stop
from onefunnel.gate.checks import Outcome
from onefunnel.pages.index_run import newest_stop
from tests.pages import browser, worlds
from tests.pages.test_index import _words

RULE = "every_deal_has_a_stage"


@pytest.fixture
def home(small_run, tmp_path):
    return worlds.copied(small_run[0], tmp_path / "home")


@pytest.fixture
def run(home, monkeypatch):
    """A scheduled run of the home that began a minute ago: nobody waits at a terminal."""
    monkeypatch.delenv("ONEFUNNEL_PROGRESS", raising=False)
    return started(home, "scheduled--2026-11-25T00-30-00", timedelta(minutes=1))


def started(home, run_id: str, ago: timedelta) -> dict:
    run = {"run_id": run_id, "home": str(home.root), "started_at": (datetime.now(UTC) - ago).isoformat()}
    home.run_dir(run_id).mkdir(parents=True)
    (home.run_dir(run_id) / "run.json").write_text(json.dumps(run), encoding="utf-8")
    return run


def outcome(**given) -> Outcome:
    rows = pd.DataFrame({"deal_id": ["crm:D1", "crm:D2"], "email": ["asha.rao@plant.example"] * 2})
    facts = {"suite": "deals", "rule": RULE, "stops": True, "passed": False, "failed": 2, "do": "mend the stage's word"}
    return Outcome(**(facts | {"rows": rows, "columns": ["deal_id"]} | given))


def stopping(monkeypatch, step: str, outcomes: list[Outcome]) -> None:
    monkeypatch.setattr(steps, step, lambda run, *_: steps._decide(run, outcomes, print))


def fail(step: str, *arguments) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException):
        tasks.guarded(step, *arguments)


def test_a_gate_that_stops_a_scheduled_run_is_told_at_the_top(home, run, monkeypatch):
    worlds.write(home)
    stopping(monkeypatch, "check_candidate", [outcome(), outcome(rule="fine", passed=True, failed=0)])
    fail("check_candidate", run)
    page = home.root / "review/quality.html"
    told = _words(page)
    assert "The newest run stopped" in told.split("Checks before publication")[0]
    assert f"Rule {RULE} Failing rows 2 What to do mend the stage's word" in told
    assert f"audit/{run['run_id']}/{RULE}.csv" in told and "last good version" in told
    assert f"stopped the run of {datetime.now(UTC):%-d %b %Y}" in told or "stopped the run of" in told
    for row in ("D1", "asha", "@plant"):
        assert row not in told, "no row of what failed is for all readers"
    index = _words(home.root / "review/index.html")
    assert "The newest run stopped" in index and RULE in index
    checks = json.loads((home.run_dir(run["run_id"]) / "checks.json").read_text(encoding="utf-8"))
    assert [(check["rule"], check["passed"], check["failed"]) for check in checks] == [
        (RULE, False, 2),
        ("fine", True, 0),
    ]
    assert "asha" not in json.dumps(checks)
    with browser.chromium() as chromium:
        for width, scheme in ((1280, "light"), (390, "dark")):
            for path in (page, home.root / "review/index.html"):
                with browser.page(chromium, path, width, scheme) as shown:
                    assert browser.troubles(shown) + browser.faint(shown) == [], path.name


def test_a_step_that_went_through_when_tried_again_is_forgotten(home, run, monkeypatch):
    def broken(*_):
        raise OSError("the disk is full of asha.rao@plant.example")

    monkeypatch.setattr(steps, "build_funnel", broken)
    with pytest.raises(OSError, match="full"):
        tasks.guarded("build_funnel", run)
    told = _words(home.root / "review/quality.html")
    assert "The building of the tables stopped the run" in told and "asha" not in told, "an error may quote a row"
    monkeypatch.setattr(steps, "build_funnel", lambda run: {"models": 1})
    assert tasks.guarded("build_funnel", run) == {"models": 1}
    worlds.write(home, "index_quality")
    assert "newest run stopped" not in _words(home.root / "review/quality.html")


def test_another_sources_extraction_does_not_hide_the_one_that_failed(home, run, monkeypatch):
    def extract(run, source):
        if source == "crm":
            raise Stop("csv_header", "leads.csv has no header", "export it again")
        return {}

    monkeypatch.setattr(steps, "extract_source", extract)
    fail("extract_source", run, "crm")
    assert tasks.guarded("extract_source", run, "finance") == {}
    worlds.write(home, "index_quality")
    assert "csv_header" in _words(home.root / "review/quality.html")


def test_what_the_agreement_got_wrong_is_quoted_as_it_is_for_all(home, run, monkeypatch):
    def stop(_):
        raise Stop("agreement_cell", "roles.csv, row 3, column level: the cell is empty", "mend the cell")

    monkeypatch.setattr(steps, "load_agreement", stop)
    fail("load_agreement", run)
    assert "Found roles.csv, row 3, column level: the cell is empty" in _words(home.root / "review/quality.html")


def test_a_failure_before_what_is_published_is_history(home):
    published = worlds.run_folder(home).name
    for run_id, ago in (("older", timedelta(days=900)), ("newer", timedelta(0))):
        run = started(home, run_id, ago)
        assert newest_stop(home, published) is None, "a run that goes on has not stopped"
        failure = {"step": "check_candidate", "rule": RULE, "what": "", "do": "", "rows": []}
        (home.run_dir(run["run_id"]) / "failure.json").write_text(json.dumps(failure), encoding="utf-8")
        found = newest_stop(home, published)
        assert (found and found.run_id) == (None if run_id == "older" else "newer")


def test_a_step_after_publication_says_what_is_undone(home):
    folder = worlds.run_folder(home)
    failure = {"step": "show_objections", "rule": "digest", "what": "x", "do": "run again", "rows": []}
    (folder / "failure.json").write_text(json.dumps(failure), encoding="utf-8")
    worlds.write(home, "index_quality")
    told = _words(home.root / "review/quality.html")
    assert "The newest run stopped after publication" in told
    assert "new objections do not count as shown" in told and "last good version" not in told


def test_a_first_run_that_fails_has_no_page_to_mend(tmp_path, run, monkeypatch):
    """Nothing is published in that home yet: the failure is kept, and nothing else goes wrong."""
    from onefunnel.home import Home

    first = started(Home(tmp_path / "first"), "manual--1", timedelta(0))
    stopping(monkeypatch, "check_landed", [outcome()])
    fail("check_landed", first)
    assert json.loads((tmp_path / "first/runs/manual--1/failure.json").read_text(encoding="utf-8"))["rule"] == RULE
    assert not (tmp_path / "first/review").exists()


def test_a_failure_that_was_cut_short_hides_no_page(home):
    run = started(home, "newer", timedelta(0))
    (home.run_dir(run["run_id"]) / "failure.json").write_text('{"step": "check', encoding="utf-8")
    assert "newest run stopped" not in _words(worlds.write(home, "index_quality")["index_quality"])
