"""One run from the terminal: the real Airflow DAG in one process, its progress, its result in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from onefunnel.errors import Stop
from onefunnel.home import CHECKOUT, Home, alone_in
from onefunnel.progress import step

SAMPLE = CHECKOUT / "examples/sample_company/sources.yml"


def run_dag(sources: Path | None, agreement: Path | None, home: Path | None, as_of: str | None) -> int:
    """The DAG onefunnel_daily ran on these inputs; returns 0 when it published, else 1."""
    if home:
        os.environ["ONEFUNNEL_HOME"] = str(home.resolve())
    place = Home.from_environment()
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}"
    # a run that was just killed may take a moment to let go
    with alone_in(place, run_id, wait_seconds=10) as lock:
        folder = place.run_dir(run_id)
        folder.mkdir(parents=True)
        progress = folder / "progress.log"
        progress.touch()
        os.environ["ONEFUNNEL_PROGRESS"] = str(progress)
        environment = _environment(place, run_id, sources, agreement, as_of)
        if not sources:
            environment["SAMPLE_EXPORT"] = str(_sample(place, progress))
        code = _follow(environment, folder, progress, lock)
    if code != 0:
        return _say_why(place, folder)
    from onefunnel.report import closing_words
    from onefunnel.review import after_publication

    after_publication(place)
    print(closing_words(place, folder))
    return 0


def airflow_environment() -> dict[str, str]:
    """Airflow's settings for this checkout: metadata on SQLite inside it or where it is told, loopback, no examples."""
    home = Path(os.environ.get("ONEFUNNEL_AIRFLOW_HOME") or CHECKOUT / ".airflow").resolve()
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")])),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "PYTHONWARNINGS": "ignore",
    }


def prepare_airflow() -> None:
    """Airflow's metadata database of this checkout exists in the version that is installed."""
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, env={**os.environ, **airflow_environment()}, check=True)


def _environment(home: Home, run_id: str, sources: Path | None, agreement: Path | None, as_of: str | None) -> dict:
    given = {
        "ONEFUNNEL_HOME": str(home.root),
        "ONEFUNNEL_RUN_ID": run_id,
        "ONEFUNNEL_LOCKED_BY": run_id,
        "ONEFUNNEL_SOURCES": str((sources or SAMPLE).resolve()),
        "ONEFUNNEL_AGREEMENT": str((agreement or CHECKOUT / "agreement").resolve()),
        "ONEFUNNEL_AS_OF": as_of or "",
    }
    return {**os.environ, **airflow_environment(), **given}


def _sample(home: Home, progress: Path) -> Path:
    """The sample company's exports, written once per home."""
    from onefunnel.sample import generate

    folder = home.root / "sample_company"
    if not (folder / "complete").exists():
        with step("Write the sample company's exports (no exports of your own were named)"):
            generate(folder)
            (folder / "complete").touch()
        sys.stdout.write(progress.read_text(encoding="utf-8"))
        progress.write_text("", encoding="utf-8")
    return folder


def _follow(environment: dict, folder: Path, progress: Path, lock) -> int:
    """Run the DAG to its end, printing progress as it appears; everything else goes to airflow.log."""
    command = [sys.executable, "-m", "airflow", "dags", "test", "onefunnel_daily"]
    print("  starting Airflow ...", flush=True)
    with open(folder / "airflow.log", "w", encoding="utf-8") as log, open(progress, encoding="utf-8") as lines:
        # the child inherits the lock: killing this process does not let a second run in beside it
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
            pass_fds=[lock.fileno()] if lock else [],
        )
        try:
            while process.poll() is None:
                _print(lines)
                time.sleep(0.1)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
            raise
        _print(lines)
    return process.returncode


def _print(lines) -> None:
    told = lines.read()
    if told:
        sys.stdout.write(told)
        sys.stdout.flush()


# steps after publication, and what their failure leaves undone
PUBLISHED = {
    "publish_postgres": "its tables are published as files; PostgreSQL keeps the version before, whole",
    "freeze_forecast": "its tables are published, but their forecast is not kept; the week's next run keeps its own",
    "show_objections": "its tables are published, but the new objections do not count as shown",
}


def _say_why(home: Home, folder: Path) -> int:
    """The last lines of a failed run: what failed, on which rows, by which rule, what to do.

    Where its tables are published all the same, the pages show them.
    """
    failure = folder / "failure.json"
    log = folder / "airflow.log"
    if not failure.exists():
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
        raise Stop("airflow", f"the run ended without a word: {' / '.join(last)}", f"read {log}")
    facts = json.loads(failure.read_text(encoding="utf-8"))
    kept = "what was published before is untouched"
    if facts["step"] in PUBLISHED:
        from onefunnel.review import after_publication

        kept = PUBLISHED[facts["step"]]
        after_publication(home)
    rows = "".join(f"\n  row       {row}" for row in facts["rows"])
    print(
        f"\n✗ The run stopped; {kept}.\n"
        f"  step      {facts['step'].replace('_', ' ')}\n"
        f"  rule      {facts['rule']}\n"
        f"  found     {facts['what']}{rows}\n"
        f"  do        {facts['do'] or f'read {log}'}",
        file=sys.stderr,
    )
    return 1
