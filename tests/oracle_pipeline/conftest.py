"""The models' SQL, compiled once for all tests of the pipeline."""

from __future__ import annotations

import pytest

from tests.oracle_pipeline.models import compiled


@pytest.fixture(scope="session")
def sql(tmp_path_factory) -> dict[str, str]:
    return compiled(tmp_path_factory.mktemp("pipeline-dbt"))
