"""What onefunnel itself did, as a load of the lake under its own name: the next run reads it like any other source."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from onefunnel import lake
from onefunnel.home import Home
from onefunnel.sources import own


def record(home: Home, entity: str, rows: list[dict[str, str | None]], file: str) -> None:
    """Append the rows (our columns and _key, all text) as one load; nothing counts before all of it is there."""
    fixed = {
        "_source": own.NAME,
        "_ids_of": own.NAME,
        "_kind": "own",
        "_occurrence": "1",
        "_version": "1",
        "_deleted": "false",
        "_loaded_at": datetime.now(UTC).isoformat(),
        "_file": file,
        "_timezone": "UTC",
        "_day_first": "false",
    }
    told = [fixed | {"_row": str(number)} | row for number, row in enumerate(rows, start=1)]
    columns = [*lake.META, *own.lake_columns(entity)]
    table = pa.table({name: pa.array([row.get(name) for row in told], pa.string()) for name in columns})
    lake.append(home, own.NAME, {entity: lambda: iter([table])})
