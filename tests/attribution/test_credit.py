"""The models' SQL and a plain reading of the definitions give the same credit, on made-up companies, to the paisa."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.attribution import contract
from tests.attribution.contract import World
from tests.attribution.models import compiled, credited
from tests.attribution.worlds import large_world, worlds


@pytest.fixture(scope="session")
def sql(tmp_path_factory) -> dict[str, str]:
    return compiled(tmp_path_factory.mktemp("attribution-dbt"))


def differences(sql: dict[str, str], world: World) -> list:
    """What the models give and the definitions do not, or the other way round."""
    con = credited(sql, world)
    removal = {
        (milestone, channel): units
        for milestone, channel, units in con.execute("from attribution.markov_removal").fetchall()
    }
    ours = {
        row[:4]: (row[4], int(row[5] * 10**9), row[6])
        for row in con.execute(
            "select deal_id, milestone, model, touch_id, channel, credit_share, credit_amount from metrics.touch_credit"
        ).fetchall()
    }
    count = con.execute("select count(*) from metrics.touch_credit").fetchone()[0]
    con.close()
    theirs, their_removal = contract.credit(world, removal), contract.removal_units(world)
    found = [(key, ours.get(key), theirs.get(key)) for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)]
    found += [
        (key, removal.get(key, 0), their_removal.get(key, 0))
        for key in {*removal, *their_removal}
        if removal.get(key, 0) != their_removal.get(key, 0)
    ]
    return found + ([] if count == len(ours) else ["a touch has two rows of one model"])


@given(world=worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
def test_every_touch_has_the_credit_that_the_definitions_give_it(sql, world):
    assert differences(sql, world) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_paths_at_once_have_it_too(sql, seed):
    assert differences(sql, large_world(seed)) == []


def test_credit_adds_up_to_the_amount_to_the_paisa(sql):
    world = large_world(3)
    amounts = {deal.deal_id: deal.amount for deal in world.deals}
    con = credited(sql, world)
    rows = con.execute(
        "select deal_id, model, sum(credit_share), sum(credit_amount) from metrics.touch_credit "
        "group by deal_id, milestone, model"
    ).fetchall()
    assert {model for _, model, _, _ in rows} == set(contract.MODELS)
    assert all(share == 1 and total == amounts[deal] for deal, _, share, total in rows)


def test_channels_of_which_none_would_be_missed_share_evenly(sql):
    def no_effect(con) -> None:
        con.execute("create schema attribution")
        con.execute(
            "create table attribution.markov_removal (milestone varchar, channel varchar, removal_units bigint)"
        )

    world = large_world(1)
    rows = (
        credited(sql, world, solve=no_effect)
        .execute(
            "select deal_id, milestone, touch_id, credit_share, credit_amount from metrics.touch_credit "
            "where model in ('markov', 'even_by_channel') order by deal_id, milestone, touch_id, model"
        )
        .fetchall()
    )
    assert rows and rows[::2] == rows[1::2]


# a change of the SQL that no reader would see at a glance -> the model it is made in
MUTATIONS = [
    ("int_path_touches", "order by happened_at, touch_id", "order by happened_at, touch_id desc"),
    ("int_path_touches", "t.happened_at <= m.milestone_at", "t.happened_at < m.milestone_at"),
    ("int_path_touches", "t.happened_at <= m.lead_created_at", "t.happened_at < m.lead_created_at"),
    ("int_path_touches", "t.happened_at <= m.opportunity_at", "t.happened_at < m.opportunity_at"),
    ("int_path_touches", "epoch_us(t.happened_at) < ", "epoch_us(t.happened_at) <= "),
    ("int_path_touches", "* 86400000000", "* 86399999999"),
    ("int_path_touches", "where is_eligible", ""),
    ("int_deal_milestones", "p.person_id = l.lead_id", "p.lead_id = l.lead_id"),
    ("int_deal_leads", "coalesce(d.lead_id, k.lead_id)", "d.lead_id"),
    ("int_deal_milestones", "status = 'won' and ", ""),
    ("int_unconverted_touches", "status = 'lost' and ", ""),
    ("int_unconverted_touches", "max(t.happened_at)", "min(t.happened_at)"),
    ("int_unconverted_touches", "where b.account_id is null", ""),
    ("int_channel_transitions", "where is_last", ""),
    ("int_model_weights", "item = 'rest' then cast(value * 1000", "item = 'rest' then cast(value * 1001"),
    ("int_model_weights", "item = 'lead' then", "item = 'opportunity' then"),
    ("int_channel_units", "desc, channel", "desc, channel desc"),
    ("int_channel_units", "else removal_units end", "else 1 end"),
    ("int_touch_weights", "+ coalesce(opportunity_weight, 0)", ""),
    ("int_touch_weights", "greatest(1, rest_touches)", "(rest_touches + 1)"),
    ("int_touch_weights", "p.is_last then m.last_weight", "p.is_lead then m.last_weight"),
    ("int_touch_weights", "cast(0.5 as double)", "cast(0.51 as double)"),
    ("int_touch_units", "desc, touch_order", "desc, touch_order desc"),
    ("int_touch_units", "remainder_rank <= units_left", "remainder_rank < units_left"),
    ("int_touch_units", "order by remainder desc", "order by remainder"),
    ("touch_credit", "desc, touch_order", "desc, touch_order desc"),
    ("touch_credit", "order by remainder desc", "order by product desc"),
    ("touch_credit", "m.deal_amount < 0", "m.deal_amount < -1"),
    ("touch_credit", "where t.path_number is null", "where false"),
]


@pytest.mark.parametrize(("model", "said", "mistaken"), MUTATIONS, ids=[f"{m}: {said}" for m, said, _ in MUTATIONS])
def test_a_mistake_in_the_sql_does_not_go_unseen(sql, model, said, mistaken):
    assert said in sql[model]
    changed = {**sql, model: sql[model].replace(said, mistaken)}
    assert differences(changed, large_world(1))
