"""`make backtest` as a person meets it: what it prints of a record, and how it says no."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime

import pytest

from onefunnel.backtest import backtest, told
from onefunnel.errors import Stop
from tests.support import CHECKOUT


def _row(method: str, week: str, **said) -> dict:
    figures = {"wape": 0.25, "bias": -0.01, "coverage_80": 0.8, "ratio_to_naive": 0.5, "is_best": False, "status": "ok"}
    return {"method": method, "horizon": "this quarter", "quarter_week": week, "origins": 8} | figures | said


def test_the_table_says_who_was_best_what_is_missing_and_whose_history_is_short():
    rows = [
        _row("blend", "0", is_best=True),
        _row("blend", "1"),
        _row("blend", "all"),
        _row("last_quarter", "0"),
        _row("last_quarter", "all", coverage_80=None),
        _row("sales_commit", "all", origins=0, wape=None, status="unavailable: no forecast category"),
    ]
    sources = [("crm", date(2023, 6, 3), True), ("desk", date(2026, 1, 1), False)]
    at = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
    text = told({"accuracy": rows, "sources": sources, "quarters": 11, "as_of": at})
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "as of 2026-03-31 18:30 UTC; 11 quarters are over and known whole" in lines
    assert "blend * 0 8 0.250 -0.010 0.800 0.500" in lines and "blend all 8 0.250 -0.010 0.800 0.500" in lines
    assert "last_quarter all 8 0.250 -0.010 0.500" in lines
    assert "sales_commit all 0 unavailable: no forecast category" in lines
    assert not any(line.startswith(("blend 1 ", "last_quarter 0 ")) for line in lines), "a few weeks are enough to read"
    assert "desk: its pipeline is known as it was from 2026-01-01: too short beside the others" in text


def test_a_home_that_was_never_run_is_said_in_one_line(tmp_path):
    with pytest.raises(Stop) as caught:
        backtest(None, None, tmp_path, None)
    assert caught.value.rule == "no_lake" and "\n" not in str(caught.value)


def test_make_passes_on_what_it_is_told():
    done = subprocess.run(
        ["make", "-n", "backtest", "AGREEMENT=a folder", "HOME_DIR=h", "SOURCES=s.yml", "AS_OF=2026-03-31T00:00:00Z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert 'onefunnel backtest --sources "s.yml" --agreement "a folder"' in done.stdout
    assert '--home "h"' in done.stdout and '--as-of "2026-03-31T00:00:00Z"' in done.stdout
    trial = subprocess.run(["make", "-n", "forecast-trial", "SEEDS=1 2"], cwd=CHECKOUT, capture_output=True, text=True)
    assert "-m tests.forecast_trial 1 2" in trial.stdout
