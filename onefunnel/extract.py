"""Extraction: what is new in a source's files goes to the lake, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from onefunnel import lake
from onefunnel.config import Source, file_of, folder_of
from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.progress import count, say
from onefunnel.sources import KINDS
from onefunnel.sources.csv_file import read_header, read_rows

BATCH = 50_000
OWN = ["_key", "_row", "_fault", "_noted", "_row_hash"]


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
    con = duckdb.connect()
    files = lake.completed_files(home).get(source.name, {})
    reads, tables = [], {}
    for entity in source.entities:
        read, table = _entity(con, source, entity, file_of(source, entity, folder), files, loaded_at)
        reads.append(read)
        if table:
            tables[entity] = table
        told = "unchanged" if read.skipped else f"{count(read.appended)} new"
        say(f"    {source.name:<12} {entity:<18} {count(read.rows):>9} rows   {told}")
    if tables:
        tables[lake.EXTRACTIONS] = _extractions(con)
        lake.append(home, source.name, tables)
    con.close()
    return reads


def _entity(con, source: Source, entity: str, path: Path, files: dict, loaded_at: datetime):
    kind = KINDS[source.kind]
    if entity not in kind.lake_entities():
        raise Stop(
            "unknown_entity",
            f"sources.yml, source {source.name}: '{entity}' is no entity of kind {source.kind}",
            f"use one of: {', '.join(kind.lake_entities())}",
        )
    seal = _seal(source, entity, path)
    before = _last_extraction(con, files, entity)
    if before and before["seal"] == seal:
        return Read(entity, path.name, int(before["rows"]), 0, True), None
    incoming = f"incoming_{entity}"
    rows = _stage(con, incoming, source, entity, path)
    known = files.get(entity, [])
    _refuse_nothing(source, entity, path, rows, bool(known))
    changed = _changed(con, incoming, source, entity, known, loaded_at)
    appended = con.execute(f"select count(*) from {changed}").fetchone()[0]
    _note(con, source, entity, path, seal, rows, loaded_at)
    read = Read(entity, path.name, rows, appended, False)
    return read, (lambda: _batches(con, changed)) if appended else None


def _seal(source: Source, entity: str, path: Path) -> str:
    """Equal seals: the same bytes, to be read in the same way."""
    how = source.model_dump(exclude={"entities", "folder"}) | source.entities[entity].model_dump()
    digest = hashlib.sha256(json.dumps(how, sort_keys=True).encode())
    with open(path, "rb") as handle:
        while part := handle.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _last_extraction(con, files: dict, entity: str) -> dict | None:
    known = files.get(lake.EXTRACTIONS, [])
    if not known:
        return None
    columns = ["entity", "seal", "rows", "loaded_at"]
    found = con.execute(
        f"select * from ({lake.rows_of(con, known, columns)}) where entity = ? order by loaded_at desc limit 1",
        [entity],
    ).fetchone()
    return dict(zip(columns, found, strict=True)) if found else None


def _stage(con, table: str, source: Source, entity: str, path: Path) -> int:
    """The file's rows as text in a table of this extraction; returns how many."""
    kind, spec = KINDS[source.kind], source.entities[entity]
    header = read_header(path, source.delimiter)
    columns = _columns(kind, source, entity, path, header)
    copies = {new: old for new, old in kind.COPIES.get(entity, {}).items() if new not in columns}
    missing = [c for c in kind.required(entity) if c not in columns and c not in copies]
    if missing:
        raise Stop(
            "missing_column",
            f"{path.name}, row 1: the column '{missing[0]}' is missing (found: {', '.join(header)[:300]})",
            f"export it, or map it in sources.yml: {entity}: {{file: {spec.file}, columns: {{{missing[0]}: Their Header}}}}",
        )
    schema = pa.schema([(name, pa.string()) for name in [*columns, *OWN]])
    con.register("nothing", schema.empty_table())
    con.execute(f"create or replace table {table} as select * from nothing")
    key = [columns.index(copies.get(c, c)) for c in kind.key_of(entity)]
    rows = 0
    for batch in _row_batches(path, source, columns, key, schema):
        con.register("batch", batch)
        con.execute(f"insert into {table} select * from batch")
        rows += batch.num_rows
    for new, old in copies.items():
        con.execute(f"alter table {table} add column {lake.quoted(new)} varchar")
        con.execute(f"update {table} set {lake.quoted(new)} = {lake.quoted(old)}")
    return rows


