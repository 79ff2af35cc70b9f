"""The candidate: one DuckDB file, built whole from the lake, the agreement and the as-of instant."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from onefunnel import lake
from onefunnel.agreement import Agreement, agreement_hash
from onefunnel.agreement.expand import DDL, tables
from onefunnel.attribution import write_markov
from onefunnel.config import OWN, Source, Sources
from onefunnel.errors import Stop
from onefunnel.home import CHECKOUT, Home, write_whole
from onefunnel.identity import write_identity
from onefunnel.sources import KINDS

PROJECT = CHECKOUT / "dbt_project"


@dataclass(frozen=True)
class RunFacts:
    """What identifies one run: its id, the instant it judges by, the instant it began."""

    run_id: str
    as_of: datetime
    started_at: datetime


def prepare(home: Home, run: RunFacts, sources: Sources, agreement: Agreement) -> None:
    """A new candidate holds the agreement's tables, the run's facts and views over the lake; nothing else."""
    home.candidate.parent.mkdir(parents=True, exist_ok=True)
    for leftover in home.candidate.parent.glob("candidate.duckdb*"):
        # DuckDB spills into a folder beside the file; a build that was killed leaves it
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    write_whole(home.candidate_owner, run.run_id)
    files = lake.completed_files(home)
    con = duckdb.connect(str(home.candidate))
    con.execute("set timezone = 'UTC'")
    for schema in ("agreement", "run", "lake"):
        con.execute(f"create schema {schema}")
    _agreement_tables(con, agreement, run.as_of)
    _run_tables(con, home, run, sources, agreement, files)
    delivering = [*sources.sources, OWN]
    _delivered(con, delivering, files)
    for kind in sorted({source.kind for source in delivering}):
        _lake_views(con, kind, delivering, files)
    con.close()


def write_forecast(con) -> None:
    """Schema forecast, from int_forecast_states and _invoices; pandas is imported by who needs it."""
    from onefunnel.forecast.write import write_tables

    write_tables(con)


# what Python adds between two builds: after the models it reads, by the function that writes the tables of its schema
BETWEEN = (
    (["int_identity_records"], write_identity, "identity"),
    (["int_channel_transitions"], write_markov, "attribution"),
    (["int_forecast_states", "int_forecast_invoices", "int_frozen_forecasts"], write_forecast, "forecast"),
)


def build(home: Home, sources: Sources, select: list[str] | None = None, tests: bool = True) -> dict:
    """dbt builds and tests the candidate; Stop names the first model or test that failed.

    With select only those models are built anew, else everything, and what Python solves between. tests=False only
    builds. Returns counts: models, tests, warned.
    """
    dbt = Dbt(home, sources)
    if select:
        return dbt.invoke("run", "--select", *select)
    counts = _staged(dbt, home, [])
    if tests:
        # unit tests prove the project, not the data: the test suite runs them
        counts.update(dbt.invoke("test", "--exclude-resource-type", "unit_test"))
    return {kind: counts[kind] for kind in ("models", "tests", "warned")}


def build_only(home: Home, sources: Sources, models: list[str]) -> dict:
    """dbt builds these models in a newly prepared candidate, with all they rest on and nothing else, and tests them.

    Returns counts: models, tests, warned.
    """
    dbt = Dbt(home, sources)
    counts = _staged(dbt, home, models)
    counts.update(dbt.invoke("test", "--select", *models, "--exclude-resource-type", "unit_test"))
    return {kind: counts[kind] for kind in ("models", "tests", "warned")}


def _staged(dbt: Dbt, home: Home, models: list[str]) -> Counter:
    """Build in stages, with Python's steps between them: everything, or what the models need."""
    counts, done, needed = Counter(), [], _needed(dbt, models)
    for read, write, schema in BETWEEN:
        if models and schema not in needed:
            continue
        wanted = [f"+{model}" for model in read]
        counts.update(dbt.invoke("run", "--select", *wanted, *_without(done)))
        done += wanted
        with duckdb.connect(str(home.candidate)) as con:
            con.execute("set timezone = 'UTC'")
            write(con)
    wanted = ["--select", *(f"+{model}" for model in models)] if models else []
    counts.update(dbt.invoke("run", *wanted, *_without(done)))
    return counts


