"""A run that is killed anywhere, two runs at once, a run that must fail: what was published stays right."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from onefunnel.home import Home, alone_in
from tests import support

# step -> seconds into it at which everything is killed
STEPS = {
    "Extract crm": 0.05,
    "Extract export_desk": 0.2,
    "Extract finance": 0.1,
    "Check what landed": 0.1,
    "Read the agreement": 0.02,
    "Build the funnel": 2.5,
    "Judge again": 0.5,
    "Publish": 0.02,
}


def _kill_in(step: str, home: Path, env: dict[str, str], after_seconds: float) -> None:
    """Start a run and SIGKILL all of it while the step works."""
    with open(home / "output", "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            support.command(home, sources=support.SAMPLE_SOURCES),
            env=support.environment(**env),
            cwd=support.CHECKOUT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_working(step, home, process)
        time.sleep(after_seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def _wait_until_working(step: str, home: Path, process) -> None:
    """The run's own output, not an earlier run's log, shows that the step began."""
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        if f"▸ {step}" in (home / "output").read_text(encoding="utf-8"):
            return
        time.sleep(0.02)
    raise AssertionError(f"the run never came to '{step}': {(home / 'output').read_text(encoding='utf-8')}")


def test_killing_any_step_and_running_again_publishes_the_same_rows(small_run, small_exports, tmp_path):
    env = {"SAMPLE_EXPORT": str(small_exports)}
    for step, seconds in STEPS.items():
        _kill_in(step, tmp_path, env, seconds)
        if step != "Publish":
            assert not (tmp_path / "published" / "onefunnel.duckdb").exists(), step
    done = support.run(tmp_path, sources=support.SAMPLE_SOURCES, env=env)
    assert done.returncode == 0, done.stdout
    assert support.rows_hash(tmp_path) == support.rows_hash(small_run[0])
    assert not list((tmp_path / "published" / "versions").glob(".*.part"))


def test_the_second_of_two_runs_on_one_home_stops_with_one_clear_line(small_exports, tmp_path):
    with alone_in(Home(tmp_path), "the-first-run"):
        done = support.run(tmp_path, sources=support.SAMPLE_SOURCES, env={"SAMPLE_EXPORT": str(small_exports)})
    lines = done.stdout.strip().splitlines()
    assert done.returncode == 1
    assert lines == [line for line in lines if "Traceback" not in line]
    assert "one_run_at_a_time" in lines[-1] and "the-first-run" in lines[-1] and "HOME_DIR" in lines[-1]


def test_the_lock_ends_with_its_holder_however_it_dies(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from onefunnel.home import Home, alone_in\n"
        f"with alone_in(Home(Path({str(tmp_path)!r})), 'doomed'):\n    print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [support.sys.executable, "-c", code], stdout=subprocess.PIPE, env=support.environment(), text=True
    )
    assert process.stdout.readline().strip() == "held"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    with alone_in(Home(tmp_path), "next"):
        assert "next" in (tmp_path / "run.lock").read_text(encoding="utf-8")


@pytest.fixture()
def published_home(small_run, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(small_run[0], home, symlinks=True)
    return home


def test_a_failed_run_leaves_what_was_published_and_says_why(published_home, small_exports, tmp_path):
    agreement = tmp_path / "agreement"
    shutil.copytree(support.CHECKOUT / "agreement", agreement)
    stages = agreement / "stages.csv"
    lines = stages.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("deal,Closed Won,")]
    assert len(kept) == len(lines) - 1
    stages.write_text("\n".join(kept) + "\n", encoding="utf-8")
    before = support.bytes_hash(published_home / "published")
    done = support.run(
        published_home, sources=support.SAMPLE_SOURCES, agreement=agreement, env={"SAMPLE_EXPORT": str(small_exports)}
    )
    last = "\n".join(done.stdout.strip().splitlines()[-6:])
    assert done.returncode != 0
    assert "rule      unknown_deal_stage" in last
    assert "deals.csv of crm, row " in last and "column stage" in last and "stages.csv" in last
    assert "do        add to stages.csv" in last
    assert "Traceback" not in done.stdout
    log = max(published_home.glob("runs/*/airflow.log"), key=lambda path: path.stat().st_mtime).read_text("utf-8")
    assert "onefunnel stopped at 'load_agreement': unknown_deal_stage" in log, "the failure callback names the rule"
    assert support.bytes_hash(published_home / "published") == before


def test_as_of_needs_a_zone(small_exports, tmp_path):
    done = support.run(
        tmp_path, sources=support.SAMPLE_SOURCES, as_of="2026-03-31", env={"SAMPLE_EXPORT": str(small_exports)}
    )
    assert done.returncode != 0
    assert "2026-03-31T00:00:00Z" in done.stdout.strip().splitlines()[-1]
