"""A tiny company's exports and the lake they are extracted into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from onefunnel import lake
from onefunnel.config import read_sources
from onefunnel.errors import Stop
from onefunnel.extract import extract
from onefunnel.home import Home

HEADER = "lead_id,created_at,company_name\n"
LEADS = HEADER + "L1,2025-01-01,Acme\nL2,2025-01-02,Bharat Pumps\nL3,2025-01-03,Cauvery\n"


class Place:
    """A folder with sources.yml and exports, and a home beside it."""

    def __init__(self, root: Path, *, entities: str = "{leads: leads.csv}", kind: str = "csv_folder", more: str = ""):
        self.root, self.exports, self.home = root, root / "exports", Home(root / "home")
        self.exports.mkdir(parents=True)
        self.at = datetime(2026, 4, 1, tzinfo=UTC)
        self.sources(f"  - {{name: crm, kind: {kind}, folder: exports, entities: {entities}{more}}}")

    def sources(self, text: str) -> None:
        (self.root / "sources.yml").write_text(f"sources:\n{text}\n", encoding="utf-8")

    def extract(self, text: str | bytes | None = None, file: str = "leads.csv") -> list:
        """Extract the first source, after writing the file; the clock goes on by an hour."""
        if text is not None:
            (self.exports / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.at += timedelta(hours=1)
        sources_file = self.root / "sources.yml"
        return extract(self.home, read_sources(sources_file).sources[0], sources_file, self.at)

    def stop(self, text: str | bytes | None = None, file: str = "leads.csv") -> Stop:
        """The Stop of this extraction: one line, something to do, and a lake as it was."""
        before = everything(self.home)
        with pytest.raises(Stop) as caught:
            self.extract(text, file)
        assert everything(self.home) == before
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 1500
        assert caught.value.do
        return caught.value

    def versions(self, entity: str = "leads", columns: str = "*") -> list[dict]:
        """Every version of the lake, oldest first."""
        files = lake.completed_files(self.home).get("crm", {}).get(entity, [])
        if not files:
            return []
        with duckdb.connect() as con:
            found = con.sql(
                f"select {columns} from read_parquet({lake.file_list(files)}, union_by_name = true) "
                "order by _key, cast(_occurrence as int), cast(_version as int)"
            )
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def current(self, entity: str = "leads") -> list[dict]:
        """The newest version of each record, without the deleted ones."""
        newest = {(row["_key"], row["_occurrence"]): row for row in self.versions(entity)}
        return [row for row in newest.values() if row["_deleted"] == "false"]

    def loads(self) -> list[str]:
        return lake.load_ids(self.home)


def everything(home: Home) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.lake.rglob("*")) if path.is_file()}


def names(rows: list[dict]) -> dict[str, str]:
    return {row["_key"]: row["company_name"] for row in rows}
