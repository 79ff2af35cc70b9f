"""Objections in the log, in calls and with losses, and the digests that showed them."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from onefunnel.sample import words
from tests.sample_company.exports import SCALE, agreed, conversations, sheet, table


def test_objections_come_with_conversations_and_deals(company):
    rows = sheet(company)
    of_leads = (rows.lead_id != "").sum()
    assert ((rows.lead_id != "") != (rows.deal_id != "")).all()
    assert 0.05 < of_leads / len(conversations(company)) < 0.3
    assert 2_000 * SCALE < len(rows) < 6_000 * SCALE
    clock = rows.raised_at.dt.strftime("%H:%M")
    assert clock.between("09:30", "18:30").all() and (rows.raised_at.dt.day_of_week != 6).all()
    assert set(rows.team) == {"sales"}
    for column, low, high in (("words", 0.7, 0.9), ("competitor", 0.05, 0.3)):
        assert low < (rows[column] != "").mean() < high, column
    assert 0.03 < (rows.surprised == "true").mean() < 0.3


def test_the_sheet_is_filled_in_as_people_do(company):
    rows = sheet(company)
    assert set(rows.ours) - {""} == {r["category"] for r in agreed("objection_categories") if r["found_in"] == "sheet"}
    assert 0 < (rows.category == "").mean() < 0.02
    assert 0.005 < ((rows.ours == "") & (rows.category != "")).mean() < 0.04
    spelled = rows[rows.ours != ""].groupby("ours").category.nunique()
    assert spelled.min() > 1 and spelled.max() > 4
    late = (rows.logged_at - rows.raised_at).dropna()
    assert late.min() > pd.Timedelta(0)
    assert late.median() < pd.Timedelta(hours=3)
    assert 0.11 < (late > pd.Timedelta(hours=24)).mean() < 0.19
    assert 0.005 < rows.logged_at.isna().mean() < 0.04
    answered = rows[rows.answered_at.notna()]
    assert (answered.answered_at > answered.raised_at).all()
    assert ((rows.marketing_action != "") == rows.answered_at.notna()).all()
    assert answered.groupby("marketing_action").answered_at.min().is_unique


def test_the_digest_shows_each_objection_at_six_in_the_evening(company):
    rows = sheet(company).set_index("objection_id")
    shown = pd.DataFrame(table(company[0] / "crm/digests.csv")).set_index("objection_id").shown_at
    shown = shown[~shown.index.str.contains(":")]
    assert shown.index.is_unique and len(shown) > 0.98 * len(rows)
    at = pd.to_datetime(shown, utc=True).dt.tz_convert("Asia/Kolkata")
    assert set(at.dt.strftime("%H:%M:%S")) == {"18:00:00"} and (at.dt.day_of_week != 6).all()
    waited = (at - rows.logged_at).dropna()
    assert waited.min() >= pd.Timedelta(0)
    sunday = (rows.logged_at[waited.index].dt.day_of_week == 6) | (at[waited.index].dt.day_of_week == 0)
    assert 0.005 < (waited[~sunday] > pd.Timedelta(hours=24)).mean() < 0.05
    assert waited.max() < pd.Timedelta(days=6)


def test_some_calls_end_with_an_objection(company):
    outcomes = Counter(r["outcome"] for r in table(company[0] / "crm/activities.csv"))
    listed = {
        r["source_word"]: r["category"] for r in agreed("objection_categories") if r["found_in"] == "call_outcome"
    }
    mapped = {word for word, category in listed.items() if category}
    assert mapped == set(words.CALL_OBJECTIONS)
    assert set(outcomes) == {*listed, ""}, "both sides have agreed on every outcome"
    assert all(0.005 < outcomes[word] / outcomes["connected"] < 0.06 for word in mapped)


def test_the_digest_shows_what_calls_and_losses_told(company):
    """Each objecting call and each deal lost for a reason, by the source that has it, at six in the evening."""
    shown = {}
    for source in ("crm", "export_desk"):
        rows = [tuple(row.values()) for row in table(company[0] / source / "digests.csv")]
        shown |= {id_: pd.to_datetime(at, dayfirst=source != "crm") for id_, at in rows if ":" in id_}
    shown = {id_: at if at.tzinfo else at.tz_localize("Asia/Kolkata") for id_, at in shown.items()}
    told = {}
    for row in table(company[0] / "crm/activities.csv"):
        if row["outcome"] in words.CALL_OBJECTIONS:
            at = pd.to_datetime(row["happened_at"], errors="coerce")
            told["activity:" + row["activity_id"]] = at if pd.isna(at) else at.tz_localize("Asia/Kolkata")
    reasons = {r["source_word"] for r in agreed("objection_categories") if r["found_in"] == "lost_reason"}
    for source in ("crm", "export_desk"):
        for row in table(company[0] / source / "deals.csv"):
            id_, closed, why, created = (row[name] for name in ("deal_id", "closed_at", "lost_reason", "created_at"))
            if why and not pd.isna(pd.to_datetime(created, errors="coerce", dayfirst=source != "crm")):
                at = pd.to_datetime(closed, dayfirst=source != "crm")
                told["deal:" + id_] = at if at.tzinfo else at.tz_localize("Asia/Kolkata")
                assert why in reasons
    told = {id_: at for id_, at in told.items() if not pd.isna(at)}
    assert set(shown) <= set(told) and len(shown) > 0.97 * len(told)
    assert {id_[:9] for id_ in shown} >= {"activity:", "deal:EXD-"}
    waited = pd.Series([shown[id_] - told[id_] for id_ in shown])
    assert waited.min() > -pd.Timedelta(minutes=1) and waited.median() < pd.Timedelta(hours=24)
    assert 0.7 < (waited <= pd.Timedelta(hours=24)).mean() < 1, "not on Sundays, and some are left out at first"
