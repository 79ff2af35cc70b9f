"""python -m bi.build FILE.zip: the dashboard of charts.py as a bundle that Apache Superset 6 imports.

Ids are made of names, so that a newer bundle changes the dashboard that is there instead of adding one. The metadata
names no type: then Superset takes the bundle both as a dashboard (new) and as assets (all that is there is renewed).
"""

from __future__ import annotations

import argparse
import re
import uuid
import zipfile
from pathlib import Path

import yaml

from bi.charts import CHARTS, COLOURS, EXTRA_COLUMNS, MONEY, NUMBER, TABS, Chart

CHECKOUT = Path(__file__).resolve().parent.parent
SPACE = uuid.UUID("5f0e6f2a-7d3c-4c64-9d3b-0a6d6e1f0b21")
# the mask tells Superset to ask for the password while importing
ADDRESS = "postgresql+psycopg2://bi:XXXXXXXXXX@localhost:5432/onefunnel"
UNITS = {"crore": 10_000_000, "lakh": 100_000, "million": 1_000_000, "1": 1}
KINDS = {
    "line": "echarts_timeseries_line",
    "bar": "echarts_timeseries_bar",
    "stacked": "echarts_timeseries_bar",
    "table": "table",
    "number": "big_number_total",
}
TYPES = {"varchar": "TEXT", "boolean": "BOOLEAN", "date": "DATE", "timestamp with time zone": "TIMESTAMPTZ"}
SUPERSET = "1.0.0"  # version of its file format


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--address", default=ADDRESS, help="SQLAlchemy address of PostgreSQL, by a reader's login")
    parser.add_argument("--schema", default="metrics")
    parser.add_argument("--unit", choices=UNITS, default="crore", help="in which money is shown")
    told = parser.parse_args()
    write_bundle(told.file, told.address, told.schema, told.unit)
    print(f"{told.file}: {len(CHARTS)} charts of {len(tables())} tables")


def write_bundle(file: Path, address: str = ADDRESS, schema: str = "metrics", unit: str = "crore") -> None:
    """The zip holds one database, its datasets, the charts and the dashboard."""
    parts = {
        "metadata.yaml": {"version": SUPERSET, "timestamp": "2026-01-01T00:00:00+00:00"},
        "databases/onefunnel.yaml": _database(address),
        "dashboards/onefunnel.yaml": _dashboard(unit),
    }
    described = _descriptions()
    for table in tables():
        parts[f"datasets/onefunnel/{table}.yaml"] = _dataset(table, schema, described[table])
    for chart in CHARTS:
        parts[f"charts/{_slug(chart.name)}.yaml"] = _chart(chart, unit)
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in parts.items():
            bundle.writestr(
                f"onefunnel/{name}", yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
            )


def tables() -> list[str]:
    """The published tables that the dashboard reads."""
    return sorted({chart.table for chart in CHARTS})


def measures(chart: Chart, unit: str) -> dict[str, str]:
    """Label -> SQL of each measure, money in the unit; its label says so."""
    return {
        f"{label}, {unit}" if "{unit}" in text and unit != "1" else label: text.format(unit=f"{UNITS[unit]}.0")
        for label, text in chart.measures.items()
    }


def _descriptions() -> dict[str, dict]:
    """Table -> its model in the dbt project, which describes it and its columns."""
    files = (CHECKOUT / "dbt_project/models/marts").rglob("_*.yml")
    models = [
        model
        for file in files
        for model in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", [])
    ]
    return {model["name"]: model for model in models}


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(SPACE, f"{kind} {name}"))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _database(address: str) -> dict:
    return {
        "database_name": "onefunnel",
        "sqlalchemy_uri": address,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"allows_virtual_table_explore": True, "schemas_allowed_for_file_upload": []},
        "uuid": _id("database", "onefunnel"),
        "version": SUPERSET,
    }


def _dataset(table: str, schema: str, model: dict) -> dict:
    columns = [
        {
            "column_name": column["name"],
            "type": TYPES.get(column["data_type"], column["data_type"].upper()),
            "is_dttm": column["data_type"] == "date" or column["data_type"].startswith("timestamp"),
            "groupby": True,
            "filterable": True,
            "description": column["description"].strip(),
        }
        for column in model["columns"]
    ]
    columns += [
        {"column_name": name, "type": "TEXT", "expression": text, "groupby": True, "filterable": True}
        for (of, name), text in EXTRA_COLUMNS.items()
        if of == table
    ]
    return {
        "table_name": table,
        "schema": schema,
        "description": model["description"].strip(),
        "main_dttm_col": None,
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "columns": columns,
        "uuid": _id("dataset", table),
        "database_uuid": _id("database", "onefunnel"),
        "version": SUPERSET,
    }


def _chart(chart: Chart, unit: str) -> dict:
    return {
        "slice_name": chart.name,
        "description": chart.told or None,
        "viz_type": KINDS[chart.kind],
        "params": _params(chart, unit),
        "cache_timeout": None,
        "uuid": _id("chart", chart.name),
        "dataset_uuid": _id("dataset", chart.table),
        "version": SUPERSET,
    }


