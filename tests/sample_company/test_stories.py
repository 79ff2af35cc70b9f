"""What is planted is there, and where nothing was planted nothing is."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.agreement import read_agreement
from onefunnel.agreement.service import calendar
from onefunnel.sample import company as builder
from onefunnel.sample import rules, words
from tests.sample_company.exports import AGREEMENT, AS_OF, SCALE, conversations, once, sheet, table


def met_by_quarter(truth) -> pd.Series:
    """definition_met by Indian fiscal quarter (0 is April-June 2023)."""
    local = truth.handovers.handed_over_at.dt.tz_convert("Asia/Kolkata")
    number = (local.dt.year - 2023) * 4 + (local.dt.month - 1) // 3 - 1
    return truth.handovers.definition_met.groupby(number).mean()


def test_the_bad_quarter_is_there(company):
    _, truth = company
    story = truth.stories["bad_fit_campaign"]
    met = met_by_quarter(truth)
    assert met.idxmin() == story["quarter"]
    assert met[story["quarter"]] < met.drop(story["quarter"]).mean() - 0.1
    bent = truth.handovers[truth.handovers.lead_id.isin(story["lead_ids"])]
    assert len(bent) > 10 and bent.definition_met.mean() < 0.1
    assert set(truth.leads.set_index("lead_id").loc[story["lead_ids"]].campaign_id) == {story["campaign_id"]}


def disposed_by_rep(company) -> pd.DataFrame:
    """Per rep: leads handed over by end of 2025 that went no further, and the share disposed."""
    out, truth = company
    handed = truth.leads.set_index("lead_id").latest_handed_at
    handed = handed[handed < pd.Timestamp("2026-01-01", tz="UTC")]
    rows = [
        r
        for r in once(table(out / "crm/leads.csv"), "lead_id").values()
        if f"crm:{r['lead_id']}" in handed.index and not (r["claimed_sql_at"] or r["converted_at"])
    ]
    frame = pd.DataFrame(rows)
    since = handed.loc["crm:" + frame.lead_id].reset_index(drop=True)
    disposed = pd.to_datetime(frame.disposed_at.replace("", None), utc=True)
    return (disposed > since).groupby(frame.owner_id).agg(["mean", "size"])


def test_the_silent_rep_disposes_of_next_to_nothing(company):
    reps = disposed_by_rep(company)
    story = company[1].stories["silent_rep"]
    silent = story["owner_id"]
    assert 0 <= story["disposing_odds"] <= 0.04
    assert reps["size"][silent] >= 10
    assert reps["mean"][silent] < 0.08
    assert reps["mean"].drop(silent).min() > 0.6


def test_without_stories_nothing_is_planted(quiet):
    _, truth = quiet
    assert truth.stories == {}
    met = met_by_quarter(truth)
    assert met.min() > met.mean() - 0.15
    assert disposed_by_rep(quiet)["mean"].min() > 0.6


def test_stories_differ_by_seed():
    from onefunnel.sample.stories import STORIES

    told = {story.name: [story(seed) for seed in range(20)] for story in STORIES}
    for name, fact, least in (
        ("silent_rep", "owner_id", 5),
        ("silent_rep", "disposing_odds", 5),
        ("met_by_night", "year", 3),
        ("objection_receded", "category", 3),
        ("objection_receded", "answered_at", 20),
    ):
        assert len({story.facts[fact] for story in told[name]}) >= least, fact
    assert len({(s.pulled, s.misfit, s.pushed) for s in told["bad_fit_campaign"]}) == 20


def before_and_after(
    company, category: str, answered: pd.Timestamp, skip: int = 0, days: int = 180
) -> tuple[float, float]:
    """Objections of a category per conversation in so many days before and from `skip` days after the answer."""
    rows = sheet(company)
    rates = []
    for start in (answered - pd.Timedelta(days=days), answered + pd.Timedelta(days=skip)):
        end = start + pd.Timedelta(days=days)
        raised = ((rows.ours == category) & rows.raised_at.between(start, end)).sum()
        rates.append(raised / conversations(company).between(start, end).sum())
    return rates[0], rates[1]


def test_an_objection_recedes_once_marketing_has_answered_it(company):
    story = company[1].stories["objection_receded"]
    answered = pd.Timestamp(story["answered_at"], unit="s", tz="UTC").tz_convert("Asia/Kolkata")
    rows = sheet(company)
    mine = rows[(rows.ours == story["category"]) & rows.answered_at.notna()]
    assert mine.answered_at.min() == answered
    assert set(mine.marketing_action) == {story["marketing_action"]}
    before, after = before_and_after(company, story["category"], answered, skip=14)
    assert before > 0.15 and after < before / 6
    earlier, _ = before_and_after(company, story["category"], answered - pd.Timedelta(days=150))
    assert 0.7 < earlier / before < 1.4


@pytest.mark.parametrize("which", ["company", "quiet"])
def test_other_answers_change_nothing(which, request):
    company = request.getfixturevalue(which)
    rows = sheet(company)
    answers = rows[rows.ours != ""].groupby("ours").answered_at.min().dropna()
    others = answers.drop(company[1].stories.get("objection_receded", {}).get("category", ""), errors="ignore")
    assert len(others) >= 2
    for category, answered in others.items():
        before, after = before_and_after(company, category, answered, days=1_100)
        assert 0.5 < after / before < 2, category


def contacted(company) -> pd.DataFrame:
    """Each CRM handover decided by AS_OF: year (0 is the first), by day?, reached within the window?, target."""
    out, truth = company
    days = {(v, day): rest for v, day, *rest in calendar(read_agreement(AGREEMENT), AS_OF.to_pydatetime())}
    rows = pd.DataFrame(table(out / "crm/activities.csv"))
    rows["at"] = pd.to_datetime(rows.happened_at, errors="coerce").dt.tz_localize("Asia/Kolkata")
    rows = rows[(rows.is_automated == "false") & (rows.direction == "outbound") & rows["at"].notna()]
    calls = {f"crm:{lead}": list(at) for lead, at in rows.groupby("lead_id")["at"]}

    def clock(version: int, at: pd.Timestamp) -> float:
        _, opens, closes, before = days[version, at.date()]
        return before / 1e6 + (min(max(at, opens), closes) - opens).total_seconds()

    found = []
    crm = truth.handovers[truth.handovers.judged_on == "history"]
    for lead, at, version in crm[["lead_id", "handed_over_at", "agreement_version"]].itertuples(index=False):
        at, rule = at.tz_convert("Asia/Kolkata"), rules.VERSIONS[version - 1]
        due = clock(version, at) + rule.contact_within_hours * 3_600
        is_met = any(call >= at and clock(version, call) <= due for call in calls.get(lead, ()))
        if is_met or due <= clock(version, AS_OF.tz_convert("Asia/Kolkata")):
            year = at.year - 2023 - (at.month < 4)
            works, opens, closes, _ = days[version, at.date()]
            found.append((year, works and opens <= at < closes, is_met, rule.contact_target / 100))
    return pd.DataFrame(found, columns=["year", "by_day", "is_met", "target"])


def test_by_night_the_target_is_met_and_by_day_it_is_not(company):
    story, rows = company[1].stories["met_by_night"], contacted(company)
    mine = rows[rows.year == story["year"]]
    assert 0.42 < 1 - mine.by_day.mean() < 0.6
    target = mine.target.mean()
    assert target < mine.is_met.mean() < target + 0.09
    assert target - 0.19 < mine.is_met[mine.by_day].mean() < target - 0.11
    assert mine.is_met[~mine.by_day].mean() > 0.92
    check_normal_years(rows[rows.year != story["year"]])


def test_in_a_normal_year_the_target_is_met_by_day_and_by_night(quiet):
    check_normal_years(contacted(quiet))


def check_normal_years(rows: pd.DataFrame) -> None:
    """About four of five are reached in time, by day and by night, and never fewer than agreed."""
    assert (rows.is_met.groupby(rows.by_day).mean() - 0.8).abs().max() < 0.06
    for _, year in rows.groupby("year"):
        assert year.is_met.mean() > year.target.mean() and 0.08 < 1 - year.by_day.mean() < 0.25
        assert year.is_met[year.by_day].mean() > year.target.mean()


def advanced(stories: bool) -> pd.DataFrame:
    """Qualified leads that were handed over: does the draft want them, did they become deals, were these won?"""
    w = builder.build(7, SCALE, stories)
    x, judge = w.leads, builder.judge(w)
    who = (x.first_handed_at < AS_OF.timestamp()).nonzero()[0]
    at = x.first_handed_at[who]
    won = w.deal_journal.current["stage"][w.lead_deal] == words.WON
    rows = pd.DataFrame({"wanted": judge.draft(who, at)[0], "met": judge.verdict(who, at)["met"]})
    rows = rows.assign(became=w.lead_deal[who] >= 0, won=won[who] & (w.lead_deal[who] >= 0))
    return rows[rows.met]


def test_the_draft_asks_for_those_who_advance_and_buy():
    told, untold = advanced(stories=True), advanced(stories=False)
    shares = told.groupby("wanted")[["became", "won"]].mean()
    assert shares.became[False] < 0.5 * shares.became[True]
    assert shares.won[False] < 0.4 * shares.won[True]
    usual = untold.groupby("wanted")[["became", "won"]].mean()
    assert 0.85 < usual.became[False] / usual.became[True] < 1.18
    assert 0.6 < usual.won[False] / usual.won[True] < 1.7
    assert told.became.mean() == pytest.approx(untold.became.mean(), abs=0.06)
