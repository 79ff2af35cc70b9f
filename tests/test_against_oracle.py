"""The published credits and shared metrics of the small company are what the oracle computes from the same facts."""

from __future__ import annotations

import pytest

from tests.oracle import attribution, comparing, metrics, reading, touches


@pytest.fixture(scope="module")
def company(small_run):
    home, _ = small_run
    return reading.read(home / "warehouse" / "candidate.duckdb", home / "published" / "onefunnel.duckdb")


@pytest.fixture(scope="module")
def account_touches(company):
    return touches.account_touches(company)


@pytest.fixture(scope="module")
def published_file(small_run):
    return small_run[0] / "published" / "onefunnel.duckdb"


def test_touch_credit_is_the_oracles(company, account_touches, published_file):
    columns = comparing.CREDIT_KEYS + comparing.CREDIT_CELLS
    found = comparing.published(published_file, "touch_credit", columns)
    expected = attribution.touch_credit(company, account_touches)
    assert len(expected) > 1000, "the small company has credits"
    assert set(expected.model) == set(attribution.MODELS)
    differences = comparing.credit_differences(found, expected)
    assert not differences, f"\n{differences}"


def test_shared_metrics_are_the_oracles(company, account_touches, published_file):
    columns = [*comparing.METRIC_KEYS, *comparing.NUMBERS, "unit", "status"]
    found = comparing.published(published_file, "shared_metrics", columns, ("agreement_version",))
    expected = metrics.shared_metrics(company, account_touches)
    assert len(expected) > 100_000, "about 210 periods x 30 values x 33 metrics"
    differences = comparing.metric_differences(found, expected)
    assert not differences, f"\n{differences}"
