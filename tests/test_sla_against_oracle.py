"""Handovers, the two-sided SLA and the qualification agreement are what the oracle computes from the same facts."""

from __future__ import annotations

import csv
import shutil

import pytest

from tests import support
from tests.oracle_sla import agreement, comparing, given, handovers, troubles, weekly
from tests.trial import built

# another office, other promises; the versions differ more than they do in the sample
OTHERWISE = {
    "opens_at": "08:15",
    "closes_at": "16:45",
    "working_days": "Mon; Tue; Wed; Thu; Fri",
    "holiday_subdivision": "KA",
    "contact_within_hours": "3",
    "contact_target": "55",
    "conversation_min_seconds": "30",
    "disposition_within_days": "10",
}
IN_VERSION_1 = {"contact_within_hours": "1.25", "closes_at": "20:00", "objection_shown_within_hours": "12"}


def otherwise(folder):
    """The sample's agreement with other service levels."""
    copy = shutil.copytree(support.CHECKOUT / "agreement", folder / "agreement")
    with (copy / "service_levels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        here = OTHERWISE | (IN_VERSION_1 if row["version"] == "1" else {})
        row["value"] = here.get(row["level"], row["value"])
    with (copy / "service_levels.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)
    return copy


@pytest.fixture(scope="module", params=["as agreed", "otherwise"])
def files(request, tmp_path_factory):
    """(candidate, file with the schema metrics, agreement): the small company, or a troubled one agreed otherwise."""
    if request.param == "as agreed":
        home, _ = request.getfixturevalue("small_run")
        published = home / "published" / "onefunnel.duckdb"
        return home / "warehouse" / "candidate.duckdb", published, support.CHECKOUT / "agreement"
    folder = tmp_path_factory.mktemp("sla-otherwise")
    exports = troubles.troubled(request.getfixturevalue("small_exports"), folder / "exports", seed=1)
    agreed = otherwise(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", "")
        home = built(folder, exports, agreed, troubles.sources(folder / "sources.yml"))
    return home.candidate, home.candidate, agreed


@pytest.fixture(scope="module")
def told(files):
    return given.read(*files)


@pytest.fixture(scope="module")
def expected(told):
    return handovers.handovers(told)


def test_handovers_are_the_oracles(files, expected):
    assert len(expected) > 150, "the small company hands over"
    found = comparing.differences(comparing.published(files[1], "handovers"), expected, ["handover_id"])
    assert not found, f"\n{found}"


def test_sla_weekly_is_the_oracles(files, told, expected):
    rows = weekly.sla_weekly(told, expected)
    assert len(rows) > 1000, "three years of weeks, two dozen owners"
    found = comparing.differences(comparing.published(files[1], "sla_weekly"), rows, weekly.KEYS)
    assert not found, f"\n{found}"


def test_qualification_agreement_is_the_oracles(files, told, expected):
    rows = agreement.qualification_agreement(told, expected)
    assert len(rows) > 100, "three years of months, four segments"
    found = comparing.published(files[1], "qualification_agreement")
    differences = comparing.differences(found, rows, ["month_start_on", "segment"])
    assert not differences, f"\n{differences}"
