"""The numbers of each chart, counted from the published DuckDB file without Superset or PostgreSQL."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime

from bi.build import measures
from bi.charts import EXTRA_COLUMNS, Chart

SIGNS = {"==": "=", "!=": "<>"}


def expected(con, chart: Chart, unit: str) -> dict[tuple, dict[str, float | None]]:
    """Key (values of x and by, in that order) -> measure -> number."""
    keys = [*([chart.x] if chart.x else []), *chart.by]
    listed = [EXTRA_COLUMNS.get((chart.table, key), key) for key in keys]
    told = measures(chart, unit)
    sums = [f'cast({text} as double) as "{label}"' for label, text in told.items()]
    where = " and ".join(_condition(*condition) for condition in chart.where) or "true"
    group = f"group by {', '.join(str(place + 1) for place in range(len(keys)))}" if keys else ""
    rows = con.execute(
        f"select {', '.join([*listed, *sums])} from metrics.{chart.table} where {where} {group}"
    ).fetchall()
    return {
        tuple(str(cell) for cell in row[: len(keys)]): dict(zip(told, row[len(keys) :], strict=True)) for row in rows
    }


def _condition(column: str, sign: str, value) -> str:
    def shown(one) -> str:
        return str(one).lower() if isinstance(one, bool) else "'" + str(one).replace("'", "''") + "'"

    if sign == "IN":
        return f"{column} in ({', '.join(shown(one) for one in value)})"
    return f"{column} {SIGNS[sign]} {shown(value)}"


def sent(chart: Chart, rows: list[dict], unit: str) -> dict[tuple, dict[str, float | None]]:
    """What Superset sent in the same shape; it spreads series over columns ('series' or 'measure, series')."""
    told = list(measures(chart, unit))
    found: dict[tuple, dict[str, float | None]] = {}
    for row in rows:
        if not chart.x:
            key = tuple(str(row[name]) for name in chart.by)
            found[key] = {label: _number(row[label]) for label in told}
            continue
        x = _x(row[chart.x])
        for column, value in row.items():
            if column == chart.x:
                continue
            if chart.by:
                series = column.removeprefix(f"{told[0]}, ")
                found.setdefault((x, series), {})[told[0]] = _number(value)
            else:
                found.setdefault((x,), {})[column] = _number(value)
    return found


def _x(value) -> str:
    """An instant in milliseconds is the day that it stands for."""
    if isinstance(value, int | float):
        return str(datetime.fromtimestamp(value / 1000, UTC).date())
    return str(value)


def _number(value) -> float | None:
    return None if value is None else float(value)


def differences(ours: dict, theirs: dict) -> Iterator[str]:
    """Each number that is not the same; a series without a row at some x is nothing or 0 there."""
    for key in ours.keys() | theirs.keys():
        for label in ours.get(key, {}).keys() | theirs.get(key, {}).keys():
            one, other = ours.get(key, {}).get(label), theirs.get(key, {}).get(label)
            if one is None or other is None:
                if (one or other) is not None:
                    yield f"{key} {label}: {one} in the table, {other} sent"
            elif not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
                yield f"{key} {label}: {one} in the table, {other} sent"
