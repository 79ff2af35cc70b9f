"""The whole dbt project on Apache Spark, from the same Parquet, beside what DuckDB made of it.

Run as a program: python -m tests.spark.parity <home of a finished run> <scratch folder>
Exits 1 and says which tables differ and how.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import duckdb

from tests import support

SCHEMAS = ("agreement", "run", "identity", "attribution", "forecast")
RUN_ONLY = {"checks_passed", "checks_warned"}  # the gate writes them after the build
# the same, as rows
BUILT = {"weekly_review": "figure not in ('checks_passed', 'checks_warned')"}
RELATIVE = 1e-9


def main(home: Path, scratch: Path) -> int:
    """0 when every mart is the same on both engines."""
    candidate = home / "warehouse" / "candidate.duckdb"
    scratch.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    _export(candidate, scratch / "given")
    session = _session(scratch)
    _load(session, scratch / "given")
    _build(candidate, scratch)
    print(f"  Spark built the project in {time.monotonic() - began:.0f} s", flush=True)
    failed = 0
    with duckdb.connect(str(candidate), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        marts = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'metrics' order by 1"
        ).fetchall()
        for (mart,) in marts:
            wrong = _differences(con, session, mart, scratch / "made")
            failed += bool(wrong)
            print(f"  {'✗' if wrong else '✓'} {mart}: {wrong or 'equal'}", flush=True)
    session.stop()
    return int(failed > 0)


def _export(candidate: Path, folder: Path) -> None:
    """What the project reads besides its own models: agreement, run facts, Python's tables and the lake's views."""
    with duckdb.connect(str(candidate), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() union all "
            "select schema_name, view_name from duckdb_views() where schema_name = 'lake'"
        ).fetchall()
        for schema, table in tables:
            if schema in (*SCHEMAS, "lake"):
                (folder / schema).mkdir(parents=True, exist_ok=True)
                con.execute(f"copy (select * from {schema}.{table}) to '{folder / schema / table}.parquet'")


def _session(scratch: Path):
    """The session that dbt will find: two threads of this process, loopback only, nothing outside scratch."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "3g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch / "local"),
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.parquet.compression.codec": "uncompressed",
    }
    builder = SparkSession.builder.master("local[2]").appName("onefunnel")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _load(session, folder: Path) -> None:
    for schema in sorted(path.name for path in folder.iterdir()):
        session.sql(f"create database if not exists {schema}")
        for path in sorted((folder / schema).glob("*.parquet")):
            session.sql(f"create table {schema}.{path.stem} using parquet location '{path}'")


def _build(candidate: Path, scratch: Path) -> None:
    from dbt.cli.main import dbtRunner

    os.environ |= {"ONEFUNNEL_CANDIDATE": str(candidate), "ONEFUNNEL_KINDS": "csv_folder"}
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    project = str(support.CHECKOUT / "dbt_project")
    outcome = dbtRunner().invoke(
        ["run", "--target", "spark", "--project-dir", project, "--profiles-dir", project, "--quiet"]
        + ["--target-path", str(scratch / "dbt"), "--log-path", str(scratch / "dbt")]
    )
    if not outcome.success:
        raise SystemExit(f"dbt on Spark failed: {outcome.exception or 'see above'}")


def _differences(con, session, mart: str, folder: Path) -> str:
    """Empty when the rows are equal: all but doubles exactly, doubles within RELATIVE; else the first difference."""
    columns = [
        (name, kind) for name, kind, *_ in con.execute(f"describe metrics.{mart}").fetchall() if name not in RUN_ONLY
    ]
    path = folder / mart
    session.table(f"metrics.{mart}").write.mode("overwrite").parquet(str(path))
    for side, rows in {"ours": f"metrics.{mart}", "theirs": f"read_parquet('{path}/*.parquet')"}.items():
        con.execute(f"create or replace temp view {side} as select * from {rows} where {BUILT.get(mart, 'true')}")
    # a type of the other engine is cast to the published one: a text that is no date would fail here
    exact = ", ".join(f'cast("{name}" as {kind})' for name, kind in columns if kind != "DOUBLE")
    only = [
        con.execute(
            f"select * from (select {exact} from {a} except all select {exact} from {b}) order by all limit 1"
        ).fetchall()
        for a, b in (("ours", "theirs"), ("theirs", "ours"))
    ]
    if any(only):
        return f"DuckDB has {only[0]}, Spark has {only[1]} ({', '.join(n for n, k in columns if k != 'DOUBLE')})"
    doubles = [name for name, kind in columns if kind == "DOUBLE"]
    return next((wrong for name in doubles if (wrong := _doubles(con, name, exact))), "")


def _doubles(con, name: str, exact: str) -> str:
    """Rows of equal other columns, in the order of the value: the n-th of one side beside the n-th of the other."""
    side = (
        "select *, row_number() over (partition by key order by value) as n from "
        f'(select md5(cast(row({exact}) as varchar)) as key, cast("{name}" as double) as value from {{}})'
    )
    row = con.execute(
        f"select a.value, b.value from ({side.format('ours')}) as a "
        f"full join ({side.format('theirs')}) as b on a.key = b.key and a.n = b.n "
        f"where (a.value is null) <> (b.value is null) "
        f"or abs(a.value - b.value) > {RELATIVE} * greatest(1, abs(a.value)) limit 1"
    ).fetchone()
    return f"{name}: DuckDB {row[0]!r}, Spark {row[1]!r}" if row else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
