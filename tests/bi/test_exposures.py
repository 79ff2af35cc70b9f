"""dbt's exposures name exactly the tables that pages and dashboard read, as their own code says it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from bi.build import tables
from tests import support

MARTS = support.CHECKOUT / "dbt_project/models/marts"
PAGES = support.CHECKOUT / "onefunnel/pages"
# exposure -> how the modules of onefunnel/pages begin that write it
WRITERS = {"weekly_review": "review", "forecast_report": "forecast", "index_page": "index"}


def declared() -> dict[str, set[str]]:
    given = yaml.safe_load((MARTS / "exposures.yml").read_text(encoding="utf-8"))["exposures"]
    return {one["name"]: {re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in one["depends_on"]} for one in given}


def read_by(begin: str, pages: Path = PAGES) -> set[str]:
    """Tables named in the strings of a page's modules and of those they import from onefunnel.pages."""
    marts, found, seen = {path.stem for path in MARTS.rglob("*.sql")}, set(), set()
    todo = [path.stem for path in pages.glob(f"{begin}*.py")]
    while todo:
        name = todo.pop()
        if name in seen or not (pages / f"{name}.py").exists():
            continue
        seen.add(name)
        tree = ast.parse((pages / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"\bmetrics\.(\w+)", node.value))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("onefunnel.pages"):
                todo += [(node.module or "").rpartition(".")[2], *(alias.name for alias in node.names)]
    return found & marts


def test_the_dashboards_exposure_is_what_its_bundle_reads():
    assert declared()["superset_dashboard"] == set(tables())


def test_every_page_that_there_is_has_its_exposure_with_the_tables_that_it_reads():
    there = {name: read_by(begin) for name, begin in WRITERS.items() if (PAGES / f"{begin}.py").exists()}
    assert {name: refs for name, refs in declared().items() if name != "superset_dashboard"} == there
    assert all(there.values())


def test_a_tables_name_is_found_wherever_a_page_has_it(tmp_path):
    (tmp_path / "one.py").write_text("from onefunnel.pages import two\nA = f'select * from metrics.leads {two}'\n")
    (tmp_path / "two.py").write_text(
        "from onefunnel.pages.three import x\nB = 'join metrics.deals d, metrics.nothing'\n"
    )
    (tmp_path / "three.py").write_text("'''metrics.run_info'''\n")
    assert read_by("one", tmp_path) == {"leads", "deals", "run_info"}


def test_an_exposure_has_an_owner_and_no_persons_address():
    given = yaml.safe_load((MARTS / "exposures.yml").read_text(encoding="utf-8"))["exposures"]
    assert all(one["owner"] == {"name": "onefunnel's data team"} and one["description"] for one in given)
    assert "@" not in (MARTS / "exposures.yml").read_text(encoding="utf-8")
