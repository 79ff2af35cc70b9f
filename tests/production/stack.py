"""The services of docker-compose.yml as plain processes: same commands and environments, loopback, temp folders."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from compose_rules import CHECKOUT, dockerfile, dockerfile_copies, dockerfile_env

PACKAGE = "postgresql"
USER = "postgres"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def server_binaries() -> Path:
    """Debian's newest PostgreSQL; without it the test fails, it is not skipped."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise AssertionError(f"PostgreSQL is not installed: run tools/ci_system.sh (Debian package {PACKAGE})")
    return found[-1].parent


class Processes:
    """Processes of one test, each a session of its own; all of them end with the block, however it ends."""

    def __init__(self, logs: Path):
        self.logs = logs
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: list[str], **options) -> subprocess.Popen:
        with open(self.logs / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )
        self.running[name] = process
        return process

    def family(self, *names: str) -> list[psutil.Process]:
        """Everything alive of the named processes (all when none is named): their sessions and their descendants."""
        sessions = {process.pid for name, process in self.running.items() if not names or name in names}
        return [
            process
            for process in psutil.process_iter()
            if sessions & {_session(process), *_ancestors(process)} and _alive(process)
        ]

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def end(self) -> None:
        """Last started first, each by its process groups: asked, then killed."""
        for name in reversed(list(self.running)):
            family = self.family(name)
            gentle = signal.SIGINT if name == "postgres" else signal.SIGTERM
            _signal_group(self.running[name].pid, gentle)
            psutil.wait_procs(family, timeout=10)
            family += self.family(name)
            for group in {_group(process) for process in family} - {None, os.getpgrp()}:
                _signal_group(group, signal.SIGKILL)
            psutil.wait_procs(family, timeout=10)
            self.running[name].wait(timeout=10)


