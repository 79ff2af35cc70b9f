"""The DAG as Airflow reads it, and the house rules of dags/."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from itertools import pairwise

import pytest

from onefunnel.run import airflow_environment
from tests import support

DAGS = support.CHECKOUT / "dags"
SCRIPT = """
import json
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(dag_folder={folder!r})
told = {{"errors": {{str(k): str(v) for k, v in bag.import_errors.items()}}, "dags": {{}}}}
for name, dag in bag.dags.items():
    told["dags"][name] = {{
        "doc": dag.doc_md, "zone": str(dag.timezone), "catchup": dag.catchup, "active": dag.max_active_runs,
        "schedule": str(dag.schedule),
        "tasks": [
            {{"id": t.task_id, "shown": t.task_display_name, "retries": t.retries, "mapped": t.is_mapped,
              "calls_back": bool(t.on_failure_callback),
              "after": sorted(t.upstream_task_ids)}} for t in dag.tasks
        ],
    }}
print("RESULT" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def bag():
    """What Airflow's own DagBag says of dags/, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(folder=str(DAGS))],
        env=support.environment(**airflow_environment()),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.split("RESULT")[1])


def test_every_dag_loads_and_tells_what_it_delivers_and_what_to_do_when_it_fails(bag):
    assert not bag["errors"]
    assert bag["dags"]
    for dag in bag["dags"].values():
        assert "What it delivers" in dag["doc"] and "When it fails" in dag["doc"]


def test_the_daily_dag_runs_every_morning_in_india_without_overlap_or_catch_up(bag):
    dag = bag["dags"]["onefunnel_daily"]
    assert (dag["zone"], dag["catchup"], dag["active"]) == ("Asia/Kolkata", False, 1)
    assert dag["schedule"] == "0 6 * * *"
    assert all(task["retries"] >= 1 and task["calls_back"] for task in dag["tasks"])


def test_the_steps_come_in_order_with_names_that_a_business_user_understands(bag):
    tasks = {task["id"]: task for task in bag["dags"]["onefunnel_daily"]["tasks"]}
    assert tasks["extract"]["mapped"]
    order = ["extract", "check_landed", "load_agreement", "build", "gate", "publish", "show_objections"]
    for before, after in pairwise(order):
        assert before in tasks[after]["after"], (before, after)
    assert "publish" in tasks["freeze_forecast"]["after"], "only what was published is kept"
    assert "publish" in tasks["publish_postgres"]["after"], "only what passed the gate reaches PostgreSQL"
    for task in tasks.values():
        assert task["shown"] != task["id"] and "_" not in task["shown"]


def test_a_dag_file_says_when_and_in_what_order_and_nothing_else():
    for path in DAGS.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        imported = {
            (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported <= {"__future__", "datetime", "pendulum", "airflow", "onefunnel"}, path.name
        assert len(text.splitlines()) <= 90, path.name
        assert "select " not in text.lower().split('"""')[-1], path.name
        assert not path.name.startswith("dbt_"), "dbt imports every module named dbt_*"
