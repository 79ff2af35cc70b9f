"""Without a Docker engine: every service's command and health check, as plain processes on a real PostgreSQL,
until a run that the scheduler started by itself has published."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import psutil
import psycopg2
import pytest
from compose_rules import CHECKOUT, compose
from stack import Stack, free_port, processes, random_secrets, server_binaries, start_postgres

SECONDS = 2100
RUN_SECONDS = 900  # of the sample company, on two cores that do other things too
SERVICES = ["api-server", "scheduler", "dag-processor", "triggerer", "pages"]
SAMPLE = "/onefunnel/app/examples/sample_company/sources.yml"


@contextmanager
def running(folder: Path, **also: str):
    """The whole compose file runs on loopback below folder; yields stack, its processes and the variables given."""
    given = random_secrets() | {"ONEFUNNEL_EXPORTS": str(folder / "exports"), "ONEFUNNEL_SOURCES": SAMPLE} | also
    ports = free_port(), free_port(), free_port()
    stack = Stack(compose(given)["services"], folder, *ports)
    stack.build_image()
    with processes(folder) as started:
        start_postgres(started, folder, ports[0], given["POSTGRES_PASSWORD"])
        until(lambda: stack.healthy("postgres").returncode == 0, 30, "postgres is healthy")
        migrated = stack.run("migrate", stack.services["migrate"]["command"], timeout=300)
        assert migrated.returncode == 0, migrated.stdout[-3000:]
        stack.start(started, "api-server")
        healthy_within(stack, started, "api-server", 300)
        for name in SERVICES[1:]:
            stack.start(started, name)
        yield stack, started, given, ports


def until(true, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(1)


def healthy_within(stack: Stack, started, name: str, seconds: float) -> None:
    def true() -> bool:
        assert started.running[name].poll() is None, f"{name} ended:\n{started.log(name)[-3000:]}"
        return stack.healthy(name).returncode == 0

    until(true, seconds, f"{name} is healthy")


def write_sample(folder: Path) -> None:
    words = [sys.executable, "-m", "onefunnel.sample", str(folder), "--scale", "0.04"]
    subprocess.run(words, cwd=CHECKOUT, check=True, capture_output=True, timeout=300)


def dag_runs(port: int, password: str) -> list[tuple]:
    where = {"host": "127.0.0.1", "port": port, "user": "airflow", "password": password, "dbname": "airflow"}
    with closing(psycopg2.connect(**where)) as database, database.cursor() as cursor:
        cursor.execute("select run_id, run_type, state from dag_run where dag_id = 'onefunnel_daily'")
        return cursor.fetchall()


def sign_in(port: int, password: str) -> int:
    """The HTTP status of the administrator's login."""
    body = json.dumps({"username": "admin", "password": password}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/auth/token", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code


def listening(started) -> set[tuple[str, int]]:
    return {tuple(address) for process in started.family() for address in _listening(process)}


def _listening(process: psutil.Process) -> list:
    """Empty when it ended meanwhile: a scheduler's short-lived children come and go while the family is walked."""
    try:
        return [c.laddr for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    except psutil.NoSuchProcess:
        return []


def task_errors(folder: Path) -> str:
    """What the failed tasks logged, for the message of a failed test."""
    lines = []
    for log in sorted((folder / "volumes/logs").rglob("attempt=*.log")):
        lines += [f"{log.parent.name}: {line[:1500]}" for line in log.read_text().splitlines() if '"error"' in line]
    return "\n".join(lines[-10:])


@pytest.mark.production
@pytest.mark.timeout(SECONDS)
def test_a_scheduled_run_publishes_on_postgresql():
    server_binaries()
    with tempfile.TemporaryDirectory(prefix="onefunnel-production-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as its own user below it
        write_sample(folder / "exports")
        given_files = {path: path.stat().st_mtime_ns for path in (folder / "exports").rglob("*")}
        with running(folder, ONEFUNNEL_PARALLELISM="2") as (stack, started, given, ports):
            image = stack.image_files()
            for service in SERVICES:
                healthy_within(stack, started, service, 300)
            run_ids = scheduled_runs(folder, started, ports[0], given["POSTGRES_PASSWORD"])
            plain = [re.sub(r"[^0-9A-Za-z]+", "-", run_id).strip("-") for run_id in run_ids]
            assert published_run(folder).startswith(tuple(plain)), "not published by a scheduled run"
            for service in ("postgres", *SERVICES):
                assert stack.healthy(service).returncode == 0, f"{service} is no longer healthy"
            assert listening(started) == {("127.0.0.1", port) for port in ports}
            assert sign_in(ports[1], given["ONEFUNNEL_ADMIN_PASSWORD"]) == 201
            assert sign_in(ports[1], "admin") == 401
            shown = stack.healthy("pages")
            assert shown.returncode == 0, shown.stdout
            said = "".join(started.log(service) for service in started.running)
            assert not [secret for secret in random_secrets() if given[secret] in said], "a secret is in a log"
            assert "Password for user" not in said, "Airflow made up a password"
            assert stack.image_files() == image, "a service wrote into the image, which is read-only in production"
            assert {p: p.stat().st_mtime_ns for p in (folder / "exports").rglob("*")} == given_files
        assert started.family() == []


def scheduled_runs(folder: Path, started, port: int, password: str) -> list[str]:
    """The ids of the runs that succeeded, one at least; the scheduler made them, nobody triggered them."""
    end = time.monotonic() + RUN_SECONDS
    while True:
        runs = dag_runs(port, password)
        ended = [name for name, process in started.running.items() if process.poll() is not None]
        assert not ended, f"ended by itself: {ended}"
        assert not [run for run in runs if run[2] == "failed"], f"{runs}\n{task_errors(folder)}"
        succeeded = [run_id for run_id, _, state in runs if state == "success"]
        if succeeded:
            assert {(run_id.split("__")[0], kind) for run_id, kind, _ in runs} == {("scheduled", "scheduled")}, runs
            return succeeded
        assert time.monotonic() < end, f"no run succeeded within {RUN_SECONDS} s: {runs}\n{task_errors(folder)}"
        time.sleep(1)


def published_run(folder: Path) -> str:
    with duckdb.connect(str(folder / "volumes/home/published/onefunnel.duckdb"), read_only=True) as published:
        [(run_id,)] = published.execute("select run_id from metrics.run_info").fetchall()
    return run_id
