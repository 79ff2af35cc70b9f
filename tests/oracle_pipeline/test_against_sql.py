"""The models' SQL and a plain reading of the glossary give the same pipeline, on made-up lakes, to the paisa."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracle_pipeline import ledger
from tests.oracle_pipeline.histories import History
from tests.oracle_pipeline.models import built
from tests.oracle_pipeline.progress import maturity
from tests.oracle_pipeline.worlds import STAGES, World, world, worlds

MOVEMENTS = "deal_id, epoch_us(moved_at), week_start_on, source, due_fiscal_quarter, movement, movement_amount"
PARTS = ("opening", *ledger.IN, *ledger.OUT, "closing")


def differences(sql: dict[str, str], world: World) -> list:
    """What the models give and the glossary does not, or the other way round."""
    company = world.company()
    told = ledger.histories(world.deals, company)
    con = built(sql, world)
    found = []
    for name, theirs in (("movements", _movements(told, company)), ("weeks", _weeks(told, company)),
                         ("days", _days(told, company))):  # fmt: skip
        ours = con.execute(QUERIES[name]).fetchall()
        found += [(name, "only the models", row) for row in _less(ours, theirs)]
        found += [(name, "only the oracle", row) for row in _less(theirs, ours)]
    con.close()
    return found


QUERIES = {
    "movements": f"select {MOVEMENTS} from metrics.pipeline_movements",
    "weeks": f"select week_start_on, source, due_fiscal_quarter, {', '.join(f'{part}_amount' for part in PARTS)}, "
    "maturity from metrics.pipeline_waterfall_weekly",
    "days": "select day_on, deal_id, source, stage, forecast_category, deal_amount, expected_close_on, "
    "due_fiscal_quarter, owner_id from metrics.pipeline_daily",
}


def _less(rows: list, others: list) -> list:
    """Rows that the others lack, a row that stands twice counted twice."""
    left = Counter(map(_plain, others))
    found = []
    for row in map(_plain, rows):
        if left[row]:
            left[row] -= 1
        else:
            found.append(row)
    return found


def _plain(row: tuple) -> tuple:
    """Amounts with two places, so that 0 is 0.00."""
    return tuple(f"{cell:.2f}" if isinstance(cell, Decimal) else cell for cell in row)


def _movements(told: list[History], company) -> list[tuple]:
    epoch = lambda at: round(at.timestamp() * 10**6)  # noqa: E731
    return [
        (entry.deal_id, epoch(entry.at), ledger.monday(company.day_of(entry.at)))
        + (*entry.cell, entry.movement, entry.amount)
        for entry in ledger.movements(told, company)
    ]


def _weeks(told: list[History], company) -> list[tuple]:
    rows = ledger.waterfall(told, company)
    assert not ledger.broken(rows)
    return [
        (week, *cell, *(row[part] for part in PARTS), maturity(week, company)) for (week, cell), row in rows.items()
    ]


def _days(told: list[History], company) -> list[tuple]:
    """A category that no log or later export tells anew is today's, and no word about the days before."""
    logged = {history.deal.deal_id for history in told if history.has_log("forecast_category")}
    today = company.last_day()
    return [
        (day, deal_id, state.channel, STAGES.get(state.stage, (None,))[0])
        + (state.category if deal_id in logged or day == today else None, state.amount, state.due_on)
        + (company.quarter(state.due_on), f"{deal_id.split(':')[0]}:{state.owner}")
        for (day, deal_id), state in ledger.daily(told, company).items()
    ]


FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@given(world=worlds())
@FEW
def test_the_pipeline_is_what_the_glossary_says(sql, world):
    assert differences(sql, world) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_deals_at_once_are_too(sql, seed):
    assert differences(sql, world(seed, 100)) == []


