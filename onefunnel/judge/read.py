"""The lake as it stands at one instant: versions chosen, vendor names gone, instants as integers."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from onefunnel.judge.instants import instant
from onefunnel.judge.vendors import (
    EXISTS_FROM,
    EXTRACTIONS,
    INSTANTS,
    KIND_PREFIX,
    KINDS,
    MAY_BE_DATED,
    META,
    REMEMBERED,
    REPEATS,
    lake_names,
    our_columns,
    our_entity,
)

Files = dict[str, dict[str, list[Path]]]
FATES = ("excluded", "after", "out")

CHOSEN = """
    with
    numbered as (
        select *,
            coalesce(try_cast(_version as bigint), 1) as version_no,
            _deleted is not distinct from 'true' as is_deleted
        from incoming
    ),
    told as (
        select *,
            coalesce(bool_or(is_deleted) over (
                partition by _key, _occurrence order by version_no
                rows between unbounded preceding and 1 preceding
            ), false) as came_back,
            case
                when is_deleted then loaded
                else coalesce(updated_at, case when version_no = 1 then {born} end, loaded)
            end as told_at
        from numbered
    ),
    dated as (
        select *, case when came_back then greatest(told_at, loaded) else told_at end as version_at
        from told
    ),
    known as (
        select *, coalesce(version_at <= {as_of}, false) as is_known from dated
    ),
    ranked as (
        select *,
            row_number() over (
                partition by _key, _occurrence
                order by is_known desc, case when is_known then -version_at end nulls last,
                    case when is_known then -version_no end nulls last,
                    version_at nulls last, version_no
            ) = 1 as is_chosen,
            _fault is null and _key is not null and ({repeats} or coalesce(_occurrence, '1') = '1') as is_sound
        from known
    )
    select *,
        case
            when is_deleted then 'deleted'
            when not is_sound or ({dated_entity} and {exists_from} is null) then 'excluded'
            when {begins_with_its_date} and {exists_from} > {as_of} then 'after'
            else 'out'
        end as fate,
        is_sound and not is_deleted and (is_known or is_chosen) as is_told
    from ranked
