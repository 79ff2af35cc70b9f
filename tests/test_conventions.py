"""House rules that a machine can hold us to."""

from __future__ import annotations

import ast
import re
import subprocess

import duckdb
import pytest
import yaml

from tests import support

PROJECT = support.CHECKOUT / "dbt_project"
MODELS = sorted(PROJECT.glob("models/**/*.sql"))
MARTS = sorted(PROJECT.glob("models/marts/**/*.sql"))
ROOMS = ("onefunnel", "expectations")
PYTHON = sorted(path for room in ROOMS for path in (support.CHECKOUT / room).rglob("*.py"))
# what DuckDB and Spark do not both understand; engine.sql is the one place for the difference
NOT_PORTABLE = (
    r"\bqualify\b|\basof\b|arg_max|arg_min|max_by|min_by|group by all|order by all|\* exclude|\* except|"
    r"generate_series|\brange\(|unnest|extract\(dow|string_agg|try_strptime|try_cast|regexp_matches|epoch_us|timezone\("
)
RULE_TABLES = ("company_size", "industries_that_fit", "roles", "geography")


def _yml(pattern: str) -> list[dict]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in PROJECT.glob(pattern)]
    return [model for file in files for model in file.get("models", [])]


def test_the_libraries_are_the_locked_ones():
    assert duckdb.__version__ == "2.0.0", "another package pulled duckdb down; BI and dbt need the locked one"
    from onefunnel.home import CHECKOUT

    for name in ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock"):
        text = (CHECKOUT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text and "://" not in text, name


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_models_keep_to_the_portable_part_of_sql(path):
    lines = [re.sub(r"--.*", "", line) for line in path.read_text(encoding="utf-8").splitlines()]
    text = re.sub(r"{#.*?#}", "", "\n".join(lines), flags=re.S)
    assert not re.findall(NOT_PORTABLE, text, flags=re.I)
    assert len(lines) <= 170, "a longer model is asking for a name"


def test_the_qualification_rules_are_read_in_one_place():
    texts = {path: path.read_text(encoding="utf-8") for path in [*MODELS, *PROJECT.glob("macros/*.sql")]}
    readers = {
        path.name for path, text in texts.items() for table in RULE_TABLES if f"source('agreement', '{table}')" in text
    }
    assert readers == {"qualification.sql"}
    judges = {path.stem for path in MODELS if "judged_by(" in texts[path]}
    assert judges == {"int_qualification", "int_what_if_verdicts"}


def test_every_mart_has_a_contract_and_says_what_one_row_is():
    described = {model["name"]: model for model in _yml("models/marts/**/*.yml")}
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["models"]["onefunnel"]["marts"]["+contract"] == {"enforced": "{{ target.type == 'duckdb' }}"}
    assert set(described) == {path.stem for path in MARTS}
    for name, model in described.items():
        assert re.search(r"One row per [^.]+\.$", model["description"].strip()), name
        assert "contract" not in model.get("config", {}), f"{name}: dbt_project.yml enforces it for all"
        assert all(column.get("description") for column in model["columns"]), name


def test_published_columns_carry_the_suffix_of_what_they_are():
    for model in _yml("models/marts/**/*.yml"):
        for column in model["columns"]:
            name, kind = column["name"], column["data_type"]
            assert kind.startswith("timestamp") == name.endswith("_at"), (model["name"], name)
            assert (kind == "date") == (name.endswith("_on") and name != "judged_on"), (model["name"], name)
            assert (kind == "decimal(18,2)") == name.endswith("_amount"), (model["name"], name)
            if kind == "boolean":
                assert name.startswith(("is_", "has_")) or name.endswith(("_fits", "_met")), (model["name"], name)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_modules_and_functions_stay_short_and_say_what_they_do(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what it is in one sentence"
    assert len(text.splitlines()) <= 300
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


def test_nothing_generated_and_no_machine_path_is_tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=support.CHECKOUT, capture_output=True, text=True, check=True)
    tracked = listed.stdout.split("\n")
    assert not [name for name in tracked if re.search(r"\.(duckdb|wal|parquet|db|pyc|log)$|(^|/)(target|logs)/", name)]
