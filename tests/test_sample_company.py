"""The sample company: what is planted in its exports, and what they hold together by."""

from __future__ import annotations

import csv
import filecmp
import re
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
import pytest

from onefunnel.sample import generate, rules, words

AGREEMENT = Path(__file__).resolve().parent.parent / "agreement"
AS_OF = pd.Timestamp("2026-03-31T18:30:00Z")
DESK_NAMES = {"Enquiry No": "lead_id", "Order No": "deal_id", "Entered On": "created_at"}
SCALE = 0.2


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a file as dicts; ragged rows are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = [DESK_NAMES.get(h, h.lower().replace(" ", "_")) for h in next(reader)]
        return [dict(zip(header, row, strict=True)) for row in reader if len(row) == len(header)]


def once(rows: list[dict[str, str]], key: str) -> dict[str, dict[str, str]]:
    """The first row of each key."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row[key], row)
    return found


def agreed(name: str) -> list[dict[str, str]]:
    """The rows of one file of the agreement."""
    return table(AGREEMENT / f"{name}.csv")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """(folder, truth) of the company with its stories."""
    out = tmp_path_factory.mktemp("sample")
    return out, generate(out, seed=7, scale=SCALE)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """(folder, truth) of a company where nothing special happens."""
    out = tmp_path_factory.mktemp("quiet")
    return out, generate(out, seed=7, scale=SCALE, stories=False)


def files(folder: Path) -> list[str]:
    """The folder's files, relative."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.csv"))


def test_equal_arguments_write_equal_bytes(tmp_path):
    for name in ("a", "b"):
        generate(tmp_path / name, seed=3, scale=0.04)
    names = files(tmp_path / "a")
    assert len(names) == 18
    assert names == files(tmp_path / "b")
    _, differ, missing = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", names, shallow=False)
    assert differ == missing == []


def test_another_seed_writes_another_company(tmp_path):
    generate(tmp_path / "a", seed=3, scale=0.04)
    generate(tmp_path / "b", seed=4, scale=0.04)
    name = "crm/leads.csv"
    assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()


def test_sizes_follow_the_scale(company):
    out, truth = company
    sizes = truth.sizes
    assert len(truth.leads) == 25_000 * SCALE
    assert 0.06 < sizes["export_desk/leads.csv"] / len(truth.leads) < 0.10
    touches = sizes["crm/touches.csv"] + sizes["export_desk/touches.csv"]
    assert 13 < touches / len(truth.leads) < 19
    assert 0.09 < len(truth.deals) / len(truth.leads) < 0.16
    for file, rows in sizes.items():
        with (out / file).open(encoding="utf-8", newline="") as handle:
            assert sum(1 for _ in csv.reader(handle)) == rows + 1


