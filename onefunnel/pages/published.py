"""The published tables as a page reads them: one version, opened once, in UTC, as rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import duckdb

from onefunnel.errors import Stop
from onefunnel.home import Home


@dataclass(frozen=True)
class Published:
    """One published version: rows(sql, parameters) are dicts; facts is its row of run_info."""

    con: duckdb.DuckDBPyConnection
    facts: dict

    def rows(self, sql: str, parameters: list | None = None) -> list[dict]:
        """What the query gives, a dict a row, in its order."""
        return _rows(self.con, sql, parameters)

    @property
    def currency(self) -> str:
        return self.facts["reporting_currency"]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts["timezone"])

    @property
    def as_of_at(self) -> datetime:
        return self.facts["as_of_at"]

    @property
    def as_of_on(self) -> date:
        """The company's local day of AS_OF."""
        return self.as_of_at.astimezone(self.zone).date()


@contextmanager
def opened(home: Home):
    """The version that is published now, for as long as it is read; Stop where nothing has been published yet."""
    path = home.published / "onefunnel.duckdb"
    if not path.exists():
        raise Stop("nothing_published", f"{path} is not there", "run the pipeline first: make run, or onefunnel_daily")
    # the symlink is followed once: a publication meanwhile changes nothing of what is read
    with duckdb.connect(str(path.resolve()), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        yield Published(con, _rows(con, "select * from metrics.run_info")[0])


def _rows(con, sql: str, parameters: list | None = None) -> list[dict]:
    found = con.execute(sql, parameters or [])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
