"""Fixtures that are dear and shared: the sample company at full size, once through the real DAG."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from functools import partial
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from onefunnel.sample import generate
from tests import support
from tests.places import Place

# pyspark takes a process whose main module has no file for one of its own doctests, and ends it
sys.modules["__main__"].__dict__.setdefault("__file__", __file__)

# the longest first, so that no process is left waiting for the other
LONG = [
    "tests/test_gate_mutations.py",
    "tests/spark/test_parity.py",
    "tests/test_resilience.py",
    "tests/feedback/test_digest_run.py",
    "tests/as_of/test_as_of.py",
    "tests/production/test_scheduled_run.py",
]
# folders whose conftest holds what is dear to make
OF_FOLDERS = ("tests/what_if/", "tests/oracle_pipeline/", "tests/sample_company/")
PREPARED = support.CHECKOUT / ".airflow"
ZOHO_PLACES = [os.environ.get("ZOHO_EXPORT"), support.CHECKOUT.parent / "shared/data/zoho_export"]


class TogetherWithWhatTheyShare(LoadScopeScheduling):
    """Tests that share dear fixtures stay in one process: those of a file, and those of a company tried in drafts."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> TogetherWithWhatTheyShare:
    return TogetherWithWhatTheyShare(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(_group(item.nodeid), len(LONG)))


def _group(nodeid: str) -> str:
    path = nodeid.split("::")[0]
    return path.rpartition("/")[0] if path.startswith(OF_FOLDERS) else path


def _made_once(tmp_path_factory, name: str, make: Callable[[Path], str]) -> tuple[Path, str]:
    """(folder, what make said of it): whichever process of the tests comes first makes it, and nobody changes it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    said = folder.with_suffix(".said")
    with open(folder.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        flock(lock, LOCK_EX)
        if not said.exists():
            # what a process left that failed in it
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            said.write_text(make(folder), encoding="utf-8")
    return folder, said.read_text(encoding="utf-8")


def _run(home: Path, **inputs) -> str:
    done = support.run(home, **inputs)
    assert done.returncode == 0, done.stdout
    return done.stdout


def _small(folder: Path) -> str:
    return str(generate(folder, seed=7, scale=0.04).stories)


@pytest.fixture(scope="session", autouse=True)
def airflow_of_this_process(tmp_path_factory):
    """Two processes that run the DAG have Airflow's metadata each for itself: it is one SQLite file."""
    with pytest.MonkeyPatch.context() as patch:
        if "PYTEST_XDIST_WORKER" in os.environ and PREPARED.is_dir():
            own = tmp_path_factory.mktemp("airflow") / "home"
            shutil.copytree(PREPARED, own, ignore=shutil.ignore_patterns("logs"))
            patch.setenv(support.AIRFLOW, str(own))
        yield


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
    example = support.CHECKOUT / "examples/zoho_export"
    inputs = {"sources": example / "sources.yml", "agreement": example / "agreement"}
    made = partial(_run, **inputs, env={"ZOHO_EXPORT": str(zoho_folder)})
    return _made_once(tmp_path_factory, "zoho-home", made)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """(home, output) of `make run` without any argument: the sample company at full size."""
    return _made_once(tmp_path_factory, "sample-home", _run)


@pytest.fixture(scope="session")
def small_exports(tmp_path_factory) -> Path:
    """The sample company's exports at a twenty-fifth of its size."""
    return _made_once(tmp_path_factory, "small-exports", _small)[0]


@pytest.fixture(scope="session")
def small_run(tmp_path_factory, small_exports):
    """(home, output) of an undisturbed run on the small exports."""
    made = partial(_run, sources=support.SAMPLE_SOURCES, env={"SAMPLE_EXPORT": str(small_exports)})
    return _made_once(tmp_path_factory, "small-home", made)


@pytest.fixture
def place(tmp_path) -> Place:
    """A tiny company of one source, with its own lake."""
    return Place(tmp_path)
