"""The agreement knows every word of the exports, and the truth judges by its numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from onefunnel.sample import rules, words
from tests.sample_company.exports import agreed, table


@pytest.mark.parametrize("source", ["crm", "export_desk"])
def test_every_word_is_known_to_the_agreement(company, source):
    out, _ = company
    known = {(r["entity"], r["source_word"].lower()) for r in agreed("stages")}
    leads, deals = table(out / source / "leads.csv"), table(out / source / "deals.csv")
    assert {("lead", r["status"].lower()) for r in leads} <= known
    assert {("deal", r["stage"].lower()) for r in deals} <= known
    said = {r["disposition"] for r in leads} - {""}
    assert said and said <= {r["source_word"] for r in agreed("dispositions")}
    lost = {r["lost_reason"] for r in deals} - {""}
    assert lost and lost <= {r["source_word"] for r in agreed("loss_reasons")}
    sources = {r["lead_source"].lower() for r in leads + deals} - {""}
    assert sources <= {r["lead_source"].lower() for r in agreed("channels")}


def test_every_word_ever_used_is_known_to_the_agreement(company):
    out, _ = company
    known = {(r["entity"], r["source_word"].lower()) for r in agreed("stages")}
    for file, entity, field in (
        ("lead_changes", "lead", "status"),
        ("deal_changes", "deal", "stage"),
    ):
        rows = [r for r in table(out / f"crm/{file}.csv") if r["field"] == field]
        used = {(entity, r[c].lower()) for r in rows for c in ("old", "new")}
        assert len(used) > 4 and used <= known


def authority(title: str, version: int) -> int:
    """A title's authority by roles.csv: 1, 0 or -1."""
    said = f" {' '.join(re.sub('[^a-z0-9]', ' ', title.lower()).split())} "
    rows = sorted(agreed("roles"), key=lambda r: int(r["rule_order"]))
    for row in rows:
        if int(row["from_version"]) <= version and f" {row['words']} " in said:
            return int(row["has_authority"] == "true")
    return -1


def test_titles_mean_what_the_generator_says_they_mean():
    for title, *expected in sorted(set(words.TITLES)):
        assert [authority(title, 1), authority(title, 2)] == expected, title


def test_industry_words_mean_what_the_generator_says_they_mean():
    fit = {
        v: {r["value"] for r in agreed("qualification") if r["version"] == str(v) and r["rule"] == "one_of"}
        for v in (1, 2, 3)
    }
    for word, _, *expected in words.WORDS:
        for version, fits in zip((1, 2, 3), expected, strict=True):
            ours = [
                r["industry"]
                for r in agreed("industries")
                if r["source_word"].lower() == word.lower() and int(r["from_version"]) <= version
            ]
            assert (int(ours[-1] in fit[version]) if ours else -1) == fits, (word, version)


@pytest.mark.parametrize("version", (*rules.VERSIONS, rules.DRAFT), ids=lambda v: f"version {v.number}")
def test_the_truth_judges_by_the_numbers_of_the_agreement(version):
    mine = [r for r in agreed("qualification") if r["version"] == str(version.number)]
    bands = {r["rule"]: (float(r["minimum"]), float(r["maximum"])) for r in mine if r["minimum"]}
    assert bands == {"employee_count": version.employees, "annual_revenue": version.revenue}
    assert tuple(r["value"] for r in mine if r["criterion"] == "geography") == version.countries
    behaviours = {
        (r["kind"], int(r["minimum_count"]), int(r["within_days"]))
        for r in agreed("intent_behaviours")
        if r["version"] == str(version.number)
    }
    assert behaviours == set(version.behaviours)
    levels = {r["level"]: r["value"] for r in agreed("service_levels") if r["version"] == str(version.number)}
    told = (levels["contact_within_hours"], levels["contact_target"])
    assert told == (str(version.contact_within_hours), str(version.contact_target))
    if version is rules.DRAFT:
        return
    signed = next(r for r in agreed("signatures") if r["version"] == str(version.number))
    dates = [signed[c] for c in ("effective_from", "signed_for_sales_on", "signed_for_marketing_on")]
    begins = pd.Timestamp(max(dates), tz="Asia/Kolkata")
    assert begins.timestamp() == version.starts_at


def test_a_draft_is_not_signed_and_the_second_version_waits_for_its_later_signature():
    rows = {r["version"]: r for r in agreed("signatures")}
    assert not any(v for k, v in rows["3"].items() if k.startswith("signed_"))
    assert rows["2"]["signed_for_marketing_on"] > rows["2"]["effective_from"]


def test_judging_by_todays_attributes_differs_from_judging_at_the_handover(company):
    out, truth = company
    handed = truth.leads.dropna(subset="latest_handed_at").set_index("lead_id").latest_handed_at
    after = [
        r
        for r in table(out / "crm/lead_changes.csv")
        if r["field"] in ("industry", "employee_count", "job_title")
        and f"crm:{r['lead_id']}" in handed.index
        and pd.Timestamp(r["changed_at"]) > handed[f"crm:{r['lead_id']}"]
    ]
    assert len(after) > 20
    assert truth.handovers.lead_id.duplicated().any()  # handed again after recycling