def _needed(dbt: Dbt, models: list[str]) -> set[str]:
    """The schemas that the models rest on, and those that Python's steps before them do."""
    needed = dbt.schemas_below(models)
    for read, _, schema in reversed(BETWEEN):
        if schema in needed:
            needed |= dbt.schemas_below(read)
    return needed


def _without(done: list[str]) -> list[str]:
    return ["--exclude", *done] if done else []


class Dbt:
    """dbt on one candidate: the project is read once, whatever it is asked to do."""

    def __init__(self, home: Home, sources: Sources):
        os.environ["ONEFUNNEL_CANDIDATE"] = str(home.candidate)
        os.environ["ONEFUNNEL_KINDS"] = ",".join(sorted({source.kind for source in sources.sources}))
        os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        project = os.environ.get("ONEFUNNEL_DBT_PROJECT") or str(PROJECT)
        scratch = str(home.root / "warehouse" / "dbt")
        self.options = ["--project-dir", project, "--profiles-dir", project, "--quiet", "--log-level", "none"]
        self.options += ["--target-path", scratch, "--log-path", scratch]
        self.manifest = self._result("parse", manifest=None)

    def schemas_below(self, models: list[str]) -> set[str]:
        """The schemas of all tables not built by dbt that the models rest on, directly or not."""
        seen: set[str] = set()
        ahead = [key for key, node in self.manifest.nodes.items() if node.name in models]
        while ahead:
            key = ahead.pop()
            if key not in seen:
                seen.add(key)
                ahead += self.manifest.nodes[key].depends_on.nodes if key in self.manifest.nodes else []
        return {self.manifest.sources[key].schema for key in seen if key in self.manifest.sources}

    def invoke(self, verb: str, *arguments: str) -> dict:
        return _counted(self._result(verb, *arguments, manifest=self.manifest).results)

    def _result(self, verb: str, *arguments: str, manifest):
        from dbt.cli.main import dbtRunner

        outcome = dbtRunner(manifest=manifest).invoke([verb, *self.options, *arguments])
        release()
        if outcome.result is None:
            raise Stop("dbt_build", f"dbt could not start: {outcome.exception}", "read the task's log")
        return outcome.result


