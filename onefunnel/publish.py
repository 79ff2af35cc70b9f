"""Publication: what passed becomes what BI reads, whole and at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from onefunnel.home import Home, sync

SCHEMA = "metrics"
STORAGE = "v1.2.0"  # so that BI drivers on DuckDB 1.2 and later open the file
KEPT_VERSIONS = 14


def publish(home: Home, run_id: str) -> dict[str, int]:
    """published/ shows this run's tables: versions/<run>/{onefunnel.duckdb,parquet/}, by one symlink swap.

    Returns rows per table. A run that was killed on its way leaves the version before in place.
    """
    versions = home.published / "versions"
    part, done = versions / f".{run_id}.part", _unused(versions / run_id)
    for unfinished in versions.glob(".*.part"):  # of runs that were killed
        shutil.rmtree(unfinished, ignore_errors=True)
    (part / "parquet").mkdir(parents=True)
    rows = _copy(home.candidate, part)
    _sync(part)
    os.replace(part, done)
    _point(home.published / "current", f"versions/{done.name}")
    _point(home.published / "onefunnel.duckdb", "current/onefunnel.duckdb")
    _point(home.published / "parquet", "current/parquet")
    _forget_old(versions, done.name)
    return rows


def _copy(candidate: Path, folder: Path) -> dict[str, int]:
    target = folder / "onefunnel.duckdb"
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(f"attach '{_quoted(candidate)}' as candidate (read_only)")
    con.execute(f"attach '{_quoted(target)}' as published (storage_version '{STORAGE}')")
    con.execute(f"create schema published.{SCHEMA}")
    rows = {}
    for table, comment in _tables(con):
        con.execute(f"create table published.{SCHEMA}.{table} as select * from candidate.{SCHEMA}.{table} order by all")
        _describe(con, table, comment)
        con.execute(
            f"copy published.{SCHEMA}.{table} to '{_quoted(folder / 'parquet' / table)}.parquet' (format parquet)"
        )
        rows[table] = con.execute(f"select count(*) from published.{SCHEMA}.{table}").fetchone()[0]
    con.execute("detach published")
    con.close()
    return rows


def _tables(con) -> list[tuple[str, str | None]]:
    return con.execute(
        "select table_name, comment from duckdb_tables() "
        "where database_name = 'candidate' and schema_name = ? order by 1",
        [SCHEMA],
    ).fetchall()


def _describe(con, table: str, comment: str | None) -> None:
    """Descriptions travel as comments; a plain copy would lose them."""
    if comment:
        con.execute(f"comment on table published.{SCHEMA}.{table} is '{_quoted(comment)}'")
    columns = con.execute(
        "select column_name, comment from duckdb_columns() "
        "where database_name = 'candidate' and schema_name = ? and table_name = ? and comment is not null",
        [SCHEMA, table],
    ).fetchall()
    for column, told in columns:
        con.execute(f"comment on column published.{SCHEMA}.{table}.\"{column}\" is '{_quoted(told)}'")


def _quoted(text) -> str:
    return str(text).replace("'", "''")


def _unused(path: Path) -> Path:
    """A version is never written over: a step that is run again publishes beside it."""
    taken = sum(other.name == path.name or other.name.startswith(f"{path.name}.") for other in path.parent.glob("*"))
    return path.with_name(f"{path.name}.{taken + 1}") if taken else path


def _point(link: Path, target: str) -> None:
    if link.is_symlink() and os.readlink(link) == target:
        return
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, link)


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            sync(path)


def _forget_old(versions: Path, current: str) -> None:
    done = sorted((p for p in versions.iterdir() if not p.name.startswith(".")), key=lambda p: p.stat().st_mtime)
    for path in done[:-KEPT_VERSIONS]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)
