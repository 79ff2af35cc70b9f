"""Fixtures that are dear and shared: the sample company at full size, once through the real DAG."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from xdist.scheduler import LoadScopeScheduling

from onefunnel.sample import generate
from tests import support
from tests.places import Place

# pyspark takes a process whose main module has no file for one of its own doctests, and ends it
sys.modules["__main__"].__dict__.setdefault("__file__", __file__)

# what runs the DAG in this checkout shares its Airflow metadata, which is one SQLite file: one process tests it all
RUNS = re.compile(r"\b(sample_run|small_run|zoho_run|support\.run|support\.command)\b")
# the longest first, so that no process is left waiting for the other
MUTATIONS = "tests/test_gate_mutations.py"
LONG = ["runs", *(f"{MUTATIONS} {part}" for part in range(3)), "tests/production/test_scheduled_run.py"]
ZOHO_PLACES = [os.environ.get("ZOHO_EXPORT"), support.CHECKOUT.parent / "shared/data/zoho_export"]


class TogetherWithWhatTheyShare(LoadScopeScheduling):
    """Tests that share dear fixtures stay in one process: those of a file, and all that run the DAG."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> TogetherWithWhatTheyShare:
    return TogetherWithWhatTheyShare(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(_group(item.nodeid), len(LONG)))


@cache
def _of_file(path: str) -> str:
    return "runs" if RUNS.search((support.CHECKOUT / path).read_text(encoding="utf-8")) else path


def _group(nodeid: str) -> str:
    path = nodeid.split("::")[0]
    # half of all the time: dealt out in parts, each of which builds the company once
    return f"{path} {crc32(nodeid.encode()) % 3}" if path == MUTATIONS else _of_file(path)


@pytest.fixture(scope="session")
def zoho_folder() -> Path:
    """The real export, which is not ours to ship."""
    for place in ZOHO_PLACES:
        if place and Path(place).is_dir():
            return Path(place).resolve()
    pytest.skip("no Zoho export at hand: set ZOHO_EXPORT to its folder")


@pytest.fixture(scope="session")
def zoho_run(zoho_folder, tmp_path_factory):
    """(home, output) of `make run` on the real export with the example's settings and agreement."""
    home, example = tmp_path_factory.mktemp("zoho-home"), support.CHECKOUT / "examples/zoho_export"
    done = support.run(
        home, sources=example / "sources.yml", agreement=example / "agreement", env={"ZOHO_EXPORT": str(zoho_folder)}
    )
    assert done.returncode == 0, done.stdout
    return home, done.stdout


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """(home, output) of `make run` without any argument: the sample company at full size."""
    home = tmp_path_factory.mktemp("sample-home")
    done = support.run(home)
    assert done.returncode == 0, done.stdout
    return home, done.stdout


@pytest.fixture(scope="session")
def small_exports(tmp_path_factory) -> Path:
    """The sample company's exports at a twenty-fifth of its size."""
    folder = tmp_path_factory.mktemp("small-exports")
    generate(folder, seed=7, scale=0.04)
    return folder


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, small_exports):
    """(home, output) of an undisturbed run on the small exports."""
    home = tmp_path_factory.mktemp("small-home")
    done = support.run(home, sources=support.SAMPLE_SOURCES, env={"SAMPLE_EXPORT": str(small_exports)})
    assert done.returncode == 0, done.stdout
    return home, done.stdout


@pytest.fixture
def place(tmp_path) -> Place:
    """A tiny company of one source, with its own lake."""
    return Place(tmp_path)
