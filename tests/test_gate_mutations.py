"""The gate alone: it passes what is right, and stops every way of breaking the verdict in dbt."""

from __future__ import annotations

import csv
import hashlib
import shutil
import stat
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from onefunnel import steps, warehouse
from onefunnel.agreement import read_agreement
from onefunnel.config import Sources, read_sources
from onefunnel.errors import Stop
from onefunnel.extract import extract
from onefunnel.gate import gate
from onefunnel.gate.checks import Checker, Outcome, write_audit
from onefunnel.gate.published import Judged, open_candidate
from onefunnel.home import CHECKOUT, Home
from onefunnel.sample import generate
from tests.mutations import MUTATIONS, PLANTED, USUAL, Mutation
from tests.rebuilt import Rebuilt

SCALE = 0.08
SOURCES = CHECKOUT / "examples/sample_company/sources.yml"
AGREEMENT = CHECKOUT / "agreement"
# what the gate does not read need not be built again to see it stop
UNJUDGED = [
    *("path:models/marts/feedback", "path:models/intermediate/diagnosis", "path:models/marts/diagnosis"),
    *("int_answers", "int_competitor_deals", "int_sales_conversations", "int_objection_faults"),
    *(f"int_brief_{part}" for part in "attributes behaviours criteria deals expected handovers".split()),
    *(f"int_brief_{part}" for part in "intents objections touches".split()),
    "path:models/intermediate/what_if",
    *("definition_what_if", "definition_what_if_leads", "handover_quality", "handover_aging"),
    "handover_delays",
    *("int_forecast_sources", "int_forecast_states", "int_forecast_invoices", "int_frozen_forecasts"),
    *("int_lead_spans", "int_company_spans", "int_deal_segments", "forecast_deals", "forecast_revisions"),
    *("int_verdict_pairs", "qualification_agreement", "qualification_disputes", "dispute_drivers"),
    *(f"int_pipeline_{part}" for part in ("follows", "standings", "turns", "periods", "due_dates", "weeks")),
    *("pipeline_generated_weekly", "pipeline_advanced_weekly", "pipeline_slips", "pipeline_slipped_weekly"),
    *("stage_conversion", "open_deals"),
]
# read by its own suite alone, which needs it built of its own mutations only
REVIEW = ["path:models/intermediate/review", "path:models/marts/review"]


def unjudged(mutation: Mutation) -> list[str]:
    return UNJUDGED if "/review/" in mutation.file else [*UNJUDGED, *REVIEW]


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

    def checked(self, rule: str) -> list[Outcome]:
        """The checks of the suites that hold the rule, on the candidate as it is."""
        with open_candidate(self.home.candidate) as con:
            beside = [beside for beside in gate.comparisons(con, self.judged) if rule in self.rules[beside.suite]]
            return [outcome for b in beside for outcome in Checker().check(b.look(), b.suite())]

    @cached_property
    def rules(self) -> dict[Callable, set[str]]:
        """Suite -> its rules."""
        suites = {beside.suite for beside in gate.comparisons(None, self.judged)}
        return {suite: {expected.meta["rule"] for expected in suite().expectations} for suite in suites}

    @cached_property
    def rebuilt(self) -> Rebuilt:
        return Rebuilt(self.home, warehouse.Dbt(self.home, self.sources))

    def build(self, mutation: Mutation) -> set[str]:
        """The candidate as dbt would build it of the mutated project; the models whose rows became others."""
        shutil.copyfile(self.unbroken, self.home.candidate)
        selected = self.rebuilt.selected(mutation.select, unjudged(mutation))
        return self.rebuilt.build(mutation.file, mutation.old, mutation.new, selected)

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


