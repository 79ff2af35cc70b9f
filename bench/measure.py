"""Children that do one thing each and say what it cost: CPU seconds and peak memory of their own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from onefunnel.home import CHECKOUT

# which models each step builds; what lies before core (staging, the as-of choice, core itself) is never among them
BEFORE_CORE = ["path:models/staging", "path:models/core", "path:models/intermediate/as_of"]
RECORDS = ["+int_deal_milestones", "+int_first_sources", "+int_spend_words"]
CREDIT = ["+touch_credit", "+int_channel_transitions"]
REPORT = ["channel_performance", "int_channel_counts"]
STEPS = {
    "records": (RECORDS, []),
    "attribution": (CREDIT, RECORDS),
    "funnel and metrics": (["*"], [*CREDIT, *REPORT]),
    "channel performance": (REPORT, []),
    "from the paths on": (["int_channel_transitions", "int_channel_units", "int_touch_units", "touch_credit"], []),
}


@dataclass(frozen=True)
class Cost:
    """What one child used."""

    cpu_seconds: float
    peak_mb: float
    says: dict

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu_seconds + other.cpu_seconds, max(self.peak_mb, other.peak_mb), {**self.says, **other.says})


def in_a_process(task: str, *arguments: str, python: str = sys.executable) -> Cost:
    """The task of bench.tasks, run by itself."""
    done = subprocess.run(
        [python, "-m", "bench.tasks", task, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise RuntimeError(f"{task}: {done.stderr.strip()[-2000:]}")
    told = json.loads(lines[-1])
    return Cost(told.pop("cpu_seconds"), told.pop("peak_mb"), told)
