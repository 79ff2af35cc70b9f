"""A source's file as a table of text: columns under the lake's names, each row with its key and its seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from onefunnel import lake
from onefunnel.config import Source
from onefunnel.entities import entities
from onefunnel.errors import Stop
from onefunnel.sources import KINDS
from onefunnel.sources.csv_file import read_header, read_rows, shown

BATCH = 50_000
OWN = ["_key", "_row", "_fault", "_noted", "_row_hash"]


def stage(con, table: str, source: Source, entity: str, path: Path) -> int:
    """The table holds the file's rows, every cell text, and the columns of OWN; returns how many rows.

    Raises Stop where the header cannot be the entity's.
    """
    kind, spec = KINDS[source.kind], source.entities[entity]
    header = read_header(path, source.delimiter)
    columns = _columns(source, entity, path, header)
    copies = {new: old for new, old in kind.COPIES.get(entity, {}).items() if new not in columns and old in columns}
    missing = [c for c in kind.required(entity) if c not in columns and c not in copies]
    if missing:
        raise Stop(
            "missing_column",
            f"{path.name}, row 1: the column '{missing[0]}' is missing (found: {_listed(header)})",
            f"export it, or map it in sources.yml: {entity}: {{file: {spec.file}, "
            f"columns: {{{missing[0]}: Their Header}}}}",
        )
    schema = pa.schema([(name, pa.string()) for name in [*columns, *OWN]])
    con.register("nothing", schema.empty_table())
    con.execute(f"create or replace table {table} as select * from nothing")
    key = [columns.index(copies.get(c, c)) for c in kind.key_of(entity)]
    rows = 0
    for batch in _batches(path, source, entity, columns, key, schema):
        con.register("batch", batch)
        con.execute(f"insert into {table} select * from batch")
        rows += batch.num_rows
    for new, old in copies.items():
        con.execute(f"alter table {table} add column {lake.quoted(new)} varchar")
        con.execute(f"update {table} set {lake.quoted(new)} = {lake.quoted(old)}")
    return rows


def _columns(source: Source, entity: str, path: Path, header: list[str]) -> list[str]:
    """A lake column for each header; Stop where two headers mean one column, or a mapping means none."""
    kind, mapped = KINDS[source.kind], source.entities[entity].columns
    _known_columns(source, entity)
    columns = kind.names(entity, header, mapped)
    columns = [name or f"column_{at + 1}" for at, name in enumerate(columns)]
    for our, theirs in mapped.items():
        if our not in columns and f"our__{our}" not in columns:
            raise Stop(
                "missing_column",
                f"{path.name}, row 1: sources.yml maps {our} to {shown(theirs)}, but there is no such header",
                f"use one of: {_listed(header)}",
            )
    for at, name in enumerate(columns):
        if name in columns[:at]:
            first = columns.index(name)
            raise Stop(
                "duplicate_header",
                f"{path.name}, row 1, column {at + 1}: {shown(header[at])} is a second column for {name} "
                f"(the first is column {first + 1}, {shown(header[first])})",
                "rename or remove one of the two, or map them apart in sources.yml",
            )
    return columns


def _known_columns(source: Source, entity: str) -> None:
    """sources.yml maps each of their headers to one column that the entity has."""
    fills = {theirs: our for our, all_ in KINDS[source.kind].FILLS.items() for theirs in all_}
    ours, mapped = entities()[fills.get(entity, entity)]["columns"], source.entities[entity].columns
    place = f"sources.yml, source {source.name}, entity {entity}, columns"
    for our, theirs in mapped.items():
        if our not in ours:
            raise Stop("unknown_column", f"{place}: {shown(our)} is no column of it", f"use one of: {', '.join(ours)}")
        if list(mapped.values()).count(theirs) > 1:
            raise Stop(
                "unknown_column", f"{place}: {shown(theirs)} is named for two columns", "name one header for each"
            )


def _listed(header: list[str]) -> str:
    return shown(", ".join(header), 300)[1:-1]


def _batches(path: Path, source: Source, entity: str, columns: list[str], key: list[int], schema) -> Iterator[pa.Table]:
    order = sorted(range(len(columns)), key=lambda at: columns[at])
    declared = f"{source.timezone}|{source.day_first}|{source.currency}|{source.namespace}"
    if source.entities[entity].record_url:
        declared += f"|{source.entities[entity].record_url}"
    batch: list[list] = []
    for row in read_rows(path, source.delimiter, len(columns)):
        told = "\x1f".join(f"{columns[at]}\x1e{row.cells[at]}" for at in order if row.cells[at] is not None)
        seal = hashlib.blake2b(f"{declared}|{row.fault}|{told}".encode(), digest_size=16).hexdigest()
        named = _key([row.cells[at] for at in key])
        batch.append([*row.cells, named, str(row.number), row.fault, row.noted, seal])
        if len(batch) == BATCH:
            yield _table(batch, schema)
            batch = []
    if batch:
        yield _table(batch, schema)


def _key(parts: list[str | None]) -> str | None:
    """What makes the record one, as the source gave it; None when a part of it is missing."""
    if any(part is None for part in parts):
        return None
    if len(parts) == 1:
        return parts[0]
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _table(rows: list[list], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=schema)
