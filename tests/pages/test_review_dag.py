"""When the pages are written: the DAG's schedule by Airflow's own classes, the verb, and the end of a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from onefunnel.run import airflow_environment
from tests import support
from tests.pages import homes

DAGS = support.CHECKOUT / "dags"
# the review's schedule as the scheduler sees it: after the DAG was serialised and read back
SCRIPT = """
import json
import pendulum
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.definitions.assets import SerializedAssetUniqueKey
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import TimeRestriction

bag = DagBag(dag_folder={folder!r})
read = lambda name: DagSerialization.from_dict(DagSerialization.to_dict(bag.dags[name]))
review, daily = read("onefunnel_review"), read("onefunnel_daily")
table, now = review.timetable, pendulum.datetime(2026, 4, 7, tz="Asia/Kolkata")
earliest = TimeRestriction(earliest=now, latest=None, catchup=True)
due, last = [], None
for _ in range(3):
    info = table.next_dagrun_info(last_automated_data_interval=last, restriction=earliest)
    due.append(info.run_after.in_timezone("Asia/Kolkata").isoformat())
    last = info.data_interval
told = {{
    "kind": type(table).__name__, "due": due, "catchup": review.catchup, "active": review.max_active_runs,
    "waits_for": sorted(key.name for key, _ in table.asset_condition.iter_assets()),
    "outlets": {{task.task_id: [asset.name for asset in task.outlets] for task in daily.tasks if task.outlets}},
    "after": {{task.task_id: sorted(task.upstream_task_ids) for task in review.tasks}},
    "retries": [task.retries for task in review.tasks],
}}
print("RESULT" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def schedule() -> dict:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(folder=str(DAGS))],
        env=support.environment(**airflow_environment()),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.split("RESULT")[1])


def test_the_review_is_due_on_mondays_at_seven_in_india_and_after_every_publication(schedule):
    assert schedule["kind"] == "AssetOrTimeSchedule"
    assert schedule["due"] == [f"2026-04-{day}T07:00:00+05:30" for day in (13, 20, 27)]
    assert schedule["waits_for"] == ["onefunnel_published"]
    assert schedule["outlets"] == {"publish": ["onefunnel_published"]}
    assert (schedule["catchup"], schedule["active"]) == (False, 1)


def test_the_review_is_sent_after_its_pages_are_written(schedule):
    assert schedule["after"] == {"write_pages": [], "deliver_review": ["write_pages"]}
    assert min(schedule["retries"]) >= 1


def verb(home) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "onefunnel", "review", "--home", str(home)]
    return subprocess.run(command, env=support.environment(), cwd=support.CHECKOUT, capture_output=True, text=True)


def test_make_review_writes_the_pages_and_says_where_or_why_not(tmp_path):
    home = homes.home(tmp_path / "home", homes.review())
    done = verb(home.root)
    path = home.root / "review" / "latest.html"
    assert path.exists() and f"open in a browser: {path}" in done.stdout
    assert "▸ Write the pages ..." in done.stdout
    nothing = verb(tmp_path / "empty")
    assert nothing.returncode == 1 and not (tmp_path / "empty").exists()
    assert nothing.stderr.strip().startswith("✗ nothing_published:") and "Traceback" not in nothing.stderr


def test_a_page_that_fails_leaves_the_run_published_and_is_said(tmp_path, monkeypatch, capsys):
    from onefunnel.review import after_publication

    home = homes.home(tmp_path, homes.review())
    monkeypatch.setattr("onefunnel.pages.write.WRITERS", ["review"])
    monkeypatch.setattr("onefunnel.pages.review.headline", lambda *_: 1 / 0)
    monkeypatch.setattr("onefunnel.review.steps_to_the_terminal", lambda: None)
    monkeypatch.setenv("ONEFUNNEL_PROGRESS", str(tmp_path / "progress.log"))
    after_publication(home)
    said = (tmp_path / "progress.log").read_text(encoding="utf-8")
    assert "the page 'review' could not be made and stays as it was: ZeroDivisionError" in said
    os.unlink(home.published / "onefunnel.duckdb")
    after_publication(home)
    assert "the pages could not be made and stay as they were: Stop" in (tmp_path / "progress.log").read_text("utf-8")


def test_the_dags_step_fails_where_a_page_could_not_be_made(tmp_path, monkeypatch):
    from onefunnel import steps

    home = homes.home(tmp_path, homes.review())
    monkeypatch.setenv("ONEFUNNEL_HOME", str(home.root))
    monkeypatch.setattr("onefunnel.pages.write.WRITERS", ["review"])
    monkeypatch.setattr("onefunnel.pages.review.headline", lambda *_: 1 / 0)
    with pytest.raises(RuntimeError, match="the page 'review' could not be made: ZeroDivisionError"):
        steps.write_pages()