"""


@dataclass
class Lake:
    """What every source delivers, and its records in DuckDB tables named after our entities.

    A table has one row per version; the version that counts at as_of has is_chosen and fate 'out'. Beside it
    <entity>_gone, of those that are REMEMBERED: every version of the records that were deleted once by as_of.
    """

    con: duckdb.DuckDBPyConnection
    as_of: int
    delivered: dict[str, set[str]] = field(default_factory=dict)  # id namespace -> our entities
    counts: list[tuple] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)  # sources whose leads carry handed_over_at


def read_lake(files: Files, as_of: int, wanted: tuple[str, ...]) -> Lake:
    """Every entity is counted; the wanted ones stand in tables, empty where nobody delivers them."""
    lake = Lake(duckdb.connect(), as_of)
    for entity in wanted:
        columns = ", ".join(_typed(column) for column in our_columns(entity))
        lake.con.execute(f"create table {entity} ({_meta_types()}, {columns}, {_STATE})")
        if entity in REMEMBERED:
            lake.con.execute(f"create table {entity}_gone ({_meta_types()}, {columns}, {_STATE}, {_GONE})")
    for source in sorted(files):
        _read_source(lake, source, files[source], wanted)
    return lake


_STATE = "version_at bigint, version_no bigint, is_chosen boolean, is_told boolean, fate varchar"
_GONE = "is_deleted boolean, is_sound boolean"


def _meta_types() -> str:
    return ", ".join(f"{name} varchar" for name in META)


def _typed(column: str) -> str:
    return f"{column} {'bigint' if column in INSTANTS else 'varchar'}"


def _read_source(lake: Lake, source: str, entities: dict[str, list[Path]], wanted: tuple) -> None:
    found = {name: _declared(lake.con, paths) for name, paths in entities.items() if paths}
    kind = next((kind for kind, _ in found.values() if kind), "csv_folder")
    spaces = {space for _, space in found.values() if space} or {source}
    names = set(entities) | _logged(lake.con, entities.get(EXTRACTIONS, []))
    for space in spaces:
        ours = {our_entity(kind, name) for name in names - {EXTRACTIONS}}
        lake.delivered.setdefault(space, set()).update(ours)
    for entity in sorted(set(found) - {EXTRACTIONS}):
        _read_entity(lake, source, kind, entity, entities[entity])
        _keep(lake, source, entity, our_entity(kind, entity), wanted)


def _parquet(paths: list[Path]) -> str:
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{listed}], union_by_name = true)"


def _columns_of(con, paths: list[Path]) -> set[str]:
    return {row[0] for row in con.execute(f"describe select * from {_parquet(paths)}").fetchall()}


def _declared(con, paths: list[Path]) -> tuple[str | None, str | None]:
    if not {"_kind", "_ids_of"} <= _columns_of(con, paths):
        return None, None
    return con.execute(f"select max(_kind), max(_ids_of) from {_parquet(paths)}").fetchone()


def _logged(con, paths: list[Path]) -> set[str]:
    """Entities that an extraction read, including files that held a header and no rows."""
    if not paths or "entity" not in _columns_of(con, paths):
        return set()
    return {row[0] for row in con.execute(f"select distinct entity from {_parquet(paths)}").fetchall()}


def _select(kind: str, entity: str, column: str, have: set[str]) -> str:
    names = [f'"{name}"' for name in lake_names(kind, entity, column) if name in have]
    value = f"coalesce({', '.join(names)})" if names else "null"
    prefix = KIND_PREFIX.get(kind, {}).get(entity)
    if column == "kind":
        if is_always := KINDS.get(kind, {}).get(entity):
            value = f"coalesce({value}, '{is_always}')"
        value = f"lower(trim(regexp_replace({value}, '\\s+', ' ', 'g')))"
        if prefix:
            value = f"'{prefix}' || replace({value}, ' ', '_')"
    return f"cast({value} as varchar) as {column}"


def _read_entity(lake: Lake, source: str, kind: str, entity: str, paths: list[Path]) -> None:
    """The table `judged` holds every version of the entity's records and its fate at as_of."""
    have = _columns_of(lake.con, paths)
    ours = our_entity(kind, entity)
    if ours == "leads" and have & set(lake_names(kind, entity, "handed_over_at")):
        lake.marked.add(source)
    items = [f"cast({m if m in have else 'null'} as varchar) as {m}" for m in META]
    items += [_select(kind, entity, column, have) for column in our_columns(ours)]
    rows = lake.con.sql(f"select {', '.join(items)} from {_parquet(paths)}").to_arrow_table()
    rows = rows.set_column(0, "_source", pa.array([source] * len(rows), pa.string()))
    rows = rows.set_column(1, "_ids_of", pc.fill_null(rows["_ids_of"], source))
    rows = rows.append_column("loaded", _instants(rows, "_loaded_at"))
    for column in set(our_columns(ours)) & set(INSTANTS):
        at = rows.schema.get_field_index(column)
        rows = rows.set_column(at, column, _instants(rows, column))
    lake.con.register("incoming", rows)
    born = EXISTS_FROM.get(ours, "created_at")
    sql = CHOSEN.format(
        as_of=lake.as_of,
        born=born,
        exists_from=born,
        dated_entity=str(ours in EXISTS_FROM).lower(),
        begins_with_its_date=str(ours in EXISTS_FROM or ours in MAY_BE_DATED).lower(),
        repeats=str(ours in REPEATS).lower(),
    )
    lake.con.execute(f"create or replace temp table judged as {sql}")
    lake.con.unregister("incoming")


def _instants(rows: pa.Table, column: str) -> pa.Array:
    """The column's cells as instants; each different text is read once."""
    zone = pc.fill_null(rows["_timezone"], "Asia/Kolkata")
    day_first = pc.fill_null(rows["_day_first"], "false")
    told = pc.binary_join_element_wise(rows[column], zone, day_first, "\x1f")
    coded = told.combine_chunks().dictionary_encode()
    parts = (text.rsplit("\x1f", 2) for text in coded.dictionary.to_pylist())
    values = [instant(text, zone, flag == "true") for text, zone, flag in parts]
    return pa.array(values, pa.int64()).take(coded.indices)


def _keep(lake: Lake, source: str, entity: str, ours: str, wanted: tuple[str, ...]) -> None:
    found = lake.con.execute("select fate, count(*) from judged where is_chosen group by fate")
    fates = dict(found.fetchall())
    numbers = [fates.get(fate, 0) for fate in FATES]
    lake.counts.append((source, entity, sum(numbers), *numbers))
    if ours in wanted:
        state = ["version_at", "version_no", "is_chosen", "is_told", "fate"]
        columns = ", ".join([*META, *our_columns(ours), *state])
        lake.con.execute(f"insert into {ours} select {columns} from judged where is_told")
        if ours in REMEMBERED:
            lake.con.execute(
                f"""insert into {ours}_gone select {columns}, is_deleted, is_sound from judged
                qualify bool_or(is_deleted and is_known) over (partition by _key, _occurrence)"""
            )
