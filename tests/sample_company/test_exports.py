"""The exports: what they hold together by, and the dirt in them."""

from __future__ import annotations

import csv
import filecmp
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from onefunnel.sample import generate
from tests.sample_company.exports import AS_OF, SCALE, once, table


def files(folder: Path) -> list[str]:
    """The folder's files, relative."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*.csv"))


def test_equal_arguments_write_equal_bytes(tmp_path):
    for name in ("a", "b"):
        generate(tmp_path / name, seed=3, scale=0.04)
    names = files(tmp_path / "a")
    assert len(names) == 22
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
            "objections",
            "review_actions",
            "digests",
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
    ids["objection_id"] = {r["objection_id"] for r in crm["objections"]}
    ids["objection_id"] |= {f"activity:{r['activity_id']}" for r in crm["activities"]}
    ids["objection_id"] |= {f"deal:{r['deal_id']}" for r in crm["deals"]}
    ids["campaign_id"] = {r["campaign_id"] for r in crm["campaigns"]}
    own = {
        "leads": "lead_id",
        "companies": "company_id",
        "contacts": "contact_id",
        "deals": "deal_id",
        "campaigns": "campaign_id",
        "objections": "objection_id",
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
