"""The gate alone: it passes what is right, and stops every way of breaking the verdict in dbt."""

from __future__ import annotations

import csv
import hashlib
import shutil
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefunnel import steps, warehouse
from onefunnel.agreement import read_agreement
from onefunnel.config import Sources, read_sources
from onefunnel.errors import Stop
from onefunnel.extract import extract
from onefunnel.gate import gate
from onefunnel.gate.published import Judged
from onefunnel.home import CHECKOUT, Home
from onefunnel.sample import generate
from tests.mutations import MUTATIONS, Mutation

SCALE = 0.1
SOURCES = CHECKOUT / "examples/sample_company/sources.yml"
AGREEMENT = CHECKOUT / "agreement"


@dataclass
class Company:
    """The sample company, extracted, judged and built once; project: a copy of the dbt project to break."""

    home: Home
    sources: Sources
    project: Path
    unbroken: Path
    judged: Judged

    def gate(self) -> list:
        """Every check on the candidate as it is."""
        return gate.check(self.home, self.judged)

    def build(self, select: list[str] | None = None) -> dict:
        """The project's models, without a single dbt test."""
        return warehouse.build(self.home, self.sources, select, tests=False)

    @contextmanager
    def broken(self, mutation: Mutation):
        """The project with the mutation, on a copy of the unbroken candidate."""
        file = self.project / mutation.file
        text = file.read_text(encoding="utf-8")
        assert mutation.old in text, f"{mutation.file} no longer holds what '{mutation.name}' would break"
        shutil.copyfile(self.unbroken, self.home.candidate)
        file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A home, a copy of the dbt project and the sample's exports, named by environment variables."""
    folder = tmp_path_factory.mktemp("gate")
    generate(folder / "export", scale=SCALE)
    project = folder / "dbt_project"
    shutil.copytree(CHECKOUT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", str(folder / "export"))
        patch.setenv("ONEFUNNEL_HOME", str(folder / "home"))
        patch.setenv("ONEFUNNEL_SOURCES", str(SOURCES))
        patch.setenv("ONEFUNNEL_AGREEMENT", str(AGREEMENT))
        patch.setenv("ONEFUNNEL_DBT_PROJECT", str(project))
        for name in ("ONEFUNNEL_AS_OF", "ONEFUNNEL_RUN_ID", "ONEFUNNEL_LOCKED_BY", "ONEFUNNEL_PROGRESS"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="module")
def company(environment) -> Company:
    """The company with its unbroken candidate, which the gate lets pass."""
    home, sources, now = Home.from_environment(), read_sources(SOURCES), datetime.now(UTC)
    for source in sources.sources:
        extract(home, source, SOURCES, now)
    warehouse.prepare(
        home, warehouse.RunFacts("unbroken", sources.as_of, now), sources, read_agreement(AGREEMENT)
    )
    judged = gate.judge(home, sources, AGREEMENT, sources.as_of)
    company = Company(home, sources, environment / "dbt_project", environment / "unbroken.duckdb", judged)
    company.build()
    shutil.copyfile(home.candidate, company.unbroken)
    return company


def stopped(outcomes: list) -> dict[str, int]:
    """The rules that stop, with how many rows fail each."""
    return {outcome.rule: outcome.failed for outcome in outcomes if outcome.stops and not outcome.passed}


def test_the_gate_passes_what_is_not_broken(company):
    shutil.copyfile(company.unbroken, company.home.candidate)
    assert stopped(company.gate()) == {}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_gate_alone_stops(company, mutation, record_property):
    with company.broken(mutation):
        company.build(mutation.select.split())
        found = stopped(company.gate())
    record_property("stopped", ", ".join(f"{rule} {rows}" for rule, rows in found.items()))
    assert mutation.rule in found, f"stopped by {sorted(found) or 'nothing'}"
