"""The rows behind the shared metrics: the documented query, run as it stands, leads back to the published numbers."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy
import pytest

from tests import support

README = support.CHECKOUT / "dbt_project/models/marts/metrics/README.md"
PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|\+?91[\s-]?\d{10}", re.I)
KEY = ("metric", "period_kind", "period_start_on", "dimension", "dimension_value")


@pytest.fixture(scope="module")
def metrics(small_run):
    con = support.published(small_run[0])
    yield con
    con.close()


@pytest.fixture(scope="module")
def query() -> str:
    """The README's own SQL, with parameters in DuckDB's way of writing them."""
    text = re.search(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.S).group(1)
    return re.sub(r":(\w+)", r"$\1", text)


def test_the_documented_query_leads_from_any_number_to_its_rows_and_back(metrics, query):
    told = _dicts(metrics, f"select {', '.join(KEY)}, value, numerator, denominator from metrics.shared_metrics")
    value_is = dict(metrics.execute("select metric, value_is from metrics.metric_definitions").fetchall())
    compared = set()
    for row in _sample(told, per_metric=14):
        rows = _dicts(metrics, query, {name: row[name] for name in KEY})
        numerator, denominator = _sides(metrics, query, row, rows)
        if row["numerator"] is not None:
            assert _same(numerator, row["numerator"]), (row, numerator)
            compared.add(row["metric"])
        if row["denominator"] is not None:
            assert _same(denominator, row["denominator"]), (row, denominator)
        if row["value"] is not None:
            expected = numerator if value_is[row["metric"]] == "numerator" else numerator / denominator
            assert _same(expected, row["value"]), (row, expected)
    assert compared == {row["metric"] for row in told}, "every metric is compared at least once"


def test_every_part_is_of_a_measure_and_a_window_that_exist(sample_run):
    """At full size, where every measure has records."""
    with support.published(sample_run[0]) as con:
        for column, table in (("measure", "metric_records"), ("period_window", "metric_windows")):
            named = _column(con, f"select distinct {column} from metrics.metric_parts")
            known = _column(con, f"select distinct {column} from metrics.{table}")
            # a gap of the agreed rule to itself has no rows
            assert named - known <= {"marketing-sourced gap first_touch"}, table
            assert known <= named, f"{table} holds what no metric is made of"


def test_every_metric_is_told_in_words_and_made_of_parts(metrics):
    defined = _dicts(metrics, "select * from metrics.metric_definitions")
    parts = _column(metrics, "select distinct metric from metrics.metric_parts")
    assert {row["metric"] for row in defined} == parts
    for row in defined:
        assert row["formula"] and row["meaning"] and not re.search(r"\w_\w", row["name"] + row["formula"].split("(")[0])


def test_no_person_stands_in_the_records_behind_the_metrics(metrics):
    for table in ("metric_records", "shared_metrics"):
        names = [c[0] for c in metrics.execute(f"describe metrics.{table}").fetchall() if c[1] == "VARCHAR"]
        for name in names:
            values = _column(metrics, f"select distinct {name} from metrics.{table}")
            found = [value for value in values if value and PERSONAL.search(value)]
            assert not found, (table, name, found[:3])


def _sides(con, query: str, row: dict, rows: list[dict]) -> tuple[float | None, float | None]:
    """Numerator and denominator, as the README tells to take them from the rows."""
    wanted = _dicts(
        con,
        "select p.* from metrics.metric_parts as p inner join metrics.metric_windows as w using (period_window) "
        "where p.metric = $metric and p.dimension = $dimension "
        "and w.period_kind = $period_kind and w.period_start_on = $period_start_on",
        {name: row[name] for name in KEY if name != "dimension_value"},
    )
    taken = defaultdict(list)
    for part in wanted:
        same = ("side", "measure", "period_window", "aggregated")
        mine = [r for r in rows if all(r[name] == part[name] for name in same)]
        if part["aggregated"] == "customer value":
            taken[part["side"]].append((part, _customer_value(con, query, row, mine)))
        else:
            taken[part["side"]].append((part, _taken(part["aggregated"], mine)))
    if row["metric"] == "sales_velocity":
        return _velocity(taken["numerator"]), taken["denominator"][0][1]
    sums = {side: _added(parts) for side, parts in taken.items()}
    if row["metric"] == "pipeline_coverage" and "denominator" in sums:
        sums["denominator"] = max(0, sums["denominator"])
    return sums.get("numerator"), sums.get("denominator")


def _taken(aggregated: str, rows: list[dict]):
    if aggregated == "rows":
        return len(rows)
    if aggregated == "rows with an amount":
        return sum(r["record_amount"] is not None for r in rows)
    if aggregated == "amount":
        return sum((r["record_amount"] for r in rows if r["record_amount"] is not None), Decimal(0))
    share = {"median": 50, "90th percentile": 90}[aggregated]
    return float(numpy.percentile([r["quantity"] for r in rows], share)) if rows else None


def _added(parts: list):
    values = [part["factor"] * value for part, value in parts if value is not None]
    return sum(values) if values else None


def _velocity(parts: list) -> float | None:
    by = {(part["measure"], part["aggregated"]): float(value) for part, value in parts}
    won = by["deals won", "rows"]
    closed, priced = won + by["deals lost", "rows"], by["deals won", "rows with an amount"]
    if not closed or not priced:
        return None
    return by["open opportunities", "rows"] * (won / closed) * (by["deals won", "amount"] / priced)


def _customer_value(con, query: str, row: dict, mine: list[dict]) -> Decimal:
    """The glossary's formula over the orders; the pace is that of the whole segment."""
    facts = _settings()
    everyone = _dicts(con, query, {**{n: row[n] for n in KEY}, "dimension": "total", "dimension_value": "all"})
    until = con.execute(
        "select until_on from metrics.metric_windows "
        "where period_window = 'up to its end' and period_kind = ? and period_start_on = ?",
        [row["period_kind"], row["period_start_on"]],
    ).fetchone()[0]
    orders, pace = defaultdict(list), defaultdict(lambda: [0, 0])
    for order in everyone:
        if order["measure"] == "orders":
            orders[order["account_id"]].append(order)
    for history in orders.values():
        pace[history[0]["segment"]][0] += len(history) - 1
        pace[history[0]["segment"]][1] += (until - min(o["happened_on"] for o in history)).days
    growth, years = 1 + facts["clv_discount_percent"] / 100, range(1, int(facts["clv_horizon_years"]) + 1)
    horizon = sum(growth**-year for year in years)
    total = Decimal(0)
    for account in {order["account_id"] for order in mine}:
        history = orders[account]
        repeats, days = pace[history[0]["segment"]]
        value = _one_value(history, until, repeats / (days / 365.25) if days else 0.0, facts) * horizon
        total += Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return total


