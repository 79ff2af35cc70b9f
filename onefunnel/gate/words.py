"""Stage words of the data that the agreement does not know."""

from __future__ import annotations

import duckdb

from onefunnel import lake
from onefunnel.agreement import Agreement
from onefunnel.agreement.expand import words
from onefunnel.config import Sources
from onefunnel.errors import Stop
from onefunnel.home import Home


def unknown_deal_stages(home: Home, sources: Sources, agreement: Agreement) -> None:
    """Every stage a deal is in is open, won or lost by the agreement; else Stop names file, row and word."""
    known = {words(line.source_word) for line in agreement.rows["stages"] if line.entity == "deal"}
    con = duckdb.connect()
    for source in sources.sources:
        paths = lake.completed_files(home).get(source.name, {}).get("deals", [])
        columns = ["_file", "_row", "_key", "_occurrence", "_fault", "_deleted", "_version", "stage"]
        rows = con.execute(
            f"""
            select distinct on (stage) _file, _row, stage
            from (
                select *, row_number() over (partition by _key, _occurrence order by cast(_version as bigint) desc) as newest
                from ({lake.rows_of(con, paths, columns)})
            )
            where newest = 1 and _deleted = 'false' and _fault is null and _key is not null
            order by stage, cast(_row as bigint)
            """
        ).fetchall()
        for file, row, stage in rows:
            if words(stage) not in known:
                raise Stop(
                    "unknown_deal_stage",
                    f"{file}, row {row}, column stage: '{stage or ''}' is not in {agreement.folder.name}/stages.csv",
                    "add a row deal, <the word>, <our stage>, <order>, open|won|lost",
                )
