"""Extraction: what is new in a source's files goes to the lake, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from onefunnel import lake
from onefunnel.config import Source, file_of, folder_of
from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.incoming import BATCH, OWN, stage
from onefunnel.progress import count, say
from onefunnel.sources import KINDS
from onefunnel.sources.csv_file import unreadable


@dataclass
class Read:
    """One entity of one extraction: rows in the file, versions appended, whether it was skipped."""

    entity: str
    file: str
    rows: int
    appended: int
    skipped: bool


def extract(home: Home, source: Source, sources_file: Path, loaded_at: datetime) -> list[Read]:
    """The source's new versions are one completed load of the lake; unchanged files are skipped.

    loaded_at: the start of the run, an instant with a zone. Raises Stop for a file that cannot be
    read as the entity it is said to be; then nothing of this source is loaded.
    """
    folder = folder_of(source, sources_file)
    files = lake.completed_files(home).get(source.name, {})
    at = loaded_at.astimezone(UTC).isoformat()
    reads, tables = [], {}
    with duckdb.connect() as con:
        for entity in source.entities:
            read, table = _entity(con, source, entity, folder, files, at)
            reads.append(read)
            if table:
                tables[entity] = table
            told = "unchanged" if read.skipped else f"{count(read.appended)} new"
            say(f"    {source.name:<12} {entity:<18} {count(read.rows):>9} rows   {told}")
        if tables:
            tables[lake.EXTRACTIONS] = _batches(con, lake.EXTRACTIONS)
            lake.append(home, source.name, tables)
    return reads


def _entity(con, source: Source, entity: str, folder: Path, files: dict, at: str):
    kind = KINDS[source.kind]
    if entity not in kind.lake_entities():
        raise Stop(
            "unknown_entity",
            f"sources.yml, source {source.name}: '{entity}' is no entity of kind {source.kind}",
            f"use one of: {', '.join(kind.lake_entities())}",
        )
    path = file_of(source, entity, folder)
    seal = _seal(source, entity, path)
    before = _last_extraction(con, files, entity)
    if before and before["seal"] == seal:
        return Read(entity, path.name, int(before["rows"]), 0, True), None
    incoming = f"incoming_{entity}"
    rows = stage(con, incoming, source, entity, path)
    known = files.get(entity, [])
    _refuse_nothing(source, entity, path, rows, bool(known))
    changed = _changed(con, incoming, source, entity, known, at)
    appended = con.execute(f"select count(*) from {changed}").fetchall()[0][0]
    _note(con, source, entity, path, seal, rows, at)
    read = Read(entity, path.name, rows, appended, False)
    return read, _batches(con, changed) if appended else None


def _seal(source: Source, entity: str, path: Path) -> str:
    """Equal seals: the same bytes, to be read in the same way."""
    how = source.model_dump(exclude={"entities", "folder"}) | source.entities[entity].model_dump()
    digest = hashlib.sha256(json.dumps(how, sort_keys=True).encode())
    try:
        with open(path, "rb") as handle:
            while part := handle.read(1 << 20):
                digest.update(part)
    except OSError as why:
        raise unreadable(path, why) from None
    return digest.hexdigest()


def _last_extraction(con, files: dict, entity: str) -> dict | None:
    known = files.get(lake.EXTRACTIONS, [])
    if not known:
        return None
    columns = ["entity", "seal", "rows", "loaded_at"]
    found = con.execute(
        f"select * from ({lake.rows_of(con, known, columns)}) where entity = ? order by loaded_at desc limit 1",
        [entity],
    ).fetchall()  # all: a result that is not read to its end keeps the connection from other work
    return dict(zip(columns, found[0], strict=True)) if found else None


def _refuse_nothing(source: Source, entity: str, path: Path, rows: int, known: bool) -> None:
    """Stop where no rows would delete everything, or leave nothing to build from; an empty delta is no news."""
    spec = source.entities[entity]
    if rows or spec.allow_empty:
        return
    if known and (spec.snapshot or source.snapshot) == "full":
        told = f"taken at its word it would delete every record of {entity}"
    elif not known and entity in ("leads", "deals"):
        told = f"without {entity} there is nothing to build from"
    else:
        return
    raise Stop(
        "no_rows",
        f"{path.name}: a header, but no rows; {told}",
        f"export it again, or say `allow_empty: true` for {entity} in sources.yml",
    )


def _changed(con, incoming: str, source: Source, entity: str, known: list[Path], at: str) -> str:
    """A table of the versions to append: new, changed, and tombstones for what a full snapshot lacks."""
    full = (source.entities[entity].snapshot or source.snapshot) == "full"
    history = lake.rows_of(con, known, ["_key", "_occurrence", "_version", "_deleted", "_row_hash"])
    data = [d[0] for d in con.execute(f"select * from {incoming} limit 0").description if d[0] not in OWN]
    listed = ", ".join(f"i.{lake.quoted(c)}" for c in data)
    empty = ", ".join(f"cast(null as varchar) as {lake.quoted(c)}" for c in data)
    spec = source.entities[entity]
    meta = {
        "_source": source.name,
        "_ids_of": source.namespace,
        "_kind": source.kind,
        "_loaded_at": at,
        "_file": Path(spec.file).name,
        "_timezone": source.timezone,
        "_day_first": str(source.day_first).lower(),
        "_currency": source.currency,
        "_record_url": spec.record_url,
    }
    constants = ", ".join(f"cast(? as varchar) as {name}" for name in meta)
    tombstones = f"""
        union all by name
        select {empty}, l._key, null as _row, null as _fault, null as _noted, '' as _row_hash,
            l._occurrence, cast(l.number + 1 as varchar) as _version, 'true' as _deleted, {constants}
        from latest as l
        left join numbered as i on i._key is not distinct from l._key and i._occurrence = l._occurrence
        where l._deleted = 'false' and i._occurrence is null
    """
    con.execute(
        f"""
        create or replace table changed_{entity} as
        with
        latest as (
            select _key, _occurrence, cast(_version as bigint) as number, _deleted, _row_hash
            from ({history})
            qualify row_number() over (partition by _key, _occurrence order by cast(_version as bigint) desc) = 1
        ),
        numbered as (
            select
                *,
                cast(row_number() over (partition by _key order by cast(_row as bigint)) as varchar) as _occurrence
            from {incoming}
        )
        select {listed}, i._key, i._row, i._fault, i._noted, i._row_hash, i._occurrence,
            cast(coalesce(l.number, 0) + 1 as varchar) as _version, 'false' as _deleted, {constants}
        from numbered as i
        left join latest as l on l._key is not distinct from i._key and l._occurrence = i._occurrence
        where l.number is null or l._row_hash <> i._row_hash
        {tombstones if full else ""}
        """,
        [*meta.values(), *(meta.values() if full else [])],
    )
    return f"changed_{entity}"


def _note(con, source: Source, entity: str, path: Path, seal: str, rows: int, at: str) -> None:
    con.execute(
        f"create table if not exists {lake.EXTRACTIONS} "
        "(source varchar, entity varchar, file varchar, seal varchar, rows varchar, loaded_at varchar)"
    )
    con.execute(
        f"insert into {lake.EXTRACTIONS} values (?, ?, ?, ?, ?, ?)",
        [source.name, entity, path.name, seal, str(rows), at],
    )


def _batches(con, table: str):
    """A function that yields the table's rows; dlt calls it when it comes to them."""

    def rows() -> Iterator[pa.Table]:
        for batch in con.cursor().sql(f"select * from {table} order by all").to_arrow_reader(BATCH):
            yield pa.Table.from_batches([batch])

    return rows