def _columns(kind, source: Source, entity: str, path: Path, header: list[str]) -> list[str]:
    columns = kind.names(entity, header, source.entities[entity].columns)
    columns = [name or f"column_{at + 1}" for at, name in enumerate(columns)]
    for at, name in enumerate(columns):
        if name in columns[:at]:
            raise Stop(
                "duplicate_header",
                f"{path.name}, row 1, column {at + 1}: '{header[at]}' is a second column for {name}",
                "rename or remove one of the two, or map them apart in sources.yml",
            )
        if name in (*lake.META, *OWN):
            columns[at] = f"their{name}"
    mapped = source.entities[entity].columns
    for our, theirs in mapped.items():
        if our not in columns and f"our__{our}" not in columns:
            raise Stop(
                "missing_column",
                f"{path.name}, row 1: sources.yml maps {our} to '{theirs}', but there is no such header",
                f"use one of: {', '.join(header)[:300]}",
            )
    return columns


def _row_batches(path: Path, source: Source, columns: list[str], key: list[int], schema) -> Iterator[pa.Table]:
    order = sorted(range(len(columns)), key=lambda at: columns[at])
    declared = f"{source.timezone}|{source.day_first}|{source.currency}|{source.namespace}"
    batch: list[list] = []
    for row in read_rows(path, source.delimiter, len(columns)):
        cells = row.cells
        parts = [cells[at] for at in key]
        named = "|".join(parts) if all(part is not None for part in parts) else None
        told = "\x1f".join(f"{columns[at]}\x1e{cells[at]}" for at in order if cells[at] is not None)
        seal = hashlib.blake2b(f"{declared}|{row.fault}|{told}".encode(), digest_size=16).hexdigest()
        batch.append([*cells, named, str(row.number), row.fault, row.noted, seal])
        if len(batch) == BATCH:
            yield _table(batch, schema)
            batch = []
    if batch:
        yield _table(batch, schema)


def _table(rows: list[list], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)


def _refuse_nothing(source: Source, entity: str, path: Path, rows: int, known: bool) -> None:
    full = (source.entities[entity].snapshot or source.snapshot) == "full"
    if rows == 0 and not source.entities[entity].allow_empty and (entity in ("leads", "deals") or (known and full)):
        raise Stop(
            "no_rows",
            f"{path.name}: a header, but no rows; taken at its word it would delete every record of {entity}",
            f"export it again, or say `allow_empty: true` for {entity} in sources.yml",
        )


def _changed(con, incoming: str, source: Source, entity: str, known: list[Path], loaded_at: datetime) -> str:
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
        "_loaded_at": loaded_at.isoformat(),
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
            select *, cast(row_number() over (partition by _key order by cast(_row as bigint)) as varchar) as _occurrence
            from {incoming}
        )
        select {listed}, i._key, i._row, i._fault, i._noted, i._row_hash, i._occurrence,
            cast(coalesce(l.number, 0) + 1 as varchar) as _version, 'false' as _deleted, {constants}
        from numbered as i
        left join latest as l on l._key is not distinct from i._key and l._occurrence = i._occurrence
        where l.number is null or l._row_hash <> i._row_hash
        {tombstones if full else ''}
        """,
        [*meta.values(), *(meta.values() if full else [])],
    )
    return f"changed_{entity}"


def _note(con, source: Source, entity: str, path: Path, seal: str, rows: int, loaded_at: datetime) -> None:
    con.execute(
        f"create table if not exists {lake.EXTRACTIONS} "
        "(source varchar, entity varchar, file varchar, seal varchar, rows varchar, loaded_at varchar)"
    )
    con.execute(
        f"insert into {lake.EXTRACTIONS} values (?, ?, ?, ?, ?, ?)",
        [source.name, entity, path.name, seal, str(rows), loaded_at.isoformat()],
    )


def _extractions(con):
    return lambda: _batches(con, lake.EXTRACTIONS)


def _batches(con, table: str) -> Iterator[pa.Table]:
    reader = con.cursor().execute(f"select * from {table} order by all").to_arrow_reader(BATCH)
    for batch in reader:
        yield pa.Table.from_batches([batch])
