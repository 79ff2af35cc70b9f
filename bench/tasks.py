"""One task per process: `python -m bench.tasks TASK ...` prints its own CPU seconds and peak memory as JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

# what a child of another environment may lack is imported where it is needed


def _home(root: str):
    from onefunnel.home import Home

    return Home(Path(root).resolve())


def generate(root: str, leads: str) -> dict:
    from bench.generate import generate as make

    home = make(Path(root), int(leads))
    return {"file_mb": round(home.candidate.stat().st_size / 1e6)}


def scan(root: str) -> dict:
    """One scan of the touches and one hash aggregate over them: count, first and last per lead and kind."""
    con = _reading(root)
    groups, touches = con.execute(
        "select count(*), sum(touches) from (select lead_id, kind, count(*) as touches, min(happened_at) as first_at, "
        "max(happened_at) as last_at from funnel.core_touches group by lead_id, kind)"
    ).fetchone()
    return {"touches": int(touches), "groups": groups}


def build(root: str, step: str) -> dict:
    """The real models of one step, with dbt in this process; dbt's start and reading of the project is not counted."""
    import duckdb

    from bench.generate import sources
    from bench.measure import BEFORE_CORE, STEPS
    from onefunnel import warehouse
    from onefunnel.attribution import write_markov

    home = _home(root)
    select, exclude = STEPS[step]
    dbt, done = warehouse.Dbt(home, sources()), 0
    started = time.process_time()
    if step == "attribution":
        last = "+int_channel_transitions"
        done = dbt.invoke("run", "--select", last, "--exclude", *BEFORE_CORE, *exclude)["models"]
        with duckdb.connect(str(home.candidate)) as con:
            write_markov(con)
        exclude = [*exclude, last]
    done += dbt.invoke("run", "--select", *select, "--exclude", *BEFORE_CORE, *exclude)["models"]
    return {"models": done, "cpu_seconds": time.process_time() - started}


def journeys(root: str) -> dict:
    from bench.others import write_journeys

    return {"touches": write_journeys(_reading(root), Path(root) / "journeys")}


def pandas(root: str) -> dict:
    from bench.others import plain_pandas

    return plain_pandas(Path(root) / "journeys")


def library(root: str) -> dict:
    from bench.others import library as run

    return run(Path(root) / "journeys")


def _reading(root: str):
    import duckdb

    con = duckdb.connect(str(_home(root).candidate), read_only=True)
    con.execute("set timezone = 'UTC'; set threads = 2; set enable_progress_bar = false")
    return con


if __name__ == "__main__":
    told = globals()[sys.argv[1]](*sys.argv[2:])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps({"cpu_seconds": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024, **told}), flush=True
    )
    os._exit(0)  # nothing is left to close