def release() -> None:
    """dbt's own connection to the candidate is closed, so that others may open it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def owned_by(home: Home, run_id: str) -> None:
    """Stop when another run has rebuilt the candidate since this one did."""
    owner = home.candidate_owner.read_text(encoding="utf-8") if home.candidate_owner.exists() else "nobody"
    if owner != run_id:
        raise Stop(
            "one_run_at_a_time",
            f"the candidate in {home.candidate.parent} belongs to another run by now ({owner})",
            "nothing was published by this run; run again",
        )


def _counted(results) -> dict:
    counts = {"models": 0, "tests": 0, "warned": 0}
    for result in results:
        status = str(result.status)
        kind = str(result.node.resource_type)
        if status in ("error", "fail", "runtime error"):
            raise Stop(
                f"dbt_{result.node.name}",
                f"{kind} {result.node.name} in {result.node.original_file_path}: {_first_line(result)}",
                "nothing was published; the failing rows are what the test's SQL selects from the candidate",
            )
        counts["models" if kind == "model" else "tests"] += status in ("success", "pass")
        counts["warned"] += status == "warn"
    return counts


def _first_line(result) -> str:
    if result.failures:
        return f"{result.failures} rows break it"
    lines = [line.strip() for line in (result.message or "").splitlines() if line.strip()]
    return " ".join(lines[:3])[:400]


def _agreement_tables(con, agreement: Agreement, as_of: datetime) -> None:
    for name, rows in tables(agreement, as_of).items():
        con.execute(f"create table agreement.{name} ({DDL[name]})")
        if rows:
            con.executemany(f"insert into agreement.{name} values ({', '.join('?' * len(rows[0]))})", rows)


def _run_tables(con, home: Home, run: RunFacts, sources: Sources, agreement: Agreement, files: lake.Files) -> None:
    settings = agreement.settings.model_dump()
    facts = {
        "run_id": (run.run_id, "varchar"),
        "as_of_at": (run.as_of, "timestamptz"),
        "built_at": (datetime.now(UTC), "timestamptz"),
        "agreement_hash": (agreement_hash(agreement.folder), "varchar"),
        "load_ids": (", ".join(lake.load_ids(home)), "varchar"),
    }
    kinds = {bool: "boolean", int: "integer"}
    facts |= {name: (value, kinds.get(type(value), "varchar")) for name, value in settings.items()}
    con.execute(f"create table run.context ({', '.join(f'{name} {kind}' for name, (_, kind) in facts.items())})")
    con.execute(
        f"insert into run.context values ({', '.join('?' * len(facts))})", [value for value, _ in facts.values()]
    )
    con.execute(
        "create table run.sources "
        "(source_name varchar, ids_of varchar, kind varchar, timezone varchar, day_first varchar)"
    )
    for source in sources.sources:
        con.execute(
            "insert into run.sources values (?, ?, ?, ?, ?)",
            [source.name, source.namespace, source.kind, source.timezone, str(source.day_first).lower()],
        )


def _delivered(con, sources: list[Source], files: lake.Files) -> None:
    """What each source delivered, and in which columns."""
    con.execute(
        "create table run.delivered (source_name varchar, ids_of varchar, entity varchar, delivered_as varchar)"
    )
    con.execute("create table run.delivered_columns (source_name varchar, entity varchar, column_name varchar)")
    for source in sources:
        fills = {theirs: our for our, theirs_all in KINDS[source.kind].FILLS.items() for theirs in theirs_all}
        for entity, paths in files.get(source.name, {}).items():
            if entity not in source.entities:
                continue
            our = fills.get(entity, entity)
            con.execute("insert into run.delivered values (?, ?, ?, ?)", [source.name, source.namespace, our, entity])
            described = con.execute(
                f"describe select * from read_parquet({lake.file_list(paths)}, union_by_name = true)"
            ).fetchall()
            for column in described:
                con.execute(
                    "insert into run.delivered_columns values (?, ?, ?)",
                    [source.name, our, column[0].removeprefix("our__")],
                )


def _lake_views(con, kind: str, sources: list[Source], files: lake.Files) -> None:
    """One view per lake entity of the kind, over all its sources; a column no file has is null."""
    connector = KINDS[kind]
    mine = [source for source in sources if source.kind == kind]
    fills = {theirs: our for our, theirs_all in connector.FILLS.items() for theirs in theirs_all}
    for entity in connector.lake_entities():
        columns = [*lake.META, *connector.lake_columns(entity)]
        if kind not in ("csv_folder", "own"):
            columns += [f"our__{column}" for column in our_columns(fills.get(entity, entity))]
        paths = [
            path for source in mine if entity in source.entities for path in files.get(source.name, {}).get(entity, [])
        ]
        con.execute(f"create view lake.{kind}__{entity} as {lake.rows_of(con, paths, columns)}")


def our_columns(entity: str) -> list[str]:
    from onefunnel.entities import entities

    return list(entities()[entity]["columns"]) if entity in entities() else []


def variant_columns(files: lake.Files) -> list[str]:
    """Columns that dlt split off because a type changed; the lake is text, so there must be none."""
    con, found = duckdb.connect(), []
    for source, entities in files.items():
        for entity, paths in entities.items():
            described = con.execute(
                f"describe select * from read_parquet({lake.file_list(paths)}, union_by_name = true)"
            ).fetchall()
            found += [f"{source}.{entity}.{row[0]}" for row in described if re.search(r"__v_", row[0])]
    return found