def check_character(stem: str) -> str:
    """The published GSTIN algorithm, from the right with weights 2, 1, 2, ..."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total, weight = 0, 2
    for letter in reversed(stem):
        product = alphabet.index(letter) * weight
        total += product // 36 + product % 36
        weight = 3 - weight
    return alphabet[(36 - total % 36) % 36]


def test_nearly_all_gstins_have_a_valid_check_character(company):
    out, _ = company
    assert check_character("27AAPFU0939F1Z") == "V"  # the published example
    gstins = [r["gstin"] for f in ("leads", "companies") for r in table(out / f"crm/{f}.csv")]
    told = [g for g in gstins if g]
    assert len(told) > 300
    assert all(re.fullmatch(r"\d{2}[A-Z]{5}\d{4}[A-Z]1Z[0-9A-Z]", gstin) for gstin in told)
    mistyped = [gstin for gstin in told if gstin[14] != check_character(gstin[:14])]
    assert 0.005 < len(mistyped) / len(told) < 0.05


def test_some_companies_share_a_pan_over_states(company):
    out, _ = company
    states = defaultdict(set)
    for row in table(out / "crm/companies.csv"):
        if row["gstin"]:
            states[row["gstin"][2:12]].add(row["gstin"][:2])
    assert any(len(s) > 1 for s in states.values())


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
        for v in (1, 2)
    }
    for word, _, *expected in words.WORDS:
        for version, fits in zip((1, 2), expected, strict=True):
            ours = [
                r["industry"]
                for r in agreed("industries")
                if r["source_word"].lower() == word.lower() and int(r["from_version"]) <= version
            ]
            assert (int(ours[-1] in fit[version]) if ours else -1) == fits, (word, version)


@pytest.mark.parametrize("version", rules.VERSIONS, ids=lambda v: f"version {v.number}")
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
    signed = next(r for r in agreed("signatures") if r["version"] == str(version.number))
    dates = [signed[c] for c in ("effective_from", "signed_for_sales_on", "signed_for_marketing_on")]
    begins = pd.Timestamp(max(dates), tz="Asia/Kolkata")
    assert begins.timestamp() == version.starts_at


def test_a_draft_is_not_signed_and_the_second_version_waits_for_its_later_signature():
    rows = {r["version"]: r for r in agreed("signatures")}
    assert not any(v for k, v in rows["3"].items() if k.startswith("signed_"))
    assert rows["2"]["signed_for_marketing_on"] > rows["2"]["effective_from"]


def test_dirt_stands_where_the_truth_says(company):
    out, truth = company
    faults = Counter(truth.dirt.fault)
    for fault in (
        "duplicate id",
        "ragged row",
        "unreadable created_at",
        "unreadable happened_at",
        "unreadable employee_count",
    ):
        assert faults[fault], fault
    for file, group in truth.dirt.groupby("file"):
        with (out / file).open(encoding="utf-8", newline="") as handle:
            lines = list(csv.reader(handle))
        keys = Counter(line[0] for line in lines)
        for row, key, fault in group[["row", "key", "fault"]].itertuples(index=False):
            line = lines[row - 1]
            assert line[0] == key
            assert (len(line) != len(lines[0])) == (fault == "ragged row")
            assert (keys[key] > 1) == (fault == "duplicate id")


def test_amounts_are_sometimes_typed_as_people_type_them(company):
    out, _ = company
    typed = [r["amount"] for r in table(out / "crm/deals.csv")]
    typed += [r["annual_revenue"] for r in table(out / "crm/leads.csv")]
    assert any(re.fullmatch(r"₹\d{1,2}(,\d\d)*,\d{3}", t) for t in typed)
    assert any(re.fullmatch(r"\d+\.\d\d L", t) for t in typed)
    assert any(re.fullmatch(r"\d+\.\d\d Cr", t) for t in typed)


def test_desk_dates_are_day_first(company):
    out, _ = company
    dates = [r["created_at"] for r in table(out / "export_desk/leads.csv")]
    good = [d for d in dates if re.fullmatch(r"\d\d-\d\d-20\d\d \d\d:\d\d", d)]
    assert len(good) >= len(dates) - 2
    assert max(int(d[:2]) for d in good) == 31
    assert max(int(d[3:5]) for d in good if not d.startswith("31-02")) == 12


def test_references_lead_somewhere(company):
    out, _ = company
    crm = {
        f: table(out / f"crm/{f}.csv")
        for f in (
            "leads",
            "companies",
            "contacts",
            "deals",
            "users",
            "campaigns",
            "activities",
            "touches",
        )
    }
    ids = {"lead_id": {r["lead_id"] for r in crm["leads"]}}
    with (out / "crm/leads.csv").open(encoding="utf-8", newline="") as file:
        ids["lead_id"] |= {row[0] for row in csv.reader(file)}  # ragged rows have ids too
    ids["deal_id"] = ids["converted_deal_id"] = {r["deal_id"] for r in crm["deals"]}
    ids["company_id"] = {r["company_id"] for r in crm["companies"]}
    ids["referred_by"] = ids["converted_company_id"] = ids["company_id"]
    ids["contact_id"] = {r["contact_id"] for r in crm["contacts"]}
    ids["owner_id"] = ids["manager_id"] = {r["user_id"] for r in crm["users"]}
    ids["campaign_id"] = {r["campaign_id"] for r in crm["campaigns"]}
    own = {
        "leads": "lead_id",
        "companies": "company_id",
        "contacts": "contact_id",
        "deals": "deal_id",
        "campaigns": "campaign_id",
    }
    finance = {f: table(out / f"finance/{f}.csv") for f in ("invoices", "ad_spend")}
    for file, rows in {**crm, **finance}.items():
        for column in set(rows[0]) & set(ids) - {own.get(file)}:
            used = {r[column] for r in rows} - {""}
            assert used <= ids[column], (file, column)
    desk = {r["lead_id"] for r in table(out / "export_desk/leads.csv")}
    assert {r["lead_id"] for r in table(out / "export_desk/deals.csv")} <= desk


@pytest.mark.parametrize("entity", ["lead", "deal"])
def test_the_last_change_is_the_current_value(company, entity):
    out, truth = company
    key = f"{entity}_id"
    records = once(table(out / f"crm/{entity}s.csv"), key)
    spoiled = set(truth.dirt.key)
    columns = {"owner": "owner_id"}
    last, moments = {}, Counter()
    for row in table(out / f"crm/{entity}_changes.csv"):
        place = (row[key], row["field"])
        assert row["old"] != row["new"]
        assert last.get(place, row["old"]) == row["old"], place
        last[place] = row["new"]
        moments[(*place, row["changed_at"])] += 1
        if row[key] not in spoiled and row[key] in records:
            record = records[row[key]]
            assert record["created_at"] <= row["changed_at"] <= record["updated_at"], place
    assert set(moments.values()) == {1}
    for (record_id, field), value in last.items():
        if record_id in records and record_id not in spoiled:
            assert records[record_id][columns.get(field, field)] == value, (record_id, field)


def test_converted_leads_and_their_deals_name_each_other(company):
    out, truth = company
    spoiled = set(truth.dirt.key)
    leads = once(table(out / "crm/leads.csv"), "lead_id")
    linked = [
        r
        for r in once(table(out / "crm/deals.csv"), "deal_id").values()
        if r["lead_id"] and r["deal_id"] not in spoiled
    ]
    assert len(linked) > 100
    for deal in linked:
        lead = leads[deal["lead_id"]]
        assert lead["converted_deal_id"] == deal["deal_id"]
        assert lead["created_at"] < deal["created_at"] == lead["converted_at"]


def test_late_rows_come_after_as_of(company):
    out, truth = company
    assert (truth.leads.created_at > AS_OF).any()
    rows = table(out / "crm/leads.csv")
    edge = "2026-04-01T00:00:00+05:30"
    assert any(r["created_at"] < edge < r["updated_at"] for r in rows if r["updated_at"])


def test_leads_come_at_night_and_on_both_sides_of_the_utc_day(company):
    _, truth = company
    created = truth.leads.created_at
    indian = created.dt.tz_convert("Asia/Kolkata")
    assert 0.02 < (created.dt.day != indian.dt.day).mean() < 0.25
    assert 0.02 < (indian.dt.day_of_week == 6).mean() < 0.12
    assert indian.dt.month.value_counts().idxmax() == 3


def test_the_company_is_believable(company):
    _, truth = company
    leads = truth.leads[truth.leads.exists]
    assert 0.11 < leads.is_qualified.mean() < 0.19
    became = leads.lead_id.isin(truth.deals.lead_id.dropna())
    assert 0.07 < became.mean() < 0.11
    share = became.groupby(leads.routing).mean()
    assert share["qualified_handed"] > 1.5 * share["unqualified_handed"]
    closed = truth.deals[truth.deals.status_at_export != "open"]
    won = closed[closed.status_at_export == "won"]
    assert 0.22 < len(won) / len(closed) < 0.36
    days = (won.closed_at_export - won.created_at).dt.total_seconds() / 86_400
    assert 50 < days.median() < 95 and days.min() > 0
    assert truth.deals.was_reopened.any()
    assert set(truth.deals.deal_type) == {"new", "repeat", "expansion"}


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


def test_the_silent_rep_disposes_of_nothing(company):
    reps = disposed_by_rep(company)
    silent = company[1].stories["silent_rep"]["owner_id"]
    assert reps["size"][silent] >= 10
    assert reps["mean"][silent] == 0
    assert reps["mean"].drop(silent).min() > 0.6


def test_without_stories_nothing_is_planted(quiet):
    _, truth = quiet
    assert truth.stories == {}
    met = met_by_quarter(truth)
    assert met.min() > met.mean() - 0.15
    assert disposed_by_rep(quiet)["mean"].min() > 0.6


def test_stories_differ_by_seed():
    from onefunnel.sample.stories import SilentRep

    assert len({SilentRep(seed).facts["owner_id"] for seed in range(20)}) > 4


def test_no_address_belongs_to_anybody(company):
    out, _ = company
    for file in ("crm/leads.csv", "crm/contacts.csv", "export_desk/leads.csv"):
        for row in table(out / file):
            mail = row["email"].lower()
            assert not mail or mail.endswith(".example") or mail.startswith("sample."), mail
            phone = re.sub(r"\D", "", row["phone"])
            # no subscriber of Pune's exchange has a number that begins with 1
            assert re.fullmatch(r"(91|0)?90000\d{5}|0201\d{7}|1202555\d{4}|", phone), phone


def test_every_record_has_its_firm_in_the_truth(company):
    out, truth = company
    for name, key in (("companies", "company_id"), ("contacts", "contact_id")):
        told = set(getattr(truth, name)[key])
        assert told == {f"crm:{row[key]}" for row in table(out / f"crm/{name}.csv")}
    for frame in (truth.leads, truth.deals, truth.companies, truth.contacts):
        assert frame["firm_id"].str.fullmatch(r"F\d{5}").all()
    converted = truth.contacts[truth.contacts["person_id"] != truth.contacts["contact_id"]]
    firsts = truth.leads[truth.leads["duplicate_of"].isna()].set_index("lead_id")["firm_id"]
    assert len(converted) > 50
    assert (converted["person_id"].map(firsts) == converted["firm_id"]).all()


def test_some_firms_and_persons_are_hard_to_tell_apart(company):
    out, truth = company
    firm = {r.lead_id.split(":")[1]: r.firm_id for r in truth.leads.itertuples()}
    rows = [r for r in table(out / "crm/leads.csv") if r["lead_id"] in firm]
    for what in (
        lambda r: r["email"].lower().partition("@")[2],  # a group's, or a consultant's
        lambda r: r["company_name"] and (r["company_name"], r["city"]),
        lambda r: r["company_name"],
    ):
        told = defaultdict(set)
        for row in rows:
            if what(row):
                told[what(row)].add(firm[row["lead_id"]])
        shared = {key for key, firms in told.items() if len(firms) > 1} - {"gmail.com", "yahoo.co.in", "rediffmail.com"}
        assert len(shared) > 3
    people = defaultdict(set)
    for row in rows:
        people[re.sub(r"\D", "", row["phone"])[-10:]].add(row["email"].lower())
    assert max(len(mails) for number, mails in people.items() if number) > 2  # a reception
    assert sum("google.com" in r["website"] or "indiamart" in r["website"] for r in rows) > 10
