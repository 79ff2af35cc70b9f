"""A private Superset on loopback that reads a private PostgreSQL, into which a home's tables were published."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bi.build import write_bundle
from onefunnel.config import PostgresTo
from onefunnel.home import Home
from tests import support

sys.path.append(str(support.CHECKOUT / "tests/production"))
from stack import Processes, free_port, processes, start_postgres

BINARIES = support.CHECKOUT / ".superset/venv/bin"
CONFIG = """
SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
"""


@dataclass(frozen=True)
class Stand:
    """Where Superset answers, and its administrator's password."""

    address: str
    password: str

    def get(self, path: str, token: str) -> dict:
        request = urllib.request.Request(f"{self.address}{path}", headers={"Authorization": f"Bearer {token}"})
        return json.load(urllib.request.urlopen(request, timeout=60))

    def token(self) -> str:
        body = {"username": "admin", "password": self.password, "provider": "db"}
        request = urllib.request.Request(
            f"{self.address}/api/v1/security/login",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        return json.load(urllib.request.urlopen(request, timeout=60))["access_token"]

    def put_in(
        self, bundle: Path, passwords: dict[str, str], where: str = "dashboard", field: str = "formData"
    ) -> None:
        """The bundle is imported as a person would: the file and, asked for, the database's password."""
        parts = {
            "passwords": ("", json.dumps(passwords).encode()),
            field: ('; filename="onefunnel.zip"', bundle.read_bytes()),
        }
        edge = secrets.token_hex(16)
        body = b"".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
            for name, (more, content) in parts.items()
        )
        request = urllib.request.Request(
            f"{self.address}/api/v1/{where}/import/",
            data=body + f"--{edge}--\r\n".encode(),
            headers={
                "Content-Type": f"multipart/form-data; boundary={edge}",
                "Authorization": f"Bearer {self.token()}",
            },
        )
        try:
            urllib.request.urlopen(request, timeout=300)
        except urllib.error.HTTPError as refused:
            raise AssertionError(refused.read().decode()[:3000]) from None


@contextmanager
def superset(home: Path, folder: Path):
    """Superset runs with the bundle imported, its only way to the tables the reader's login; yields a Stand."""
    folder.chmod(0o711)  # PostgreSQL runs as its own user below it
    with processes(folder) as started:
        reader = publish(started, home, folder)
        stand = start(started, folder)
        bundle, asked = folder / "onefunnel.zip", {"databases/onefunnel.yaml": "bi"}
        write_bundle(bundle, reader.replace(":bi@", ":XXXXXXXXXX@"), unit="million")
        stand.put_in(bundle, asked)
        write_bundle(bundle, reader.replace(":bi@", ":XXXXXXXXXX@"), unit="crore")
        stand.put_in(bundle, asked, "assets", "bundle")
        print("✓ Superset imported the bundle, and renewed it in another unit", flush=True)
        yield stand


def publish(started: Processes, home: Path, folder: Path) -> str:
    """The home's tables are in PostgreSQL; returns the address by which a login of the reader role sees them."""
    from onefunnel.postgres import publish_to_postgres

    port, password = free_port(), secrets.token_hex(16)
    start_postgres(started, folder, port, password)
    os.environ["AIRFLOW_CONN_ONEFUNNEL_POSTGRES"] = f"postgresql://airflow:{password}@127.0.0.1:{port}/airflow"
    rows = publish_to_postgres(Home(home), PostgresTo())
    with psycopg.connect(os.environ["AIRFLOW_CONN_ONEFUNNEL_POSTGRES"], autocommit=True) as con:
        con.execute("create role bi login password 'bi' in role onefunnel_reader")
    print(f"✓ PostgreSQL holds {len(rows)} tables, {sum(rows.values()):,} rows", flush=True)
    return f"postgresql+psycopg2://bi:bi@127.0.0.1:{port}/airflow"


def start(started: Processes, folder: Path) -> Stand:
    """Superset answers on loopback with metadata of its own."""
    config = folder / "superset_config.py"
    config.write_text(CONFIG.format(secret=secrets.token_hex(32), folder=folder), encoding="utf-8")
    environment = {
        "PATH": f"{BINARIES}:/usr/bin:/bin",
        "HOME": str(folder),
        "SUPERSET_HOME": str(folder),
        "SUPERSET_CONFIG_PATH": str(config),
        "FLASK_APP": "superset.app:create_app()",
    }
    stand = Stand(f"http://127.0.0.1:{free_port()}", secrets.token_hex(16))
    admin = ["--username=admin", "--firstname=a", "--lastname=b", "--email=a@b.example", f"--password={stand.password}"]
    for words in (["db", "upgrade"], ["fab", "create-admin", *admin], ["init"]):
        done = subprocess.run(
            [BINARIES / "superset", *words], env=environment, cwd=folder, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, f"superset {words[0]}:\n{done.stderr[-3000:]}"
    port = stand.address.rpartition(":")[2]
    serve = [str(BINARIES / "gunicorn"), "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    started.start("superset", [*serve, "--timeout", "300", "superset.app:create_app()"], env=environment, cwd=folder)
    end = time.monotonic() + 300
    while True:
        assert started.running["superset"].poll() is None and time.monotonic() < end, started.log("superset")[-3000:]
        try:
            urllib.request.urlopen(f"{stand.address}/health", timeout=5)
            return stand
        except OSError:
            time.sleep(1)
