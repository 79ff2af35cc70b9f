"""The first boundary: one row per source and entity, from the lake and the extraction's own count."""

from __future__ import annotations

import duckdb
import pandas as pd

from onefunnel import lake
from onefunnel.config import Sources
from onefunnel.home import Home
from onefunnel.sources import KINDS
from onefunnel.warehouse import variant_columns


def landed_frame(home: Home, sources: Sources) -> pd.DataFrame:
    """source_name, entity, fills, rows_in_file, rows_in_lake, unusable_rows, unusable_share, split_columns.

    rows_in_file is null for deltas, whose file is not the whole of what the lake holds.
    """
    files = lake.completed_files(home)
    split = variant_columns(files)
    con = duckdb.connect()
    rows = []
    for source in sources.sources:
        fills = {theirs: our for our, all_ in KINDS[source.kind].FILLS.items() for theirs in all_}
        for entity, spec in source.entities.items():
            paths = files.get(source.name, {}).get(entity, [])
            in_lake, unusable = _current(con, paths)
            full = (spec.snapshot or source.snapshot) == "full"
            in_file = _in_file(con, files.get(source.name, {}).get(lake.EXTRACTIONS, []), entity) if full else None
            rows.append(
                {
                    "source_name": source.name,
                    "entity": entity,
                    "fills": fills.get(entity, entity),
                    "rows_in_file": in_file,
                    "rows_in_lake": in_lake,
                    "unusable_rows": unusable,
                    "unusable_share": unusable / in_lake if in_lake else 0.0,
                    "split_columns": sum(name.startswith(f"{source.name}.{entity}.") for name in split),
                }
            )
    return pd.DataFrame(rows)


def _current(con, paths) -> tuple[int, int]:
    columns = ["_key", "_occurrence", "_version", "_deleted", "_fault"]
    return con.execute(
        f"""
        select count(*), count(*) filter (_fault is not null or _key is null or _occurrence <> '1')
        from (
            select *,
                row_number() over (partition by _key, _occurrence order by cast(_version as bigint) desc) as newest
            from ({lake.rows_of(con, paths, columns)})
        )
        where newest = 1 and _deleted = 'false'
        """
    ).fetchone()


def _in_file(con, paths, entity: str) -> int | None:
    found = con.execute(
        f"select rows from ({lake.rows_of(con, paths, ['entity', 'rows', 'loaded_at'])}) where entity = ? "
        "order by loaded_at desc limit 1",
        [entity],
    ).fetchone()
    return int(found[0]) if found else None