def plant(file: Path, rows: list[dict[str, str]]) -> None:
    """The export holds the rows as its last ones."""
    with open(file, "r+", encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
        handle.seek(0, 2)
        writer = csv.DictWriter(handle, header, restval="", lineterminator="\n")
        writer.writerows(rows)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A home, a copy of the dbt project and the sample's exports, named by environment variables."""
    folder = tmp_path_factory.mktemp("gate")
    generate(folder / "export", scale=SCALE)
    for name, rows in PLANTED.items():
        plant(folder / "export" / name, [USUAL.get(name, {}) | row for row in rows])
    project = folder / "dbt_project"
    shutil.copytree(CHECKOUT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", str(folder / "export"))
        patch.setenv("ONEFUNNEL_HOME", str(folder / "home"))
        patch.setenv("ONEFUNNEL_SOURCES", str(SOURCES))
        patch.setenv("ONEFUNNEL_AGREEMENT", str(AGREEMENT))
        patch.setenv("ONEFUNNEL_DBT_PROJECT", str(project))
        patch.setenv("DBT_WRITE_JSON", "false")  # dbt's artifacts, which nobody reads here
        for name in ("ONEFUNNEL_AS_OF", "ONEFUNNEL_RUN_ID", "ONEFUNNEL_LOCKED_BY", "ONEFUNNEL_PROGRESS"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture(scope="module")
def company(environment) -> Company:
    """The company with its unbroken candidate, which the gate lets pass."""
    home, sources, now = Home.from_environment(), read_sources(SOURCES), datetime.now(UTC)
    for source in sources.sources:
        extract(home, source, SOURCES, now)
    warehouse.prepare(home, warehouse.RunFacts("unbroken", sources.as_of, now), sources, read_agreement(AGREEMENT))
    judged = gate.judge(home, sources, AGREEMENT, sources.as_of)
    company = Company(home, sources, environment / "dbt_project", environment / "unbroken.duckdb", judged)
    warehouse.build(home, sources, tests=False)
    shutil.copyfile(home.candidate, company.unbroken)
    return company


def stopped(outcomes: list) -> dict[str, int]:
    """The rules that stop, with how many rows fail each."""
    return {outcome.rule: outcome.failed for outcome in outcomes if outcome.stops and not outcome.passed}


def test_the_gate_passes_what_is_not_broken(company):
    shutil.copyfile(company.unbroken, company.home.candidate)
    assert stopped(company.gate()) == {}


# of a model, and of a macro that views use
LIKE_DBT = ("lost deals are credited as won", "zoneless times are taken for UTC")


@pytest.mark.parametrize("name", LIKE_DBT)
def test_what_is_built_of_a_mutation_is_what_dbt_builds_of_it(company, name):
    mutation = next(m for m in MUTATIONS if m.name == name)
    selected = company.rebuilt.selected(mutation.select, unjudged(mutation))
    others = company.build(mutation)
    ours = shutil.copyfile(company.home.candidate, company.unbroken.with_name("ours.duckdb"))
    with company.broken(mutation):
        warehouse.build(company.home, company.sources, [*mutation.select.split(), "--exclude", *unjudged(mutation)])
    assert different(ours, company.home.candidate, selected) == set()
    assert set() < different(ours, company.unbroken, selected) <= others


def different(one: Path, other: Path, names: set[str]) -> set[str]:
    """The tables of these names whose columns, types or rows are not the same on both sides, in whatever order."""
    found = set()
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = "select schema_name, table_name from duckdb_tables() where database_name = 'other'"
        for schema, table in con.execute(tables).fetchall():
            if table in names:
                a, b = (f"from {side}.{schema}.{table}" for side in ("one", "other"))
                rows = f"select count(*) from (({a} except all {b}) union all ({b} except all {a}))"
                described = [con.execute(f"describe {side}").fetchall() for side in (a, b)]
                is_same = described[0] == described[1] and con.execute(rows).fetchone() == (0,)
                found |= set() if is_same else {table}
    return found


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_gate_alone_stops(company, mutation):
    others = company.build(mutation)
    found = stopped(company.checked(mutation.rule))
    print(
        f"{mutation.name}: {', '.join(sorted(others))}: {', '.join(f'{rule} {rows}' for rule, rows in found.items())}"
    )
    assert mutation.rule in found, f"stopped by {sorted(found) or 'nothing'}"


# the stop itself, step by step as the DAG takes them


@pytest.fixture(scope="module")
def published(company) -> dict:
    """The run that published the sample company, with what its gate said."""
    run = steps.start_run("the-good-run")
    for name in run["sources"]:
        steps.extract_source(run, name)
    landed = steps.check_landed(run)
    steps.load_agreement(run)
    steps.build_funnel(run)
    checked = steps.check_candidate(run)
    steps.publish_tables(run, landed, checked)
    return {"run": run, "checked": checked}


@pytest.fixture(scope="module")
def stop(company, published) -> dict:
    """A run of the broken project after a good publication: what was there before, and how it ended."""
    before = contents(company.home.published)
    run = steps.start_run("the-broken-run")
    landed = steps.check_landed(run)
    steps.load_agreement(run)
    mutation = next(m for m in MUTATIONS if m.name == "one criterion is dropped")
    with company.broken(mutation), pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "publish_tables", lambda *_: pytest.fail("a stopped run went on to publish"))
        patch.setattr(warehouse, "build", partial(warehouse.build, tests=False))
        steps.build_funnel(run)
        with pytest.raises(Stop) as caught:
            steps.publish_tables(run, landed, steps.check_candidate(run))
    return {"before": before, "said": caught.value, "audit": company.home.audit_dir(run["run_id"])}


def contents(folder: Path) -> dict[str, str]:
    """Every file's hash and every link's target, by relative name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_stop_leaves_what_was_published_byte_for_byte(company, stop):
    assert any(name.endswith("onefunnel.duckdb") for name in stop["before"])
    assert any(name.endswith(".parquet") for name in stop["before"])
    assert contents(company.home.published) == stop["before"]


def test_a_stop_names_rule_file_and_rows(stop):
    said = stop["said"]
    assert said.rule == "lead_is_qualified_as_rejudged"
    assert str(stop["audit"] / f"{said.rule}.csv") in str(said)
    assert str(said).startswith(f"{said.rule}: ")
    assert "lead_mql_at_as_rejudged" in str(said)
    assert said.do and said.rows and "lead_id " in said.rows[0]


def test_the_failing_rows_land_where_a_person_can_open_them(stop):
    rows = rows_of(stop["audit"] / "lead_is_qualified_as_rejudged.csv")
    assert f"{len(rows)} rows fail it" in str(stop["said"])
    assert all(row["is_qualified"] != row["rejudged_is_qualified"] for row in rows)
    assert {row["rejudged_not_qualified_reasons"] for row in rows} <= {"not role", "unknown: role"}
    assert len({row["lead_id"] for row in rows}) == len(rows)


def test_only_their_owner_may_read_the_failing_rows(stop):
    files = list(stop["audit"].glob("*.csv"))
    assert files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(stop["audit"].stat().st_mode) == 0o700


def test_no_spreadsheet_takes_an_audited_cell_for_a_formula(tmp_path):
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "plain", 'a,b\n"c"', None]
    rows = pd.DataFrame({"lead_id": cells})
    file = write_audit(tmp_path / "audit", Outcome("leads", "a_rule", True, False, len(cells), "", rows, ["lead_id"]))
    read = [row["lead_id"] for row in rows_of(file)]
    assert read[-3:] == ["plain", 'a,b\n"c"', ""]
    assert all(cell == f"'{told}" for cell, told in zip(read[:6], cells, strict=False))


def test_a_warning_is_told_and_does_not_stop(company, published):
    assert published["checked"]["warned"] >= 1
    warned = company.home.audit_dir(published["run"]["run_id"]) / "every_lead_has_a_channel.csv"
    assert rows_of(warned) and {row["channel"] for row in rows_of(warned)} == {"unmapped"}
    assert (company.home.published / "current").readlink().name == published["run"]["run_id"]
    with duckdb.connect(str(company.home.published / "onefunnel.duckdb"), read_only=True) as con:
        passed, warned = con.execute("select checks_passed, checks_warned from metrics.run_info").fetchone()
    assert passed > 40 and warned >= published["checked"]["warned"]