@given(world=worlds(20))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_moved_is_what_lies_between_two_countings_of_the_open_deals(world):
    """The identity, exactly, in every cell: openings and closings are counted from the deals, not from what moved."""
    company = world.company()
    told = ledger.histories(world.deals, company)
    rows = ledger.waterfall(told, company)
    assert not ledger.broken(rows)
    final = ledger.balance(told, company, company.last_day())
    summed: dict = {}
    for entry in ledger.movements(told, company):
        summed[entry.cell] = summed.get(entry.cell, 0) + entry.amount
    assert {cell: amount for cell, amount in summed.items() if amount} == final


# a change of the SQL that no reader would see at a glance -> the model it is made in
MUTATIONS = [
    ("int_deal_versions", "or (n.is_deleted and", "or (false and"),
    ("int_known_deals", "v.holds_from_at desc", "v.holds_from_at asc"),
    ("int_deal_changes", "amount is distinct from before_it", "amount <> before_it"),
    ("int_deal_changes", "closed_at > held_before_at", "closed_at >= held_before_at"),
    ("int_deal_changes", "having min(stage) <> max(stage)", ""),
    ("int_deal_changes", "c.versions > 1", "c.versions > 2"),
    ("int_deal_changes", "t.holds_from_at >= d.scrubbed_at", "t.holds_from_at > d.scrubbed_at"),
    ("int_deal_changes", "t.field = 'currency'\n    where t.field is null", "t.field = 'currency'"),
    (
        "int_deal_values",
        "order by changed_at, change_order, source_name) as next",
        "order by changed_at, change_order desc) as next",
    ),
    ("int_deal_states", "where scrubbed_at > created_at", "where false"),
    ("int_deal_states", "where closed_at > created_at", "where false"),
    ("int_deal_states", "c_amount.from_at >= c_currency.from_at", "c_amount.from_at < c_currency.from_at"),
    ("int_pipeline_states", "d.scrubbed_at <= s.state_at", "d.scrubbed_at < s.state_at"),
    ("int_pipeline_states", "d.closed_at > s.state_at", "d.closed_at >= s.state_at"),
    ("int_pipeline_states", "s.has_categories or s.is_open_in_record", "is_open_in_record"),
    ("int_pipeline_states", "s.has_categories or s.is_open_in_record", "true"),
    ("int_pipeline_states", "then '-Q1'", "then '-Q2'"),
    ("int_pipeline_states", "or owner_id is distinct from owner_id_before", ""),
    ("pipeline_movements", "status <> 'scrubbed'", "true"),
    ("pipeline_movements", "amounts_before = 0", "amount_before is null"),
    ("pipeline_movements", "and currency is not distinct from currency_before", ""),
    ("pipeline_movements", "(is_moving or is_first_amount)", "is_moving"),
    ("pipeline_movements", "status_before <> 'open' and amount_before", "status_before = 'lost' and amount_before"),
    ("pipeline_movements", "due_fiscal_quarter <> quarter_before", "due_fiscal_quarter > quarter_before"),
    ("pipeline_waterfall_weekly", "<= w.week_start_on", "< w.week_start_on"),
    ("pipeline_waterfall_weekly", "+ 7 >= 7", ">= 7"),
    ("pipeline_daily", "order by state_number desc", "order by state_number"),
    ("pipeline_daily", "n.day_number - 1", "n.day_number"),
    ("pipeline_daily", "has_category_history or day_on", "true or day_on"),
    ("pipeline_daily", "where s.status = 'open'", "where s.status <> 'won'"),
]


@pytest.mark.parametrize(("model", "said", "mistaken"), MUTATIONS, ids=[f"{m}: {said}" for m, said, _ in MUTATIONS])
def test_a_mistake_in_the_sql_does_not_go_unseen(sql, model, said, mistaken):
    assert sql[model].count(said) == 1
    changed = {**sql, model: sql[model].replace(said, mistaken)}
    assert any(differences(changed, world(seed, 100)) for seed in (1, 2, 3, 4, 5, 6))
