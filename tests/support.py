"""What several tests need: the real run in a process of its own, and rows that can be compared."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLE_SOURCES = CHECKOUT / "examples/sample_company/sources.yml"
AIRFLOW = "ONEFUNNEL_AIRFLOW_HOME"  # where this process of the tests keeps Airflow's metadata
RUN_ONLY = {"run_id", "built_at", "load_ids", "newest_load_at"}


def command(
    home: Path, sources: Path | None = None, agreement: Path | None = None, as_of: str | None = None
) -> list[str]:
    """What `make run` calls."""
    given = {"--home": home, "--sources": sources, "--agreement": agreement, "--as-of": as_of}
    options = [str(part) for name, value in given.items() if value for part in (name, value)]
    return [sys.executable, "-m", "onefunnel", "run", *options]


def environment(**more: str) -> dict[str, str]:
    ours = ("ONEFUNNEL_", "AIRFLOW")
    clean = {name: value for name, value in os.environ.items() if name == AIRFLOW or not name.startswith(ours)}
    return {**clean, "PYTHONPATH": str(CHECKOUT), **more}


def run(home: Path, *, env: dict[str, str] | None = None, **inputs) -> subprocess.CompletedProcess:
    """One run to its end, with its output as text."""
    return subprocess.run(
        command(home, **inputs),
        env=environment(**(env or {})),
        cwd=CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=1200,
    )


def published(home: Path):
    con = duckdb.connect(str(home / "published" / "onefunnel.duckdb"), read_only=True)
    con.execute("set timezone = 'UTC'")
    return con


def tables(con) -> list[str]:
    return [row[0] for row in con.execute("select table_name from duckdb_tables() order by 1").fetchall()]


def rows_hash(home: Path) -> dict[str, str]:
    """Table -> hash of its rows whatever their order, without what names the run."""
    con, found = published(home), {}
    for table in tables(con):
        columns = [c[0] for c in con.execute(f"describe metrics.{table}").fetchall() if c[0] not in RUN_ONLY]
        listed = ", ".join(f'"{c}"' for c in columns)
        rows = sorted(repr(row) for row in con.execute(f"select {listed} from metrics.{table}").fetchall())
        found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    con.close()
    return found


def lake_rows(home: Path) -> int:
    pattern = str(home / "lake" / "*" / "*" / "*.parquet")
    return duckdb.execute(f"select count(*) from read_parquet('{pattern}', union_by_name = true)").fetchone()[0]


def bytes_hash(folder: Path) -> dict[str, str]:
    """Every file below the folder (links followed) with the hash of its bytes."""
    found = {}
    for root, _, files in os.walk(folder, followlinks=True):
        for name in files:
            path = Path(root) / name
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
