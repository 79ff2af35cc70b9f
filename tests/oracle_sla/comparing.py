"""A published table against the oracle's rows: which rows and cells differ, the first ten of each column."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from tests.oracle.days import EPOCH, MICROSECOND
from tests.oracle.reading import read_table

RELATIVE, SHOWN = 1e-12, 10
EXACT = (bool, str, Decimal)


def published(path: Path, table: str) -> list[dict]:
    """The rows of a table of the schema metrics; instants are microseconds, dates ordinals."""
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        known = "select table_name from information_schema.tables where table_schema = 'metrics'"
        tables = sorted(row[0] for row in con.execute(known).fetchall())
        assert table in tables, f"there is no table metrics.{table}, only {', '.join(tables)}"
        columns = [row[0] for row in con.execute(f"describe metrics.{table}").fetchall()]
        frame = read_table(con, f"metrics.{table}", columns)
    return [dict(zip(columns, row)) for row in frame.itertuples(index=False, name=None)]


def differences(found: list[dict], expected: list[dict], keys: list[str], scale: float = 0) -> str:
    """'' when the published rows hold what the oracle expects in every column that it names.

    scale: of what shares and coefficients are, 1: their ends are differences, and may lie near zero.
    """
    columns = list(expected[0]) if expected else keys
    lacking = [name for name in columns if found and name not in found[0]]
    if set(lacking) & set(keys):
        return f"the published table has no column {lacking}, only {sorted(found[0])}"
    said = [f"the published table has no column {name}" for name in lacking]
    theirs, ours = by_key(found, keys, "the published table"), by_key(expected, keys, "the oracle")
    said += missing_rows(ours.keys() - theirs.keys(), ours, "rows are missing in the published table")
    said += missing_rows(theirs.keys() - ours.keys(), theirs, "published rows are not expected")
    wrong = defaultdict(list)
    for key in sorted(ours.keys() & theirs.keys(), key=repr):
        for name in columns:
            if name not in lacking and not same(theirs[key][name], ours[key][name], scale):
                pair = [shown(name, side[key][name]) for side in (ours, theirs)]
                wrong[name].append(f"  {named(keys, key)}: expected {pair[0]}, published {pair[1]}")
    for name, rows in wrong.items():
        said.append("\n".join([f"{name}: {len(rows)} of {len(ours)} rows differ", *rows[:SHOWN]]))
    return "\n".join(said)


def by_key(rows: list[dict], keys: list[str], whose: str) -> dict[tuple, dict]:
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows), f"{whose} has {len(rows) - len(found)} rows with the key of another ({keys})"
    return found


def missing_rows(lost: set, rows: dict, what: str) -> list[str]:
    first = [f"  {', '.join(f'{n}={shown(n, v)}' for n, v in rows[key].items())}" for key in sorted(lost, key=repr)]
    return ["\n".join([f"{len(lost)} {what}", *first[:SHOWN]])] if lost else []


def same(one, other, scale: float = 0) -> bool:
    """Equal and of a kind; doubles within 1e-12 of the larger, or of the scale; nothing equals only nothing."""
    if one is None or other is None or isinstance(one, EXACT) or isinstance(other, EXACT):
        return type(one) is type(other) and one == other
    return abs(one - other) <= RELATIVE * max(abs(one), abs(other), scale)


def shown(name: str, value) -> str:
    """Instants and days as people write them."""
    if value is not None and name.endswith("_at"):
        return f"{EPOCH + value * MICROSECOND:%Y-%m-%dT%H:%M:%S.%fZ}"
    if value is not None and name.endswith("_on"):
        return date.fromordinal(value).isoformat()
    return repr(value)


def named(keys: list[str], key: tuple) -> str:
    return " ".join(shown(name, value) for name, value in zip(keys, key))
