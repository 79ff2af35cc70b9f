"""A real PostgreSQL on loopback, and for each test a database of its own that a plain user owns."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from onefunnel.config import PostgresTo
from onefunnel.home import Home
from onefunnel.postgres import publish_to_postgres
from tests import support

sys.path.append(str(support.CHECKOUT / "tests/production"))
from stack import free_port, processes, start_postgres

ADMIN, PUBLISHER = "admin-of-the-test", "p/u:b@l i%sher"  # passwords


@dataclass
class Database:
    """One test's database: open(user) connects, publish() is what the pipeline does."""

    port: int
    name: str

    def address(self, user: str = "publisher", password: str = PUBLISHER) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{self.port}/{self.name}"

    def open(self, user: str = "publisher", password: str = PUBLISHER, **options) -> psycopg.Connection:
        return psycopg.connect(self.address(user, password), **{"autocommit": True, **options})

    def admin(self) -> psycopg.Connection:
        return self.open("airflow", ADMIN)

    def ask(self, statement: str, *values) -> list[tuple]:
        with self.open() as con:
            return con.execute(statement, values or None).fetchall()

    def publish(self, home: Home, **to) -> dict[str, int]:
        return publish_to_postgres(home, PostgresTo.model_validate(to))


@pytest.fixture(scope="session")
def server():
    """The port of a server of its own with the plain user publisher, who may create roles."""
    with tempfile.TemporaryDirectory(prefix="onefunnel-postgres-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)  # PostgreSQL runs as its own user below it
        with processes(folder) as started:
            start_postgres(started, folder, port, ADMIN)
            with Database(port, "postgres").admin() as con:
                con.execute(f"create role publisher login createrole password '{PUBLISHER}'")
            yield port


@pytest.fixture
def database(server, monkeypatch, request) -> Database:
    """An empty database, to which Airflow's connection onefunnel_postgres leads."""
    made = Database(server, f"t{abs(hash(request.node.nodeid))}")
    with Database(server, "postgres").admin() as con:
        con.execute(f"create database {made.name} owner publisher")
    monkeypatch.setenv("AIRFLOW_CONN_ONEFUNNEL_POSTGRES", made.address())
    return made


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def published(home) -> Callable[..., Home]:
    """Publish files: published(run_id, {table: select}, comments)."""
    from onefunnel.publish import publish
    from tests.postgres.candidates import candidate

    def make(run_id: str, tables: dict[str, str], comments: dict[str, str] | None = None) -> Home:
        candidate(home, tables, comments or {})
        publish(home, run_id)
        return home

    return make