def _session(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except ProcessLookupError:
        return None


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


def _ancestors(process: psutil.Process) -> list[int]:
    try:
        return [parent.pid for parent in process.parents()]
    except psutil.Error:
        return []


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


@contextmanager
def processes(folder: Path):
    """Processes that have all ended at the end; what they last said is printed when the test fails."""
    logs = folder / "process-logs"
    logs.mkdir()
    started = Processes(logs)
    try:
        yield started
    except BaseException:
        for log in sorted(logs.iterdir()):
            print(f"--- {log.stem}", log.read_text(encoding="utf-8", errors="replace")[-3000:], sep="\n")
        raise
    finally:
        started.end()


def start_postgres(started: Processes, folder: Path, port: int, password: str) -> None:
    """A new cluster answers on loopback, scram only, with an empty database and user airflow."""
    import psycopg2

    binaries, data = server_binaries(), folder / "postgres"
    as_user = {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}
    data.mkdir(mode=0o700)
    secret = folder / "postgres-password"
    secret.write_text(password, encoding="utf-8")
    if as_user:  # the server refuses to run as root
        for path in (data, secret):
            shutil.chown(path, USER, USER)
    subprocess.run(
        [binaries / "initdb", "--pgdata", data, "--username=airflow", f"--pwfile={secret}", "--auth=scram-sha-256"]
        + ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        cwd="/",
        capture_output=True,
        **as_user,
    )
    secret.unlink()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": data, "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    started.start("postgres", [str(binaries / "postgres"), "-D", str(data), *options], cwd="/", **as_user)
    connection = None
    while connection is None:
        try:
            connection = psycopg2.connect(
                host="127.0.0.1", port=port, user="airflow", password=password, dbname="postgres"
            )
        except psycopg2.OperationalError:
            assert started.running["postgres"].poll() is None, started.log("postgres")
            time.sleep(0.2)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("create database airflow")
    connection.close()


class Stack:
    """The compose file's services on this machine: the containers' world as a folder and three ports."""

    def __init__(self, services: dict, folder: Path, database_port: int, api_port: int, pages_port: int):
        self.services, self.folder = services, folder
        self.image = folder / "image"
        self.hosts = {
            r"\bpostgres:5432\b": f"127.0.0.1:{database_port}",
            r"\bapi-server:8080\b": f"127.0.0.1:{api_port}",
            r"(?<![\w.])0\.0\.0\.0(?![\w.])": "127.0.0.1",
            r"\b8080\b": str(api_port),
            r"\b8081\b": str(pages_port),
            r"\b5432\b": str(database_port),
        }

    def build_image(self) -> None:
        """What the Dockerfile copies is at its place below self.image, and the folders it makes are there."""
        for source, target in dockerfile_copies():
            place = self.image / target.strip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            if (CHECKOUT / source).is_dir():
                unwanted = shutil.ignore_patterns("__pycache__", "*.pyc", "target", "logs")
                shutil.copytree(CHECKOUT / source, place, ignore=unwanted)
            else:
                shutil.copy(CHECKOUT / source, place)
        (self.image / dict(dockerfile())["WORKDIR"].strip("/")).mkdir(parents=True)

    def image_files(self) -> set[str]:
        return {str(path.relative_to(self.image)) for path in self.image.rglob("*")}

    def mapped(self, name: str, text: str) -> str:
        """The text with the service's mounts, the image's folders, host names and ports of this machine."""
        for target, place in sorted(self._mounts(name).items(), reverse=True):
            text = re.sub(rf"(?<![\w/.]){re.escape(target)}(?![\w.-])", str(place), text)
        for pattern, place in self.hosts.items():
            text = re.sub(pattern, place, text)
        return text

    def _mounts(self, name: str) -> dict[str, Path]:
        service = self.services[name]
        places = {"/onefunnel": self.image / "onefunnel"}
        for volume in service.get("volumes", []):
            if isinstance(volume, dict):
                places[volume["target"]] = (CHECKOUT / volume["source"]).resolve()
            else:
                volume_name, target = volume.split(":")[:2]
                places[target] = self._made("volumes", volume_name)
        for target in {line.split(":")[0] for line in service.get("tmpfs", [])} - {"/tmp"}:
            places[target] = self._made("tmpfs", f"{name}{target.replace('/', '-')}")
        return self._nested(places)

    def _nested(self, places: dict[str, Path]) -> dict[str, Path]:
        """A mount inside another, or inside the image's folder, is at its place there as well."""
        for target, place in places.items():
            outer = max((other for other in places if target.startswith(f"{other}/")), key=len, default=None)
            if outer and place.is_relative_to(self.folder / "volumes"):
                link = places[outer] / target.removeprefix(f"{outer}/")
                link.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    link.symlink_to(place)
        return places

    def _made(self, *parts: str) -> Path:
        place = self.folder.joinpath(*parts)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place

    def environment(self, name: str) -> dict[str, str]:
        """Nothing of the test's own environment but the PATH to the same programs and a folder for temporary files."""
        path = [str(Path(sys.executable).parent), str(server_binaries()), "/usr/bin", "/bin"]
        outside = {"PATH": os.pathsep.join(path), "HOME": "/onefunnel/airflow", "TMPDIR": str(self._made("tmp"))}
        given = dockerfile_env() | self.services[name].get("environment", {})
        return outside | {key: self.mapped(name, value) for key, value in ({"HOME": outside["HOME"]} | given).items()}

    def command(self, name: str, words: list[str]) -> dict:
        """Arguments for a process: the service's words in its folder and environment."""
        return {
            "args": [self.mapped(name, word) for word in words],
            "cwd": self.mapped(name, dict(dockerfile())["WORKDIR"]) if name != "postgres" else "/",
            "env": self.environment(name),
        }

    def run(self, name: str, words: list[str], timeout: float) -> subprocess.CompletedProcess:
        process = subprocess.Popen(
            **self.command(name, words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=timeout)
        finally:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        return subprocess.CompletedProcess(words, process.returncode, said)

    def start(self, started: Processes, name: str) -> None:
        prepared = self.command(name, self.services[name]["command"])
        started.start(name, prepared.pop("args"), **prepared)

    def healthy(self, name: str) -> subprocess.CompletedProcess:
        """One run of the service's health check, as Docker would run it."""
        check = self.services[name]["healthcheck"]
        kind, *words = check["test"]
        assert kind == "CMD", f"{name}: {kind}"
        return self.run(name, words, timeout=float(check["timeout"].removesuffix("s")))


def random_secrets() -> dict[str, str]:
    """Each made as .env.example says."""
    import base64

    return {
        "POSTGRES_PASSWORD": secrets.token_hex(32),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW_API_SECRET_KEY": secrets.token_hex(32),
        "AIRFLOW_JWT_SECRET": secrets.token_hex(64),
        "ONEFUNNEL_ADMIN_PASSWORD": base64.b64encode(secrets.token_bytes(24)).decode(),
    }
