"""One company with stories and one without, generated once for all."""

from __future__ import annotations

import pytest

from onefunnel.sample import generate
from tests.sample_company.exports import SCALE


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """(folder, truth) of the company with its stories."""
    out = tmp_path_factory.mktemp("sample")
    return out, generate(out, seed=7, scale=SCALE)


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """(folder, truth) of a company where nothing special happens."""
    out = tmp_path_factory.mktemp("quiet")
    return out, generate(out, seed=7, scale=SCALE, stories=False)