def _one_value(history: list[dict], until: date, pace: float, facts: dict) -> float:
    days = [order["happened_on"] for order in history]
    amounts = [float(order["record_amount"]) for order in history if order["record_amount"] is not None]
    if not amounts:
        return 0.0
    years, prior = (until - min(days)).days / 365.25, facts["clv_prior_years"]
    yearly = (len(history) - 1 + prior * pace) / (years + prior)
    still = 0.5 ** ((until - max(days)).days / facts["clv_half_life_days"])
    return yearly * sum(amounts) / len(amounts) * facts["clv_margin_percent"] / 100 * still


def _settings() -> dict[str, float]:
    lines = (support.CHECKOUT / "agreement/settings.csv").read_text(encoding="utf-8").splitlines()
    return {name: float(value) for name, value, *_ in (line.split(",") for line in lines) if name.startswith("clv_")}


def _sample(rows: list[dict], per_metric: int) -> list[dict]:
    """Per metric some rows that tell something and some that do not, by chance but always the same."""
    chance, chosen, groups = random.Random(20260331), [], defaultdict(list)
    for row in sorted(rows, key=lambda row: tuple(str(row[name]) for name in KEY)):
        groups[row["metric"], bool(row["numerator"])].append(row)
    for (_, tells), group in sorted(groups.items()):
        chosen += chance.sample(group, min(len(group), per_metric if tells else per_metric // 3))
    return chosen


def _same(ours, published) -> bool:
    return ours is not None and abs(float(ours) - published) <= 1e-9 * max(1.0, abs(published))


def _dicts(con, sql: str, values: dict | None = None) -> list[dict]:
    cursor = con.execute(sql, values or {})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def _column(con, sql: str) -> set:
    return {row[0] for row in con.execute(sql).fetchall()}
