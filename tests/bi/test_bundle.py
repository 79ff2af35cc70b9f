"""The bundle for Superset, as far as it can be judged without one; `make test-bi` opens it in a real one."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import duckdb
import pytest
import yaml

from bi.build import ADDRESS, UNITS, tables, write_bundle
from bi.charts import CHARTS, EXTRA_COLUMNS, TABS
from tests import support
from tests.bi.numbers import differences, expected, sent


@pytest.fixture(scope="module")
def models() -> dict[str, dict]:
    files = (support.CHECKOUT / "dbt_project/models/marts").rglob("_*.yml")
    listed = [
        model
        for file in files
        for model in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader).get("models", [])
    ]
    return {model["name"]: model for model in listed}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> dict[str, dict]:
    """Path in the zip -> what is in it."""
    file = tmp_path_factory.mktemp("bundle") / "onefunnel.zip"
    write_bundle(file)
    with zipfile.ZipFile(file) as packed:
        return {
            name.removeprefix("onefunnel/"): yaml.load(packed.read(name), yaml.CSafeLoader)
            for name in packed.namelist()
        }


def test_every_chart_can_be_counted_from_columns_that_are_published(models):
    with duckdb.connect() as con:
        con.execute("create schema metrics")
        for name in tables():
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in models[name]["columns"])
            con.execute(f"create table metrics.{name} ({columns})")
        for chart in CHARTS:
            for unit in UNITS:
                found = expected(con, chart, unit)
                assert (len(found) == 1) == (not chart.x and not chart.by), chart.name


def test_the_parts_of_the_bundle_know_each_other(bundle):
    ids = {content["uuid"]: path for path, content in bundle.items() if "uuid" in content}
    assert len(ids) == len(bundle) - 1, "each has an id of its own, but metadata.yaml"
    charts = {content["uuid"]: content for path, content in bundle.items() if path.startswith("charts/")}
    assert {ids[chart["dataset_uuid"]].split("/")[0] for chart in charts.values()} == {"datasets"}
    for path, content in bundle.items():
        if path.startswith("datasets/"):
            assert ids[content["database_uuid"]] == "databases/onefunnel.yaml"
    places = bundle["dashboards/onefunnel.yaml"]["position"]
    placed = [
        place["meta"]["uuid"] for place in places.values() if isinstance(place, dict) and place["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(charts) and len(CHARTS) == len(charts)
    assert [places[f"TAB-{tab}"]["meta"]["text"] for tab in TABS] == list(TABS)
    for place in places.values():
        if isinstance(place, dict) and place["type"] == "ROW":
            assert sum(places[child]["meta"]["width"] for child in place["children"]) <= 12


def test_tables_and_columns_are_described_in_superset_as_in_dbt(bundle, models):
    for name in tables():
        dataset = bundle[f"datasets/onefunnel/{name}.yaml"]
        assert dataset["schema"] == "metrics" and dataset["description"] == models[name]["description"].strip()
        own = {column: None for of, column in EXTRA_COLUMNS if of == name}
        told = {column["column_name"]: column.get("description") for column in dataset["columns"]}
        assert told == {c["name"]: c["description"].strip() for c in models[name]["columns"]} | own


def test_nothing_can_be_written_through_it_and_no_password_is_in_it(bundle):
    database = bundle["databases/onefunnel.yaml"]
    assert not database["allow_dml"] and not database["allow_ctas"] and not database["allow_cvas"]
    assert database["sqlalchemy_uri"] == ADDRESS and ":XXXXXXXXXX@" in ADDRESS, "Superset asks for it"


def test_a_newer_bundle_has_the_same_ids(tmp_path):
    """Importing it changes the dashboard that is there; its money may be in another unit."""
    command = [sys.executable, "-m", "bi.build", tmp_path / "b.zip", "--unit", "million", "--schema", "shared"]
    subprocess.run(command, check=True, cwd=support.CHECKOUT, capture_output=True)
    write_bundle(tmp_path / "a.zip")
    read = []
    for name in ("a.zip", "b.zip"):
        with zipfile.ZipFile(tmp_path / name) as packed:
            read.append({path: yaml.load(packed.read(path), yaml.CSafeLoader) for path in packed.namelist()})
    ids = [{path: content.get("uuid") for path, content in one.items()} for one in read]
    assert ids[0] == ids[1]
    pace = "onefunnel/charts/pipeline_generated_per_week_by_source.yaml"
    assert read[1][pace]["params"]["metrics"][0]["label"] == "generated, million"
    assert read[1]["onefunnel/datasets/onefunnel/leads.yaml"]["schema"] == "shared"


def test_a_number_that_is_not_the_tables_is_told():
    """What make test-bi judges by: rows as Superset sends them, days as instants, one column a series."""
    chart = next(chart for chart in CHARTS if chart.name == "Entered each stage, per week")
    ours = {("2026-03-30", "lead"): {"entered": 7.0}, ("2026-03-30", "won"): {"entered": 1.0}}
    day = 1774828800000  # 2026-03-30T00:00:00Z
    assert not list(differences(ours, sent(chart, [{"week_start_on": day, "lead": 7, "won": 1, "mql": None}], "crore")))
    for row in ({"lead": 8, "won": 1}, {"lead": 7}, {"lead": 7, "won": 1, "mql": 2}, {"lead": 1, "won": 7}):
        assert list(differences(ours, sent(chart, [{"week_start_on": day, **row}], "crore"))), row
    assert list(differences(ours, sent(chart, [{"week_start_on": day - 86400000, "lead": 7, "won": 1}], "crore")))
