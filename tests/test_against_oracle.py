"""The published credits and shared metrics of the small company are what the oracle computes from the same facts."""

from __future__ import annotations

import shutil

import pytest

from tests import support
from tests.oracle import attribution, comparing, metrics, reading, touches
from tests.trial import built

# the sample's own agreement, and one that chooses otherwise wherever it can
OTHERWISE = {
    "revenue_basis": "invoices",
    "deal_types_in_scope": "new",
    "marketing_sourced_rule": "any_touch",
    "invoice_statuses_not_counted": "cancelled; overdue",
    "maturity_days": "45",
    "fiscal_year_start_month": "1",
    "clv_prior_years": "3",
}


@pytest.fixture(scope="module", params=["as agreed", "otherwise"])
def files(request, tmp_path_factory):
    """(candidate, file with the schema metrics) of the small company under either agreement."""
    if request.param == "as agreed":
        home, _ = request.getfixturevalue("small_run")
        return home / "warehouse" / "candidate.duckdb", home / "published" / "onefunnel.duckdb"
    folder = tmp_path_factory.mktemp("otherwise")
    agreement = shutil.copytree(support.CHECKOUT / "agreement", folder / "agreement")
    lines = (agreement / "settings.csv").read_text(encoding="utf-8").splitlines()
    names = [line.split(",")[0] for line in lines]
    lines = [f"{n},{OTHERWISE[n]}," if n in OTHERWISE else line for n, line in zip(names, lines, strict=True)]
    (agreement / "settings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", "")
        home = built(folder, request.getfixturevalue("small_exports"), agreement)
    return home.candidate, home.candidate


@pytest.fixture(scope="module")
def company(files):
    return reading.read(*files)


@pytest.fixture(scope="module")
def account_touches(company):
    return touches.account_touches(company)


def test_touch_credit_is_the_oracles(company, account_touches, files):
    columns = comparing.CREDIT_KEYS + comparing.CREDIT_CELLS
    found = comparing.published(files[1], "touch_credit", columns)
    expected = attribution.touch_credit(company, account_touches)
    assert len(expected) > 1000, "the small company has credits"
    assert set(expected.model) == set(attribution.MODELS)
    differences = comparing.credit_differences(found, expected)
    assert not differences, f"\n{differences}"


def test_shared_metrics_are_the_oracles(company, account_touches, files):
    columns = [*comparing.METRIC_KEYS, *comparing.NUMBERS, "unit", "status"]
    found = comparing.published(files[1], "shared_metrics", columns, ("agreement_version",))
    expected = metrics.shared_metrics(company, account_touches)
    assert len(expected) > 100_000, "about 210 periods x 30 values x 33 metrics"
    differences = comparing.metric_differences(found, expected)
    assert not differences, f"\n{differences}"
