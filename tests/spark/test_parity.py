"""The project gives the same tables on Apache Spark as on DuckDB."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests import support


@pytest.mark.spark
@pytest.mark.timeout(2700)
def test_every_mart_is_the_same_on_spark(small_run, tmp_path):
    assert shutil.which("java"), "Spark needs Java 17: tools/ci_system.sh installs it as root"
    home, _ = small_run
    done = subprocess.run(
        [sys.executable, "-m", "tests.spark.parity", str(home), str(tmp_path)],
        cwd=support.CHECKOUT,
        env=support.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=2600,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    print("\n".join(lines))
    assert done.returncode == 0, done.stdout[-4000:]
    assert sum("equal" in line for line in lines) >= 15
