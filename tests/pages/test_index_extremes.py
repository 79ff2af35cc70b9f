"""The pages beside the review where a company has nothing, one of everything, or far too much, in the real browser."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.pages import browser, worlds

TOUCHED = ("index", "index_agreement", "index_lists", "index_quality")
EMPTY = ("to_hand_over", "return_to_nurture", "data_faults", "source_rows", "expected_objections", "objections")
LONG = "Maharashtra Samyukta Urvarak Rasayan Udyog Vitaran Mandal Ltd"
UNBROKEN = "W" * 60


# the columns of the weekly review that the page reads
WEEKS = (
    "create or replace table metrics.weekly_review (week_start_on date, section text, position integer, figure text,"
    " dimension text, dimension_value text, value_amount decimal(18,2), low_amount decimal(18,2),"
    " high_amount decimal(18,2), target_amount decimal(18,2), status text)",
    "insert into metrics.weekly_review values"
    " ('2026-03-30', 'quarter', 1, 'forecast', 'fiscal_quarter', 'FY27-Q1', 96840000, 1, 9000000000, 7, 'published'),"
    " ('2026-03-30', 'quarter', 11, 'forecast', 'fiscal_quarter', 'FY27-Q2', 5, 1, 9, 8, 'published'),"
    " ('2026-03-30', 'generated', 1, 'generated', '(all)', '(all)', -1500000, null, null, null, 'ok'),"
    " ('2026-03-30', 'generated', 4, 'generated', 'source', 'crm', 77000000000, null, null, null, 'ok'),"
    " ('2026-03-30', 'advanced', 1, 'advanced', '(all)', '(all)', 0, null, null, null, 'ok'),"
    " ('2026-03-30', 'gap', 1, 'funnel_gap', 'transition', 'sql -> opportunity', 4200000, 1, 2, null, 'ok'),"
    " ('2026-03-23', 'gap', 1, 'funnel_gap', 'transition', '(all)', null, null, null, null, 'no gap beyond noise')",
    "insert into metrics.weekly_review"
    " select date '2026-03-16' - cast(7 * n as integer), 'generated', 1, 'generated', '(all)', '(all)', 10000000 * n,"
    " null, null, null, 'ok' from range(150) as t(n)",
)
CORRECTED = {
    "week_start_on": date(2026, 3, 15),
    "name": "Pipeline generated",
    "period": "9–15 Mar 2026",
    "from": "₹5.00 lakh",
    "to": "₹6.00 lakh",
}


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as found:
        yield found


@pytest.fixture
def home(small_run, tmp_path):
    return worlds.copied(small_run[0], tmp_path / "home")


def sound(chromium, made: dict) -> dict[str, str]:
    """Every page is sound on a wide and a narrow screen, light and dark; returns page -> what it says."""
    told = {}
    for name, path in made.items():
        for width, scheme in ((1280, "light"), (390, "dark")):
            with browser.page(chromium, path, width, scheme) as shown:
                # what is folded is measured as well
                shown.evaluate("() => document.querySelectorAll('details').forEach(found => found.open = true)")
                assert browser.troubles(shown) + browser.faint(shown) == [], (name, width)
                told[name] = " ".join(shown.locator("body").inner_text().split())
    return told


def test_a_company_with_nothing_yet(chromium, home):
    unknown = [f"drop table if exists metrics.{table}" for table in ("weekly_review", "source_freshness")]
    worlds.change(home, *(f"delete from metrics.{table}" for table in EMPTY), *unknown)
    folder = worlds.run_folder(home)
    (folder / "checks.json").unlink()
    (folder / "lineage.json").unlink()
    for file in ("dispositions", "loss_reasons", "handover_rules", "regions", "segments", "benchmarks", "special_days",
                 "revenue_targets", "ideal_customer_profile", "channels", "attribution_models"):  # fmt: skip
        worlds.rewrite(home, file, keep=lambda row: False)
    told = sound(chromium, worlds.write(home))
    assert "No week has been reviewed yet." in told["index"]
    assert "No qualified lead waits for its handover." in told["index_lists"]
    assert "No handed lead should go back to nurture." in told["index_lists"]
    assert "No source delivered a row." in told["index_quality"] and "No fault was found." in told["index_quality"]
    assert "kept no list of its checks" in told["index_quality"] and "kept no lineage" in told["index_dictionary"]
    assert told["index_agreement"].count("Nothing is agreed on here yet.") >= 8
    for name in TOUCHED:
        assert not {"None", "nan", "NaN", "NaT"} & set(told[name].split()), name


def test_one_of_everything(chromium, home):
    worlds.change(
        home,
        "delete from metrics.to_hand_over where list_position > 1",
        "delete from metrics.return_to_nurture where list_position > 1",
        "delete from metrics.agreement_versions where version > 1",
        "update metrics.agreement_versions set status = 'in force', in_force_until_at = null",
        "update metrics.expected_objections set all_objections = 1 where agreement_version = 1",
        "delete from metrics.data_faults where rowid > (select min(rowid) from metrics.data_faults)",
    )
    for file, key in (("signatures", "version"), ("service_levels", "version"), ("ideal_customer_profile", "version")):
        worlds.rewrite(home, file, keep=lambda row, key=key: row[key] == "1")
    worlds.rewrite(
        home,
        "qualification",
        keep=lambda row: row["version"] == "1" and not (row["rule"] == "one_of" and row["value"] != "Power"),
    )
    worlds.rewrite(home, "intent_behaviours", keep=lambda row: row["version"] == "1" and row["kind"] == "call_in")
    told = sound(chromium, worlds.write(home, *TOUCHED))
    assert "Marketing to sales: 1 lead to hand over" in told["index_lists"]
    assert "This lead was handed over without meeting the definition, and has neither" in told["index_lists"]
    assert "To hand over to sales 1 qualified lead," in told["index"]
    agreed = told["index_agreement"]
    assert "There is one version; nothing has changed since." in agreed
    assert "draft, not in force" not in agreed and "Draft" not in agreed
    assert "all 4 criteria of version 1" in agreed, "geography is not asked in the first version"
    assert "The company works in this industry: Power." in agreed and "The lead did this:" in agreed
    assert "1 objection heard" in agreed
    for said in told.values():
        assert not re.search(r"\b1 (leads|rows|objections|checks|faults|days|criteria|versions|industries)\b", said)


def test_far_too_much_of_everything(chromium, home):
    worlds.change(
        home,
        "insert into metrics.to_hand_over by name"
        " select * exclude (n) replace (list_position + n * 1000 as list_position,"
        f" '{LONG} ' || n as company_name, 'crm:' || n || '-' || lead_id as lead_id)"
        " from metrics.to_hand_over, range(1, 40) as t(n)",
        f"insert into metrics.return_to_nurture by name select * replace ('{UNBROKEN}' as company_name,"
        f" '{LONG}' as channel, '{UNBROKEN}' as owner_name, 'crm:x' || list_position as lead_id)"
        " from metrics.return_to_nurture",
        f"update metrics.data_faults set source_name = '{UNBROKEN}', fault = '{LONG}: {UNBROKEN}'"
        " where entity = 'leads'",
        f"update metrics.source_rows set rows_in = 98765432109, rows_out = 98765432109, delivered_as = '{UNBROKEN}'"
        " where entity = 'touches'",
        f"update metrics.agreement_versions set note = '{LONG}, {UNBROKEN}', signed_for_sales_by = '{UNBROKEN}'"
        " where version = 2",
        f"update metrics.expected_objections set category = '{UNBROKEN}', objections = 12345678"
        " where category = 'price'",
    )
    names = [f"{LONG} {number}" for number in range(40)]
    criterion = {"version": "2", "criterion": "industry", "rule": "one_of"}
    worlds.rewrite(home, "qualification", add=[criterion | {"value": name} for name in names])
    words = [{"from_version": "2", "source_word": f"{UNBROKEN}{name}", "industry": name} for name in names]
    worlds.rewrite(home, "industries", add=words)
    rules = [{"rule_order": str(9000 + number), "lead_source": UNBROKEN, "channel": name, "is_marketing": "true"}
             for number, name in enumerate(names)]  # fmt: skip
    worlds.rewrite(home, "channels", add=rules)
    profile = [{"version": "2", "item": "trigger", "value": f"{name}, {UNBROKEN}"} for name in names]
    worlds.rewrite(home, "ideal_customer_profile", add=profile)
    made = worlds.write(home, *TOUCHED)
    told = sound(chromium, made)
    assert "one of 49 industries" in told["index_agreement"]
    assert all(name in told["index_agreement"] and name in told["index_lists"] for name in names[1:])
    assert "Of 9,876,54,32,109" not in told["index_quality"] and "98,76,54,32,109" in told["index_quality"]
    assert all(path.stat().st_size < 500_000 for path in made.values())


def test_what_stands_in_an_export_is_text_and_never_markup(chromium, home):
    worlds.change(
        home,
        "update metrics.to_hand_over set company_name = '<script>alert(1)</script><b>Bold & Co</b>',"
        " record_url = 'javascript:alert(1)' where list_position = 1",
        "update metrics.return_to_nurture set missing = '</table><h1>x</h1>', owner_name = '\"><img src=x>',"
        " record_url = 'data:text/html,x'",
        "update metrics.data_faults set fault = '<img src=https://evil.example/x.png>'",
    )
    worlds.rewrite(home, "settings", keep=lambda row: row["setting"] != "company_name",
                   add=[{"setting": "company_name", "value": "<style>*{display:none}</style>"}])  # fmt: skip
    made = worlds.write(home, *TOUCHED)
    told = sound(chromium, made)
    assert "<script>alert(1)</script><b>Bold & Co</b>" in told["index_lists"]
    assert "</table><h1>x</h1>" in told["index_lists"]
    assert "<style>*{display:none}</style>" in told["index_agreement"]
    source = made["index_lists"].read_text(encoding="utf-8").lower()
    assert 'href="javascript' not in source and 'href="data' not in source and "<img" not in source


def test_weeks_and_their_headlines(chromium, home):
    """Tables as a run with the weekly review publishes them: the columns that the page reads."""
    worlds.change(home, *WEEKS)
    from onefunnel.pages import index

    folder = home.root / "review"
    folder.mkdir()
    (folder / "2026-03-30.html").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "corrections", lambda *_: [CORRECTED] * 41)
        made = worlds.write(home, "index")
    said = sound(chromium, made)["index"]
    assert "30 Mar – 5 Apr 2026 ₹9.68 crore FY27-Q1: ₹1 to ₹900.00 crore −₹15.00 lakh ₹0" in said
    assert "sql -> opportunity, ₹42.00 lakh a quarter" in said
    assert "23–29 Mar 2026 – – – no gap beyond noise" in said
    assert "2023: " in said and said.count("₹149.00 crore") == 1
    assert (
        "15 Mar 2026 Pipeline generated 9–15 Mar 2026 ₹5.00 lakh ₹6.00 lakh" in said and "and 1 more correction" in said
    )
    assert '<a href="2026-03-30.html">' in made["index"].read_text(encoding="utf-8")
