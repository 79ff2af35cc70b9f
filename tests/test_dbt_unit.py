"""dbt's own unit tests, on a candidate that the small sample company has built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests import support


def test_every_dbt_unit_test_passes(small_run, tmp_path):
    # a copy: other tests read the home meanwhile
    candidate = shutil.copy(small_run[0] / "warehouse" / "candidate.duckdb", tmp_path)
    project = str(support.CHECKOUT / "dbt_project")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            "test",
            "--select",
            "test_type:unit",
            "--project-dir",
            project,
            "--profiles-dir",
            project,
            "--target-path",
            str(tmp_path),
            "--log-path",
            str(tmp_path),
        ],
        env=support.environment(ONEFUNNEL_CANDIDATE=str(candidate), ONEFUNNEL_KINDS="csv_folder"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "PASS=" in done.stdout and "PASS=0 " not in done.stdout
