"""What each check of a run found, kept beside the run: the rule and its count, never a row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from onefunnel.home import Home, write_whole

if TYPE_CHECKING:  # reading what was noted needs no pandas
    from onefunnel.gate.checks import Outcome

FILE = "checks.json"


def note_outcomes(home: Home, run_id: str, outcomes: list[Outcome]) -> None:
    """<home>/runs/<run_id>/checks.json holds these outcomes too; a check that is run again takes its own place."""
    noted = {(check["suite"], check["rule"]): check for check in noted_checks(home, run_id)}
    for outcome in outcomes:
        noted[outcome.suite, outcome.rule] = {
            "suite": outcome.suite,
            "rule": outcome.rule,
            "stops": outcome.stops,
            "passed": outcome.passed,
            "failed": outcome.failed,
            "columns": outcome.columns,
            "do": outcome.do,
        }
    write_whole(home.run_dir(run_id) / FILE, json.dumps(list(noted.values()), indent=1))


def noted_checks(home: Home, run_id: str) -> list[dict]:
    """suite, rule, stops, passed, failed, columns, do of each check of the run; none where none was noted."""
    path = home.run_dir(run_id) / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
