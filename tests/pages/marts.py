"""Published tables made by hand: the columns and types of the marts' contracts, the rows a test gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb
import yaml

from tests import support


@cache
def columns() -> dict[str, dict[str, str]]:
    """Mart -> column -> type, as the contracts say."""
    files = sorted((support.CHECKOUT / "dbt_project/models/marts").glob("**/_*.yml"))
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])]
    return {model["name"]: {column["name"]: column["data_type"] for column in model["columns"]} for model in models}


def publish(home: Path, tables: dict[str, list[dict]]) -> Path:
    """<home>/published/onefunnel.duckdb holds every mart, empty but for these rows; a column not given is null."""
    path = home / "published" / "onefunnel.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema metrics")
        for name, typed in columns().items():
            listed = ", ".join(f'"{column}" {kind}' for column, kind in typed.items())
            con.execute(f'create table metrics."{name}" ({listed})')
            for row in tables.get(name, []):
                given = ", ".join(f'? as "{column}"' for column in row)
                con.execute(f'insert into metrics."{name}" by name select {given}', list(row.values()))
    return path
