"""Handovers, the two-sided SLA and the qualification agreement are what the oracle computes from the same facts."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime

import pytest

from onefunnel.config import read_sources
from onefunnel.extract import extract
from onefunnel.home import Home
from tests import support
from tests.oracle_sla import agreement, comparing, drivers, given, handovers, summaries, troubles, weekly
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


# nothing is agreed of the one, and the other disputes nothing
MEANT = {"Not Interested": "", "Wrong Contact": "FALSE", "Timing Not Right": "true"}


def rewrite(path, change) -> None:
    """The file of the agreement with each of its rows changed."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)


def otherwise(folder):
    """The sample's agreement with other service levels, words and bands."""
    copy = shutil.copytree(support.CHECKOUT / "agreement", folder / "agreement")

    def level(row):
        here = OTHERWISE | (IN_VERSION_1 if row["version"] == "1" else {})
        row["value"] = here.get(row["level"], row["value"])

    def meant(row):
        row["says_not_qualified"] = MEANT.get(row["source_word"], row["says_not_qualified"])

    def band(row):
        row["value"] = "3; 90" if row["setting"] == "aging_bands_days" else row["value"]

    for name, change in (("service_levels", level), ("dispositions", meant), ("settings", band)):
        rewrite(copy / f"{name}.csv", change)
    return copy


def extracted(folder, exports, file) -> None:
    """The home that will be built has these exports as its first load."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", str(exports))
        for source in read_sources(file).sources:
            extract(Home(folder / "home"), source, file, datetime.now(UTC))


@pytest.fixture(scope="module", params=["as agreed", "otherwise"])
def files(request, tmp_path_factory):
    """(candidate, file with the schema metrics, agreement): the company in full, or a small one in trouble."""
    if request.param == "as agreed":
        home, _ = request.getfixturevalue("sample_run")
        published = home / "published" / "onefunnel.duckdb"
        return home / "warehouse" / "candidate.duckdb", published, support.CHECKOUT / "agreement"
    folder = tmp_path_factory.mktemp("sla-otherwise")
    exports = troubles.troubled(request.getfixturevalue("small_exports"), folder / "exports", seed=1)
    agreed, file = otherwise(folder), troubles.sources(folder / "sources.yml")
    extracted(folder, troubles.earlier(exports, folder / "earlier", seed=2), file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMPLE_EXPORT", "")
        home = built(folder, exports, agreed, file)
    return home.candidate, home.candidate, agreed


@pytest.fixture(scope="module")
def told(files):
    return given.read(*files)


@pytest.fixture(scope="module")
def expected(told):
    return handovers.handovers(told)


def test_handovers_are_the_oracles(files, expected):
    assert len(expected) > 150, "the company hands over"
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
    differences = comparing.differences(found, rows, ["month_start_on", "segment"], scale=1)
    assert not differences, f"\n{differences}"


def test_dispute_drivers_are_the_oracles(files, told, expected):
    rows = drivers.dispute_drivers(told, expected)
    assert {row["dispute"] for row in rows} == {drivers.TAKEN, drivers.REFUSED}
    differences = comparing.differences(comparing.published(files[1], "dispute_drivers"), rows, drivers.KEYS, scale=1)
    assert not differences, f"\n{differences}"


@pytest.mark.parametrize(
    ("table", "keys", "at_least"),
    [
        ("handover_delays", ["period_kind", "period_start_on", "team", "channel"], 500),
        ("handover_aging", ["age_band", "team", "owner_id"], 5),
        ("qualification_disputes", ["handover_id"], 20),
    ],
)
def test_summaries_are_the_oracles(files, told, expected, table, keys, at_least):
    rows = getattr(summaries, table)(told, expected)
    assert len(rows) >= at_least
    differences = comparing.differences(comparing.published(files[1], table), rows, keys)
    assert not differences, f"\n{differences}"


def test_every_kind_of_return_occurs(files, expected):
    """What is compared above is there to be compared, in a company with troubles."""
    verdicts = {row["sales_verdict"] for row in expected}
    assert verdicts == {"qualified", "not_qualified", "set_aside", "pending", "unknown"}
    kinds = {(row["is_latest"], row["is_disposition_explained"], row["disposition"] is None) for row in expected}
    assert {why for _, why, _ in kinds} == {True, False, None}
    if files[0] == files[1]:
        assert kinds >= {(latest, *told) for latest in (True, False) for told in ((True, False), (True, True))}
        assert kinds >= {(True, False, True), (False, False, True), (False, None, True)}