def _params(chart: Chart, unit: str) -> dict:
    metrics = [
        {"expressionType": "SQL", "sqlExpression": text, "label": label, "hasCustomLabel": True, "optionName": label}
        for label, text in measures(chart, unit).items()
    ]
    params = {
        "viz_type": KINDS[chart.kind],
        "adhoc_filters": [
            {"expressionType": "SIMPLE", "clause": "WHERE", "subject": column, "operator": sign, "comparator": value}
            for column, sign, value in chart.where
        ],
        "time_range": "No filter",
        "row_limit": 10000,
    }
    if chart.kind == "number":
        sizes = {"header_font_size": 0.4, "subheader_font_size": 0.15, "subtitle_font_size": 0.15}
        told = {"subtitle": metrics[0]["label"], "y_axis_format": chart.form}
        return params | {"metric": metrics[0]} | told | sizes
    if chart.kind == "table":
        formats = {metric["label"]: {"d3NumberFormat": _form(chart, metric["label"])} for metric in metrics}
        ordered = next((metric for metric in metrics if metric["label"].split(",")[0] == chart.order), None)
        return params | {
            "query_mode": "aggregate",
            "groupby": list(chart.by),
            "metrics": metrics,
            "timeseries_limit_metric": ordered,
            "order_desc": True,
            "show_cell_bars": False,
            "column_config": formats,
        }
    is_words = not (chart.x or "").endswith("_on")
    return params | {
        "x_axis": chart.x,
        "time_grain_sqla": None,
        "metrics": metrics,
        "groupby": list(chart.by),
        "stack": "Stack" if chart.kind == "stacked" else None,
        "y_axis_format": chart.form,
        "y_axis_title": metrics[0]["label"] if len(metrics) == 1 else unit if chart.form == MONEY else "",
        "y_axis_title_margin": 55,
        "y_axis_title_position": "Left",
        "truncateYAxis": chart.top is not None,
        "y_axis_bounds": [0, chart.top] if chart.top is not None else [None, None],
        "x_axis_time_format": "%d %b %Y",
        "x_axis_sort": chart.x,
        "x_axis_sort_asc": True,
        "xAxisForceCategorical": is_words,
        "xAxisLabelRotation": 45 if is_words else 0,
        "xAxisLabelInterval": "0" if is_words else "auto",
        "truncate_metric": True,
        "show_empty_columns": True,
        "show_legend": True,
        "legendType": "scroll",
        "rich_tooltip": True,
        "sort_series_type": "name",
        "sort_series_ascending": True,
        "color_scheme": "supersetColors",
    }


def _form(chart: Chart, label: str) -> str:
    """Counts beside money are counts."""
    return chart.form if chart.form != MONEY or "," in label or label == "return" else NUMBER


def _dashboard(unit: str) -> dict:
    position: dict = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["TABS-all"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": "onefunnel"}},
        "TABS-all": _place("TABS", "TABS-all", [f"TAB-{tab}" for tab in TABS], ["ROOT_ID"], {}),
    }
    for tab in TABS:
        parents = ["ROOT_ID", "TABS-all", f"TAB-{tab}"]
        rows = _rows([chart for chart in CHARTS if chart.tab == tab])
        names = [f"ROW-{tab}-{number}" for number in range(len(rows))]
        position[f"TAB-{tab}"] = _place("TAB", f"TAB-{tab}", names, parents[:2], {"text": tab})
        for name, charts in zip(names, rows, strict=True):
            keys = [f"CHART-{_id('chart', chart.name)}" for chart in charts]
            position[name] = _place("ROW", name, keys, parents, {"background": "BACKGROUND_TRANSPARENT"})
            for key, chart in zip(keys, charts, strict=True):
                meta = {"uuid": _id("chart", chart.name), "width": chart.width, "height": chart.height, "chartId": 0}
                position[key] = _place("CHART", key, [], [*parents, name], meta | {"sliceName": chart.name})
    return {
        "dashboard_title": "onefunnel",
        "description": f"The shared funnel, attribution, both SLAs, pipeline and forecast. Money in {unit}.",
        "css": "",
        "slug": "onefunnel",
        "published": True,
        "uuid": _id("dashboard", "onefunnel"),
        "position": position,
        "metadata": {"color_scheme": "supersetColors", "refresh_frequency": 0, "cross_filters_enabled": False}
        | {"label_colors": {label.format(unit=unit): colour for label, colour in COLOURS.items()}},
        "version": SUPERSET,
    }


def _place(kind: str, key: str, children: list[str], parents: list[str], meta: dict) -> dict:
    return {"type": kind, "id": key, "children": children, "parents": parents, "meta": meta}


def _rows(charts: list[Chart]) -> list[list[Chart]]:
    """Charts in their order, each row up to twelve columns wide."""
    rows: list[list[Chart]] = []
    for chart in charts:
        if not rows or sum(other.width for other in rows[-1]) + chart.width > 12:
            rows.append([])
        rows[-1].append(chart)
    return rows


if __name__ == "__main__":
    main()
