"""Each quarter's miss, told apart a second time: factors from the published records, Shapley by walking every order."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from math import factorial, prod

import pandas as pd
import pytest

from tests import support

FACTORS = ("volume", "quality", "conversion", "speed", "deal value")


@pytest.fixture(scope="module")
def told(small_run):
    """(target_miss, factor -> value per complete quarter) of the small company."""
    with support.published(small_run[0]) as con:
        rows = con.execute("select * from metrics.target_miss order by period_start_on, factor")
        table = pd.DataFrame(rows.fetchall(), columns=[column[0] for column in rows.description])
        table["period_start_on"] = pd.to_datetime(table.period_start_on)
        return table, _counts(con)


def _counts(con) -> pd.DataFrame:
    """Leads, MQLs, deals won and late, revenue: per quarter, from the rows behind the shared metrics."""
    records = con.execute("select * from metrics.metric_records").df()
    revenue = con.execute(
        "select period_start_on, value from metrics.shared_metrics "
        "where metric = 'revenue' and period_kind = 'fiscal_quarter' and dimension = 'total'"
    ).df()
    counts = pd.DataFrame({"revenue": revenue.set_index("period_start_on").value})
    quarter = lambda days: pd.to_datetime(days).dt.to_period("Q").dt.start_time  # noqa: E731
    for name, measure in (("leads", "leads created"), ("mqls", "leads qualified"), ("won", "deals won")):
        mine = records[records.measure == measure]
        counts[name] = mine.groupby(quarter(mine.happened_on)).record_id.nunique()
    return counts.fillna(0)


def test_the_parts_sum_to_the_miss_to_the_paisa(told):
    table, _ = told
    whole = table[table.status == "ok"]
    assert whole.fiscal_quarter.nunique() >= 6
    for _, rows in whole.groupby("fiscal_quarter"):
        assert set(rows.factor) == set(FACTORS)
        assert sum(rows.lacking_amount, Decimal(0)) == rows.miss_amount.iloc[0]
        assert rows.miss_amount.iloc[0] == rows.target_amount.iloc[0] - rows.revenue_amount.iloc[0]


def test_what_was_asked_and_what_changed_are_told_apart_to_the_paisa(told):
    for _, rows in told[0][told[0].status == "ok"].groupby("fiscal_quarter"):
        first, stretch = rows.iloc[0], dict(zip(rows.factor, rows.stretch_amount, strict=True))
        assert stretch.pop("volume") == first.target_amount - first.baseline_amount
        assert not any(stretch.values())
        assert sum(rows.change_amount, Decimal(0)) == first.baseline_amount - first.revenue_amount
        assert (rows.stretch_amount + rows.change_amount == rows.lacking_amount).all()


def test_the_words_say_on_which_side_each_amount_lies(told):
    for _, rows in told[0][told[0].status == "ok"].groupby("fiscal_quarter"):
        first = rows.iloc[0]
        missed, asked, brought = first.quarter_sentence.replace(", the quarter", ": the quarter").split(": ")
        assert missed.startswith("missed" if first.miss_amount > 0 else "beat")
        more = {True: " above ", False: " below "}
        assert more[first.target_amount > first.baseline_amount] in asked
        assert more[first.revenue_amount > first.baseline_amount] in brought
        for row in rows.itertuples():
            assert row.sentence.startswith(f"{row.factor}: ")
            assert (" cost INR " if row.change_amount > 0 else " brought INR ") in row.sentence
            assert ("The target asks" in row.sentence) == (row.factor == "volume")


def test_the_factors_make_the_target_the_baseline_and_the_revenue(told):
    for _, rows in told[0][told[0].status == "ok"].groupby("fiscal_quarter"):
        assert prod(rows.baseline) == pytest.approx(float(rows.baseline_amount.iloc[0]), abs=0.01)
        assert prod(rows.planned) == pytest.approx(float(rows.target_amount.iloc[0]), rel=1e-12)
        assert prod(rows.actual) == pytest.approx(float(rows.revenue_amount.iloc[0]), rel=1e-12)


def test_each_part_is_the_mean_over_every_order_of_change(told):
    for _, rows in told[0][told[0].status == "ok"].groupby("fiscal_quarter"):
        rows = rows.set_index("factor")
        parts = dict.fromkeys(FACTORS, 0.0)
        for order in permutations(FACTORS):
            now = dict(rows.baseline)
            for factor in order:
                before = prod(now.values())
                now[factor] = rows.actual[factor]
                parts[factor] += (before - prod(now.values())) / factorial(len(FACTORS))
        for factor in FACTORS:
            assert float(rows.change_amount[factor]) == pytest.approx(parts[factor], abs=0.06), factor


def test_leads_and_rates_are_those_of_the_records(told):
    table, counts = told
    for start, rows in table[table.status == "ok"].groupby("period_start_on"):
        rows, mine = rows.set_index("factor"), counts.loc[start]
        year = counts[(counts.index < start) & (counts.index >= start - pd.DateOffset(months=12))].sum()
        assert rows.actual["volume"] == mine.leads
        assert rows.baseline["volume"] == year.leads / 4
        assert float(rows.baseline_amount.iloc[0]) == pytest.approx(year.revenue / 4, abs=0.01)
        assert rows.planned["quality"] == pytest.approx(year.mqls / year.leads, rel=1e-12)
        assert rows.planned["deal value"] == pytest.approx(year.revenue / year.won, rel=1e-12)
        if mine.leads and mine.won:
            assert rows.actual["quality"] == pytest.approx(mine.mqls / mine.leads, rel=1e-12)
            assert rows.actual["deal value"] == pytest.approx(mine.revenue / mine.won, rel=1e-12)


def test_a_year_without_its_past_is_told_apart_by_nothing(told):
    first = told[0].groupby("fiscal_quarter").status.first().iloc[:3]
    assert (first == "short history").all()
