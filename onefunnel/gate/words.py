"""Stage words of the data that the agreement does not know."""

from __future__ import annotations

import duckdb

from onefunnel import lake
from onefunnel.agreement import Agreement
from onefunnel.agreement.expand import words
from onefunnel.config import Sources
from onefunnel.errors import Stop
from onefunnel.home import Home
from onefunnel.sources.csv_file import shown

COLUMNS = "_file _row _key _occurrence _fault _deleted _version stage our__stage".split()


def unknown_deal_stages(home: Home, sources: Sources, agreement: Agreement) -> None:
    """Every stage a deal is in is open, won or lost by the agreement; else Stop names file, row and word."""
    known = {words(line.source_word) for line in agreement.rows["stages"] if line.entity == "deal"}
    files = lake.completed_files(home)
    for source in sources.sources:
        if "deals" not in source.entities:
            continue
        for file, row, stage in _stages(files.get(source.name, {}).get("deals", [])):
            if words(stage) not in known:
                found = f"{shown(stage)} is not in {agreement.folder.name}/stages.csv" if stage else "empty"
                raise Stop(
                    "unknown_deal_stage",
                    f"{file} of {source.name}, row {row}, column stage: {found}",
                    "add to stages.csv the row deal, <the word>, <our stage>, <order>, open|won|lost"
                    if stage
                    else "give the deal a stage in the source, and export again",
                )


def _stages(paths: list) -> list[tuple]:
    """File, row and stage of the first deal in each stage, as the deals stand now."""
    with duckdb.connect() as con:
        return con.execute(
            f"""
            with

            ranked as (
                select
                    *,
                    row_number() over (partition by _key, _occurrence order by cast(_version as bigint) desc) as newest
                from ({lake.rows_of(con, paths, COLUMNS)})
            )

            select distinct on (coalesce(our__stage, stage)) _file, _row, coalesce(our__stage, stage)
            from ranked
            where newest = 1 and _deleted = 'false' and _fault is null and _key is not null and _occurrence = '1'
            order by coalesce(our__stage, stage), cast(_row as bigint)
            """
        ).fetchall()
