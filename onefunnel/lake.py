"""The raw lake: immutable Parquet of text, appended through dlt, read by completed loads only.

<home>/lake/<source>/<entity>/<load_id>.<file>.parquet. A row is one version of a record; the
columns that start with an underscore are ours and are listed in META.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from onefunnel.home import Home, sync

# every row of the lake carries these, as text
META = (
    "_source _ids_of _kind _key _occurrence _version _deleted _loaded_at _file _row _fault _noted "
    "_row_hash _timezone _day_first _currency _record_url"
).split()
EXTRACTIONS = "extractions"
LOADS = "_dlt_loads"  # where dlt marks a load as completed

Files = dict[str, dict[str, list[Path]]]


def completed_files(home: Home, loads: set[str] | None = None) -> Files:
    """Source -> entity -> Parquet files, of loads that were completed; the rest does not exist.

    loads: only these (as load_ids gives them), for who must see what another step saw.
    """
    found: Files = {}
    for folder in sorted(home.lake.iterdir()) if home.lake.is_dir() else []:
        done = _completed_loads(folder)
        for path in sorted(folder.glob("*/*.parquet")):
            load_id = ".".join(path.name.split(".")[:2])
            if load_id in done and (loads is None or f"{folder.name}/{load_id}" in loads):
                found.setdefault(folder.name, {}).setdefault(path.parent.name, []).append(path)
    return found


def load_ids(home: Home) -> list[str]:
    """The completed loads of every source, as source/load_id."""
    folders = sorted(home.lake.iterdir()) if home.lake.is_dir() else []
    return [f"{folder.name}/{load}" for folder in folders for load in sorted(_completed_loads(folder))]


def _completed_loads(folder: Path) -> set[str]:
    done = set()
    for path in folder.glob(f"{LOADS}/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue  # a load cut off while it was being marked is not completed
            if record.get("status") == 0:
                done.add(record["load_id"])
    return done


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def file_list(files: list[Path]) -> str:
    """An SQL list of file names for read_parquet."""
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in files) + "]"


def rows_of(con, files: list[Path], columns: list[str]) -> str:
    """SQL that selects exactly these columns of the files, null where no file has the column."""
    if not files:
        return "select " + ", ".join(f"cast(null as varchar) as {quoted(c)}" for c in columns) + " where false"
    source = f"read_parquet({file_list(files)}, union_by_name = true)"
    have = {row[0] for row in con.execute(f"describe select * from {source}").fetchall()}
    items = [quoted(c) if c in have else f"cast(null as varchar) as {quoted(c)}" for c in columns]
    return f"select {', '.join(items)} from {source}"


def append(home: Home, source: str, tables: dict[str, Callable[[], Iterator]]) -> None:
    """Append the entities' new versions as one load; nothing counts before all of it is there.

    tables: entity -> function that yields pyarrow tables. dlt writes the load beside the lake, into a
    place that is emptied first, and it is moved in when it is whole, the mark of its completion last:
    a load that was killed leaves nothing that counts, and nothing that the next one could trip over.
    """
    beside = home.root / "unfinished" / source
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    _write(beside, source, tables)
    files = sorted(path for path in (beside / source).glob("*/*") if path.suffix in (".parquet", ".jsonl"))
    loads = [path for path in files if path.parent.name == LOADS]
    for path in [*(path for path in files if path.suffix == ".parquet"), *loads]:
        place = home.lake / source / path.parent.name
        place.mkdir(parents=True, exist_ok=True)
        sync(path)
        os.replace(path, place / path.name)
    shutil.rmtree(beside, ignore_errors=True)


def _write(folder: Path, source: str, tables: dict[str, Callable[[], Iterator]]) -> None:
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
    os.environ.setdefault("PROVIDERS__ENABLE_AIRFLOW_SECRETS", "false")  # else dlt starts Airflow for secrets
    import dlt
    from dlt.destinations import filesystem

    pipeline = dlt.pipeline(
        f"onefunnel_{source}",
        destination=filesystem(bucket_url=str(folder)),
        dataset_name=source,
        pipelines_dir=str(folder / "dlt"),
    )
    resources = [dlt.resource(make, name=entity, write_disposition="append") for entity, make in tables.items()]
    pipeline.run(resources, loader_file_format="parquet")
