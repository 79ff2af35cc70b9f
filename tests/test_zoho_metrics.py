"""The shared metrics of the real Zoho export, against figures that independent code took from the CSVs."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from tests import support
from tests.expected import zoho_export, zoho_metrics

YEARS = ["2018-04-01", "2019-04-01", "2020-04-01", "2021-04-01"]
KINDS = ("fiscal_year", "fiscal_quarter", "month")
CLOSING_SHARES = {"opportunity_to_close_rate": "", "opportunity_to_close_rate_value": "_amount"}


@pytest.fixture(scope="module")
def stored() -> dict:
    return json.loads(zoho_metrics.STORED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def zoho(zoho_run):
    with support.published(zoho_run[0]) as con:
        yield con


@pytest.fixture(scope="module")
def told(zoho):
    """A function: metric, kind and dimension -> (period start, dimension value) -> the row."""

    def rows(metric: str, kind: str = "fiscal_year", dimension: str = "total") -> dict:
        found = zoho.execute(
            "select strftime(period_start_on, '%Y-%m-%d'), dimension_value, value, numerator, denominator, status "
            "from metrics.shared_metrics where metric = ? and period_kind = ? and dimension = ?",
            [metric, kind, dimension],
        ).fetchall()
        assert found, f"no {metric} per {kind} and {dimension}"
        names = ("value", "numerator", "denominator", "status")
        return {(start, value): dict(zip(names, rest, strict=True)) for start, value, *rest in found}

    return rows


def cents(amount) -> Decimal:
    return round(Decimal(repr(amount) if isinstance(amount, float) else amount), 2)


def same_share(row: dict, numerator, denominator) -> None:
    """A row holds this numerator and denominator to the cent, and their quotient, null over zero."""
    assert (cents(row["numerator"]), cents(row["denominator"])) == (cents(numerator), cents(denominator))
    if not Decimal(denominator):
        assert row["value"] is None
    else:
        assert row["value"] == pytest.approx(float(Decimal(numerator) / Decimal(denominator)), rel=1e-12, abs=0)


def test_the_export_computes_to_what_is_stored(zoho_folder, stored):
    found = zoho_metrics.expected(zoho_folder, zoho_export.pinned_as_of())
    assert json.loads(zoho_export.as_stored(found)) == stored


def test_the_stored_figures_agree_with_those_that_were_counted_before(stored):
    before = json.loads(zoho_export.STORED.read_text(encoding="utf-8"))
    for starts in stored["closings"].values():
        for status in ("won", "lost"):
            assert sum(p[status] for p in starts.values()) == before["deals_by_our_status"][status]
            amount = sum(Decimal(p[f"{status}_amount"]) for p in starts.values())
            assert amount == Decimal(before["deal_amount_by_our_status"][status])
    spent = sum(Decimal(cost) for year in stored["cost_by_fiscal_year_and_channel"].values() for cost in year.values())
    assert spent == Decimal(before["campaign_actual_cost"]) == sum(map(Decimal, stored["cost_by_month"].values()))


def test_every_member_matched_by_an_unshared_name_is_of_the_campaign_that_the_deal_states(stored):
    known = stored["members_and_the_campaigns_of_deals"]
    matched = known["unshared name, lead with a deal"]
    assert known["of these: the deal states the same campaign"] == matched == 1608
    assert known["of these: before the deal"] == 1576


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("metric", CLOSING_SHARES)
def test_win_rates_by_count_and_by_value_are_those_of_the_export(told, stored, metric, kind):
    suffix, closed, rows = CLOSING_SHARES[metric], stored["closings"][kind], told(metric, kind)
    assert {(start, "all") for start in closed} <= set(rows)
    for (start, _), row in rows.items():
        won, lost = (Decimal(closed.get(start, {}).get(status + suffix, 0)) for status in ("won", "lost"))
        same_share(row, won, won + lost)
    assert {row["status"] for row in rows.values()} <= {"final", "maturing"}


def test_the_sales_cycle_is_that_of_the_export_without_its_negative_ones(told, stored):
    for metric, name in (("sales_cycle_days_median", "median"), ("sales_cycle_days_p90", "p90")):
        for (year, _), row in told(metric).items():
            known = stored["cycle_days_by_fiscal_year"].get(year, {"won": 0, "negative": 0, name: None})
            assert row["denominator"] == known["won"] - known["negative"], (metric, year)
            days = known[name] and pytest.approx(float(known[name]), rel=1e-12, abs=0)
            assert (row["value"], row["numerator"]) == (days, days), (metric, year)


def test_velocity_and_needed_coverage_follow_from_twelve_months_of_closings(told, stored):
    velocity, needed = told("sales_velocity"), told("pipeline_coverage_needed")
    for year, known in stored["twelve_months_to_the_end_of_fiscal_year"].items():
        won, lost = Decimal(known["won_amount"]), Decimal(known["lost_amount"])
        same_share(needed[year, "all"], won + lost, won)
        row = velocity[year, "all"]
        if not known["won"]:
            assert (row["value"], row["numerator"]) == (None, None)
            continue
        gained = float(known["open"] * won / (known["won"] + known["lost"]))
        assert row["numerator"] == pytest.approx(gained, rel=1e-12, abs=0)
        assert row["value"] == pytest.approx(gained / float(known["median"]), rel=1e-12, abs=0)


def test_revenue_by_month_is_won_deals_and_invoices_stand_beside(told, stored):
    won = {month: p["won_amount"] for month, p in stored["closings"]["month"].items()}
    invoiced = stored["invoiced_by_month"]
    for metric, known in (
        ("revenue", won),
        ("revenue_bookings", won),
        ("revenue_invoices", invoiced),
        ("revenue_invoiced_without_deal", invoiced),
    ):
        rows = told(metric, "month")
        assert {month for month, _ in rows} >= set(known)
        for (month, _), row in rows.items():
            assert cents(row["value"]) == Decimal(known.get(month, 0)), (metric, month)


@pytest.mark.parametrize(
    ("metric", "actions"),
    [
        ("cpa_lead", "leads_by_fiscal_year_and_channel"),
        ("cpa_opportunity", "opportunities_by_fiscal_year_and_channel"),
    ],
)
def test_campaign_cost_and_cpa_by_year_and_channel_are_those_of_the_export(told, stored, metric, actions):
    cost, done = stored["cost_by_fiscal_year_and_channel"], stored[actions]
    with_cost = {channel for year in cost.values() for channel in year}
    for (year, channel), row in told(metric, dimension="channel").items():
        if channel in with_cost:
            same_share(row, cost[year].get(channel, 0), done[year].get(channel, 0))
            assert not row["status"].startswith("unavailable")
        else:
            assert (row["value"], row["numerator"]) == (None, None)
            assert row["denominator"] == done[year].get(channel, 0)
            assert row["status"] == "unavailable: no cost recorded for this channel"
    for (year, _), row in told(metric).items():
        same_share(row, sum(map(Decimal, cost[year].values())), sum(done[year].values()))


def test_campaign_cost_by_month_is_spread_to_the_cent(told, stored):
    rows = told("cpa_lead", "month")
    assert {month: cents(row["numerator"]) for (month, _), row in rows.items()} == {
        month: Decimal(cost) for month, cost in stored["cost_by_month"].items()
    }


def test_channels_that_have_both_cost_and_leads_are_few_and_the_others_show_no_cpa(told, stored):
    rows = told("cpa_lead", dimension="channel")
    valued = {channel for (_, channel), row in rows.items() if row["value"] is not None}
    assert valued == {"Advertising", "Partner", "Public relations", "Referral", "Shows and conferences"}
    costly = {channel for year in stored["cost_by_fiscal_year_and_channel"].values() for channel in year}
    assert costly - valued == {"Direct mail", "Email", "Other campaigns", "Telemarketing", "Webinar"}


def test_cac_is_media_cac_because_the_export_has_no_expenses(told, stored):
    rows, spent = told("cac"), stored["cost_by_fiscal_year_and_channel"]
    customers = {key: row["value"] for key, row in told("new_customers").items()}
    for (year, _), row in rows.items():
        same_share(row, sum(map(Decimal, spent[year].values())), int(customers[year, "all"]))
    assert {row["status"] for metric in ("cac", "cac_shifted") for row in told(metric).values()} == {"media CAC"}


@pytest.mark.parametrize(
    ("metric", "dimension", "status"),
    [
        ("referral_rate", "total", "unavailable: no referrals recorded"),
        ("pipeline_coverage", "total", "unavailable: no target"),
        ("pipeline_coverage", "channel", "unavailable: no target by channel"),
        ("cpa_lead", "segment", "unavailable: cost is not known by segment"),
        ("cpa_lead", "region", "unavailable: cost is not known by region"),
        ("cpa_lead", "owner_team", "unavailable: cost is not known by owner_team"),
        ("cac", "channel", "unavailable: expenses are not known by channel"),
        ("cac_shifted", "channel", "unavailable: expenses are not known by channel"),
    ],
)
def test_what_the_export_cannot_answer_is_unavailable_by_name(told, metric, dimension, status):
    for kind in ("fiscal_year", "fiscal_quarter"):
        rows = told(metric, kind, dimension).values()
        assert {(row["value"], row["numerator"], row["status"]) for row in rows} == {(None, None, status)}


def test_nothing_costs_per_mql_because_no_lead_qualifies(told):
    assert {(row["value"], row["denominator"]) for row in told("cpa_mql").values()} == {(None, 0)}


def test_segment_region_and_team_are_unknown_for_everything(zoho):
    named = zoho.execute(
        "select distinct dimension, dimension_value from metrics.shared_metrics "
        "where dimension in ('segment', 'region', 'owner_team') order by 1"
    ).fetchall()
    assert named == [(dimension, "unknown") for dimension in ("owner_team", "region", "segment")]


def test_speed_to_lead_is_the_first_call_or_meeting_that_names_the_lead(told, stored):
    known = stored["first_contact_days"]
    for (year, _), row in told("speed_to_lead").items():
        assert row["denominator"] == known.get(year, {"leads": 0})["leads"], year
        days = pytest.approx(float(known[year]["median"]), rel=1e-12, abs=0) if year in known else None
        assert row["value"] == days, year


def test_marketing_sourced_and_influenced_revenue_are_those_of_the_export(told, stored):
    known = stored["marketing_revenue_by_fiscal_year"]
    for metric, by in (("sourced", "sourced"), ("influenced", "influenced")):
        amounts = {year: cents(row["value"]) for (year, _), row in told(f"marketing_{metric}_revenue").items()}
        assert amounts == {year: Decimal(known[by].get(year, 0)) for year in YEARS}


@pytest.mark.parametrize("milestone", ["opportunity", "won"])
def test_credit_goes_to_deals_of_matched_members_and_the_others_say_no_marketing_touch(zoho, stored, milestone):
    known = stored["credit"][milestone]
    deals = zoho.execute(
        "select distinct deal_id, touch_id is null, model from metrics.touch_credit where milestone = ?", [milestone]
    ).fetchall()
    models = {model for *_, model in deals}
    assert len(models) == (9 if milestone == "won" else 8), "full_path is for won deals"
    for model in models:
        found = Counter("no marketing touch" if none else "with a touch" for _, none, m in deals if m == model)
        assert found == known["deals"], model
    linear = zoho.execute(
        "select channel, sum(credit_amount) from metrics.touch_credit "
        "where milestone = ? and model = 'linear' group by 1",
        [milestone],
    ).fetchall()
    assert dict(linear) == {channel: Decimal(amount) for channel, amount in known["linear"].items()}


def test_every_model_hands_out_exactly_the_deals_amount(zoho):
    off = zoho.execute(
        "select deal_id from metrics.touch_credit group by deal_id, milestone, model, deal_amount "
        "having sum(credit_amount) <> deal_amount or sum(credit_share) <> 1"
    ).fetchall()
    assert off == []


def test_the_grid_covers_the_export_from_its_first_cost_to_the_last_complete_month(zoho, stored):
    first, last = zoho.execute(
        "select min(period_start_on), max(period_start_on) from metrics.shared_metrics where period_kind = 'month'"
    ).fetchone()
    assert (first, last) == (date(2018, 6, 1), date(2021, 5, 1))
    assert first.isoformat() == min(stored["cost_by_month"])
