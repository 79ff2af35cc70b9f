"""What changed the cost of a customer, told apart a second time: from the published records, in fractions."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest

from tests import support

TREND = ("price", "spend without customers")


@pytest.fixture(scope="module")
def told(sample_run):
    """(cac_change's rows, the sign's row, costs and customers per year) of the sample company."""
    with support.published(sample_run[0]) as con:
        rows = _dicts(con, "select * from metrics.cac_change")
        sign = _dicts(con, "select * from metrics.alignment_signs where sign = 'cac'")[0]
        return rows, sign, [_year(con, sign["from_on"], shift) for shift in (1, 0)]


def _dicts(con, sql: str) -> list[dict]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _year(con, start, shift: int) -> dict:
    """What the four quarters from start, or those `shift` years before, spent and won: by channel, and in all."""
    said = con.execute(
        "select measure, channel, sum(record_amount), count(distinct record_id) from metrics.metric_records "
        "where measure in ('campaign cost', 'total cost', 'customers') "
        "and happened_on >= cast($1 as date) - to_years($2) and happened_on < cast($1 as date) - to_years($2 - 1) "
        "group by 1, 2",
        [start, shift],
    ).fetchall()
    year = {"cost": defaultdict(Fraction), "won": defaultdict(int), "total": Fraction(0)}
    for measure, channel, amount, records in said:
        if measure == "campaign cost":
            year["cost"][channel] += Fraction(amount)
        elif measure == "total cost":
            year["total"] += Fraction(amount)
        else:
            year["won"][channel] += records
    return year


def _retold(before: dict, now: dict) -> dict[tuple[str, str], Fraction]:
    """(part, channel) -> its change of CAC. A factor's change counts in the mean of both orders of change."""
    years, parts = (before, now), defaultdict(Fraction)
    spent, won = [sum(y["cost"].values()) for y in years], [sum(y["won"].values()) for y in years]
    worth = spent[0] / won[0] * spent[1] / won[1]
    bought = [sum(y["won"][c] for c in y["cost"]) / s for y, s in zip(years, spent, strict=True)]
    usual = sum(bought) / 2
    for channel in {c for y in years for c in (*y["cost"], *y["won"])}:
        cost, got = [y["cost"].get(channel, 0) for y in years], [y["won"].get(channel, 0) for y in years]
        share = [c / s for c, s in zip(cost, spent, strict=True)]
        brings = [g / c if c else None for g, c in zip(got, cost, strict=True)]
        barren = any(c and not g for c, g in zip(cost, got, strict=True))
        if all(cost):
            changed = (share[0] * (brings[1] - brings[0]) + share[1] * (brings[1] - brings[0])) / 2
            parts["spend without customers" if barren else "price", channel] -= worth * changed
        if any(cost):
            known = [b for b in brings if b is not None]
            moved = (share[1] - share[0]) * (sum(known) / len(known) - usual)
            parts["spend without customers" if barren else "mix", channel] -= worth * moved
        free = [0 if c else Fraction(g) for c, g in zip(cost, got, strict=True)]
        if any(free):
            parts["customers without spend", channel] -= worth * (free[1] / spent[1] - free[0] / spent[0])
    rest = [(y["total"] - s) / n for y, s, n in zip(years, spent, won, strict=True)]
    parts["expenses", "(all)"] = rest[1] - rest[0]
    return parts


def test_the_parts_sum_to_the_change_of_cac_to_the_paisa(told):
    rows, sign, (before, now) = told
    assert (
        sum((row["change_amount"] for row in rows), Decimal(0)) == rows[0]["cac_amount"] - rows[0]["cac_before_amount"]
    )
    for year, column, figure in ((now, "cac_amount", "cac"), (before, "cac_before_amount", "cac_before")):
        cac = year["total"] / sum(year["won"].values())
        assert float(rows[0][column]) == pytest.approx(float(cac), abs=0.006)
        assert sign[figure] == pytest.approx(float(cac), rel=1e-12)


def test_every_channel_with_a_cost_or_a_customer_has_its_part(told):
    rows, _, (before, now) = told
    shown = {row["channel"] for row in rows} - {"(all)"}
    assert shown == {c for y in (before, now) for c in (*y["cost"], *y["won"])}
    assert {row["part"] for row in rows} >= {"price", "mix", "expenses", "customers without spend"}
    for row in rows:
        if row["part"] == "spend without customers":
            costs, won = (row["cost_before_amount"], row["cost_amount"]), (row["customers_before"], row["customers"])
            assert any(cost and not customers for cost, customers in zip(costs, won, strict=True)), row


def test_each_part_is_what_the_records_say(told):
    rows, _, (before, now) = told
    mine = _retold(before, now)
    assert {(row["part"], row["channel"]) for row in rows} == set(mine)
    for row in rows:
        assert float(row["change_amount"]) == pytest.approx(float(mine[row["part"], row["channel"]]), abs=0.1), row


def test_the_trend_counts_what_money_brought_and_the_sign_names_both_costs(told):
    rows, sign, (before, _) = told
    then = sum(before["cost"].values()) / sum(before["won"].values())
    counted = sum(row["change_amount"] for row in rows if row["part"] in TREND)
    assert sign["figure_before"] == pytest.approx(float(then), rel=1e-12)
    assert sign["figure"] == pytest.approx(float(then) + float(counted), abs=0.5)
    assert sign["figure_low"] < sign["figure"] < sign["figure_high"]
    assert "at constant mix INR" in sign["evidence"] and "; CAC as the glossary has it" in sign["evidence"]
