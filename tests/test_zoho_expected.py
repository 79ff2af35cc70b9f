"""The stored expectation for the Zoho export, and the counting that produced it."""

import importlib.util
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from onefunnel.config import read_sources

HERE = Path(__file__).resolve().parent
SPEC = importlib.util.spec_from_file_location("zoho_export", HERE / "expected" / "zoho_export.py")
zoho_export = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(zoho_export)

AS_OF = zoho_export.pinned_as_of()
EMPTY = {
    "leads": "LEADID,Last Name,Industry,Lead Source,Lead Status,Created Time",
    "deals": "LEADID,Created Time,Closing Date,Amount,Stage,Type,Lead Source",
    "campaigns": "CAMPAIGNID,Actual Cost",
    "campaign_members": "Campaign Name,Lead First Name,Lead Last Name,Status,Last Modified Time",
    "calls": "TASKID,LEADID",
    "events": "EVENTID,LEADID",
    "accounts": "ACCOUNTID",
    "contacts": "CONTACTID",
    "users": "USER_ID",
    "invoices": "INVOICEID,Invoice Status,Sub Total",
}


@pytest.fixture(scope="module")
def export_folder() -> Path:
    """The folder of the real export; it is never part of the repository."""
    named = os.environ.get("ZOHO_EXPORT")
    folder = Path(named) if named else HERE.parents[1] / "shared" / "data" / "zoho_export"
    if not named and not folder.is_dir():
        pytest.skip("the Zoho export is not here: set ZOHO_EXPORT to the folder that holds it")
    assert folder.is_dir(), "ZOHO_EXPORT names no folder"
    return folder


@pytest.fixture(scope="module")
def recomputed(export_folder) -> dict:
    return zoho_export.expected(export_folder, AS_OF)


@pytest.fixture
def invented(tmp_path):
    """A function that counts an invented export: entity -> its lines below the header."""

    def count(**lines: list[str]) -> dict:
        for entity, file in zoho_export.FILES.items():
            text = "\n".join([EMPTY[entity], *lines.get(entity, [])])
            (tmp_path / file).write_text(text + "\n", encoding="utf-8")
        return zoho_export.expected(tmp_path, AS_OF)

    return count


def written(instant) -> str:
    """An instant as the export writes it, in quotes because of its comma."""
    return instant.astimezone(zoho_export.CLOCK).strftime('"%d %b, %Y %H:%M:%S"')


def stored() -> dict:
    return json.loads(zoho_export.STORED.read_text(encoding="utf-8"))


def test_the_export_counts_to_what_is_stored(recomputed):
    assert json.loads(zoho_export.as_stored(recomputed)) == stored()


def test_the_stored_expectation_holds_what_is_known_of_the_export(recomputed):
    members = recomputed["campaign_members_by_leads_of_that_name"]
    assert (recomputed["leads"], recomputed["deals"], recomputed["calls"]) == (3900, 3632, 4100)
    assert recomputed["calls_with_a_lead_that_exists"] == 170
    assert (members["several"], sum(members.values())) == (2180, 3900)


def test_the_parts_of_the_stored_expectation_sum_to_its_totals():
    known = stored()
    for name, parts in known.items():
        if name.startswith("leads_by_") and name not in (
            "leads_by_verdict",
            "leads_by_created_week_and_channel",
        ):
            assert sum(parts.values()) == known["leads"], name
        if name.startswith("deals_by_"):
            assert sum(parts.values()) == known["deals"], name
    for parts in known["leads_by_verdict"].values():
        assert sum(parts.values()) == known["leads"]
    weeks = known["leads_by_created_week_and_channel"]
    assert {week: sum(n.values()) for week, n in weeks.items()} == known["leads_by_created_week"]
    assert sum(known["won_deals_by_closing_month"].values()) == known["deals_by_our_status"]["won"]


def test_the_example_pins_the_instant_and_reads_the_files_that_were_counted():
    sources = read_sources(zoho_export.EXAMPLE / "sources.yml")
    files = {name: entity.file for name, entity in sources.named("zoho").entities.items()}
    assert sources.as_of == AS_OF
    assert stored()["as_of"] == AS_OF.isoformat()
    assert files == zoho_export.FILES


@pytest.mark.parametrize(
    ("age", "status", "fits"),
    [
        (timedelta(days=365), "Responded", "false"),
        (timedelta(days=365, seconds=-1), "Responded", "true"),
        (timedelta(0), "Responded", "true"),
        (timedelta(seconds=-1), "Responded", "false"),
        (timedelta(days=1), "Opened", "false"),
    ],
)
def test_intent_lasts_365_days_and_opening_a_mail_is_none(invented, age, status, fits):
    result = invented(
        leads=['1,Rao,Technology,Partner,Contacted,"01 Jul, 2019 00:03:00"'],
        campaign_members=[f"Fair,rao,rao,{status},{written(AS_OF - age)}"],
    )
    assert result["leads_by_verdict"]["intent"] == {fits: 1}


def test_a_shared_last_name_gives_nobody_intent(invented):
    result = invented(
        leads=[
            '1,Rao,Pharma,Partner,Contacted,"01 Jul, 2019 00:03:00"',
            '2,Rao,,OnlineStore,Contacted,"08 Jul, 2019 00:03:00"',
        ],
        campaign_members=[f"Fair,Rao,Rao,Responded,{written(AS_OF)}"],
    )
    assert result["campaign_members_by_leads_of_that_name"] == {"none": 0, "one": 0, "several": 1}
    assert result["leads_by_not_qualified_reasons"] == {
        "not industry; unknown: company size; not intent; unknown: role": 1,
        "unknown: industry; unknown: company size; not intent; unknown: role": 1,
    }
    assert result["leads_by_created_week_and_channel"] == {
        "2019-07-01": {"Partner": 1},
        "2019-07-08": {"Online store": 1},
    }


def test_a_deal_older_than_its_lead_by_a_minute_counts_and_a_simultaneous_one_does_not(invented):
    times = ['"30 Jun, 2019 23:59:00"', '"01 Jul, 2019 00:00:00"']
    result = invented(
        leads=[f"{n},Name{n},Pharma,Partner,Contacted,{times[1]}" for n in (1, 2)],
        deals=[
            f'{n + 1},{time},"01 Mar, 2020 00:06:00","$1,000.10",Closed Won,New Business,Partner'
            for n, time in enumerate(times)
        ],
    )
    assert result["deals_created_before_their_lead"] == 1
    assert result["deals_created_with_their_lead"] == 1
    assert str(result["deal_amount_by_our_status"]["won"]) == "2000.20"
    assert result["won_deals_by_closing_month"] == {"2020-03": 2}


def test_a_record_after_the_as_of_instant_is_refused(invented):
    late = written(AS_OF + timedelta(seconds=1))
    with pytest.raises(ValueError, match="after as_of"):
        invented(leads=[f"1,Rao,Pharma,Partner,Contacted,{late}"])
