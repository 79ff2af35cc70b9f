"""Fixtures that are dear and shared: the sample company at full size, once through the real DAG."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from onefunnel.sample import generate
from tests import support
from tests.places import Place

ZOHO_PLACES = [os.environ.get("ZOHO_EXPORT"), support.CHECKOUT.parent / "shared/data/zoho_export"]


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
