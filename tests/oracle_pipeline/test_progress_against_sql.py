"""The models' SQL and a plain reading of the words give the same progress of the pipeline, on made-up lakes."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracle_pipeline import ledger, progress
from tests.oracle_pipeline.courses import courses
from tests.oracle_pipeline.journeys import journey, journeys
from tests.oracle_pipeline.models import MIN_CASES, built
from tests.oracle_pipeline.slips import slipped_weekly, slips
from tests.oracle_pipeline.standing_open import open_deals
from tests.oracle_pipeline.worlds import STAGES, World, world, worlds

ADVANCED = [f"{name}_{what}" for name in ("open", "advanced", *progress.OUTCOMES) for what in ("deals", "amount")]
OPEN = (
    "stage amount entered_at days seen_days forward_stays median_days p90_days is_stalled stage_status due_on quarter"
)
OPEN = f"{OPEN} first_due_on from_first times_redated times_slipped is_past_due days_past_due due_status".split()
SLIPPED = "open_deals not_followed_deals slips unpriced_slips slipped_deals slipped_amount slipped_before_deals"
SLIPPED = f"{SLIPPED} slipped_before_amount won_deals won_amount lost_deals lost_amount scrubbed_deals scrubbed_amount"
SLIPPED = f"{SLIPPED} still_open_deals still_open_amount pushed_out_amount drawn_nearer_amount otherwise_moved_amount"
SLIPPED = f"{SLIPPED} maturity history_status".split()
QUERIES = {
    "generated": "select week_start_on, source, deals, generated_amount, created_amount, undated_amount, "
    "dated_later_amount, told_later_deals, maturity, history_status from metrics.pipeline_generated_weekly",
    "advanced": f"select week_start_on, source, {', '.join(ADVANCED)}, maturity, history_status "
    "from metrics.pipeline_advanced_weekly",
    "conversion": f"select period_kind, period_start_on, stage, stage_order, {', '.join(progress.COUNTS)}, settled, "
    "forward_stays, advanced_rate, settled_rate, median_days, p90_days, unknown_deals, "
    "maturity, history_status "
    "from metrics.stage_conversion",
    "open deals": "select deal_id, stage, deal_amount, stage_entered_at, days_in_stage, days_seen_in_stage, "
    "stage_forward_stays, stage_median_days, stage_p90_days, is_stalled, stage_status, due_on, due_fiscal_quarter, "
    "first_due_on, days_from_first_due, times_redated, times_slipped, is_past_due, days_past_due, due_status "
    "from metrics.open_deals",
    "slips": "select deal_id, slipped_at, source, slip_number, due_before_on, due_on, slipped_amount, outcome "
    "from metrics.pipeline_slips",
    "slipped": f"select week_start_on, source, {', '.join(SLIPPED)} from metrics.pipeline_slipped_weekly",
}


def differences(sql: dict[str, str], world: World) -> list:
    """What the models give and the words do not, or the other way round."""
    company = world.company()
    told = courses(ledger.histories(world.deals, company), company, STAGES)
    wanted = {
        "generated": [
            (*key, row["deals"], *(row[name] for name in progress.AMOUNTS), row["told_later"], *_statuses(row))
            for key, row in progress.generated(told, company).items()
        ],
        "advanced": [
            (*key, *(row[name] for name in ADVANCED), *_statuses(row))
            for key, row in progress.advanced(told, company).items()
        ],
        "conversion": [_converted(key, row, company) for key, row in progress.conversion(told, company).items()],
        "open deals": [
            (deal_id, *(row[name] for name in OPEN))
            for deal_id, row in open_deals(told, company, MIN_CASES).items()
        ],
        "slips": [astuple(slip) for slip in slips(told, company)],
        "slipped": [(*key, *(row[name] for name in SLIPPED)) for key, row in slipped_weekly(told, company).items()],
    }  # fmt: skip
    con = built(sql, world)
    found = []
    for name, query in QUERIES.items():
        ours, theirs = (sorted(map(_plain, rows), key=str) for rows in (con.execute(query).fetchall(), wanted[name]))
        found += [(name, "only the models", row) for row in ours if row not in theirs]
        found += [(name, "only the words", row) for row in theirs if row not in ours]
        assert found or ours == theirs, name
    con.close()
    return found


def _statuses(row: dict) -> tuple[str, str]:
    return row["maturity"], row["history_status"]


def _converted(key: tuple, row: dict, company) -> tuple:
    settled = row["advanced"] + row["lost"] + row["scrubbed"]
    is_unknown = row["unknown"] > 0 and row["known"] == 0
    counts = [*(row[name] for name in progress.COUNTS), settled, len(row["days"])]
    is_open = row["still_there"] + row["open_elsewhere"] > 0
    history = "partly kept" if row["unknown"] else "kept"
    return (
        *key,
        row["order"],
        *(counts if not is_unknown else [None] * len(counts)),
        row["advanced"] / row["entered"] if row["entered"] else None,
        row["advanced"] / settled if settled else None,
        progress.percentile(row["days"], 0.5) if row["days"] else None,
        progress.percentile(row["days"], 0.9) if row["days"] else None,
        row["unknown"],
        "maturing" if is_open or _runs(key, company) else "final",
        "unavailable: no history of stages" if is_unknown else history,
    )


def _runs(key: tuple, company) -> bool:
    """Whether AS_OF lies before the end of the period."""
    kind, start_on, _ = key
    return (kind, start_on) in progress.periods_of(company.day(company.as_of), company)


def _plain(row: tuple) -> tuple:
    """Amounts with two places, figures with nine, instants in UTC."""
    return tuple(_cell(cell) for cell in row)


def _cell(cell):
    if isinstance(cell, Decimal):
        return f"{cell:.2f}" if cell % 1 else str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.9f}"
    if hasattr(cell, "astimezone"):
        return cell.astimezone(UTC).isoformat()
    return str(cell)


FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@given(world=worlds())
@FEW
def test_progress_is_what_the_words_say(sql, world):
    assert differences(sql, world) == []


@given(world=journeys())
@FEW
def test_that_of_deals_that_move_on_is_too(sql, world):
    assert differences(sql, world) == []


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_that_of_a_hundred_deals_at_once_is_too(sql, seed):
    assert differences(sql, world(seed, 100)) == []
    assert differences(sql, journey(seed, 100)) == []


# a change of the SQL that no reader would see at a glance -> the model it is made in
MUTATIONS = [
    ("int_pipeline_follows", "e.began_at <= d.created_at", "e.began_at > d.created_at"),
    ("int_pipeline_follows", "where c.is_logged", ""),
    ("int_pipeline_follows", "min(loaded_at)", "max(loaded_at)"),
    ("int_pipeline_standings", "in ('won', 'lost')", "in ('won')"),
    ("int_pipeline_standings", "case when status <> 'scrubbed' then state_number end", "state_number"),
    ("int_pipeline_turns", "or standing <> standing_before", ""),
    ("int_pipeline_turns", "stage is distinct from stage_before", "stage <> stage_before"),
    ("int_pipeline_turns", "turned_at >= stages_known_from_at, false", "turned_at > stages_known_from_at, false"),
    ("int_pipeline_turns", "next_stage_order > stage_order", "next_stage_order <> stage_order"),
    ("int_pipeline_turns", "next_standing = 'won' or", "next_standing = 'lost' or"),
    ("int_pipeline_periods", "where stage is null or turned_at < stages_known_from_at", "where stage is null"),
    ("int_pipeline_periods", "and stages_known_from_at <= open_until_at", ""),
    ("int_pipeline_periods", "p.period_end_on > t.from_on", "p.period_end_on >= t.from_on"),
    ("pipeline_generated_weekly", "or state_at < due_dates_known_from_at", ""),
    ("pipeline_generated_weekly", "deal_amount is null or expected_close_on is null", "expected_close_on is null"),
    ("pipeline_generated_weekly", "is_created and not is_generated", "is_created"),
    ("pipeline_generated_weekly", "when told_later_deals > 0 then 'partly kept'", ""),
    ("pipeline_generated_weekly", "told_later_deals = counted_deals", "told_later_deals >= deals"),
    ("pipeline_advanced_weekly", "when unknown_deals > 0 then 'partly kept'", ""),
    ("stage_conversion", "is_running or", ""),
    ("int_pipeline_weeks", "order by state_number desc", "order by state_number"),
    ("pipeline_advanced_weekly", "when next_week_on is null or week_start_on <> next_week_on then 'stayed'", ""),
    ("pipeline_advanced_weekly", "when next_stage_order is null then 'unknown'", ""),
    ("pipeline_advanced_weekly", "next_stage_order < stage_order then", "next_stage_order <= stage_order then"),
    ("pipeline_advanced_weekly", "week_start_on = next_week_on and next_standing", "next_standing"),
    ("pipeline_advanced_weekly", "moved_on_deals + stayed_deals + moved_back_deals = 0", "false"),
    ("stage_conversion", "s.furthest_since > s.stage_order", "s.furthest_since >= s.stage_order"),
    ("stage_conversion", "or e.standing = 'won' then 'advanced'", "then 'advanced'"),
    ("stage_conversion", "between 1 following", "between unbounded preceding"),
    ("stage_conversion", "s.visit_number = 1 and s.is_dated", "s.visit_number = 1"),
    ("stage_conversion", "s.visit_number = 1 and s.is_dated", "s.is_dated"),
    ("stage_conversion", "and s.is_forward", ""),
    ("stage_conversion", "and t.left_at is null) then t.turned_at", ") then t.turned_at"),
    ("stage_conversion", "or (t.standing = 'open' and t.stage is null)", ""),
    ("stage_conversion", "and r.created_at >= r.stages_known_from_at", ""),
    ("stage_conversion", "r.not_skipped_at is null or r.not_skipped_at > r.beyond_at", "r.not_skipped_at is null"),
    ("stage_conversion", "p.unknown_deals > 0 and p.known_deals = 0", "p.known_deals = 0"),
    ("open_deals", "where is_dated and is_forward", "where is_forward"),
    ("int_pipeline_due_dates", "expected_close_on > due_before_on and", ""),
    ("int_pipeline_due_dates", "> due_before_on and due_fiscal_quarter <> quarter_before", "> due_before_on"),
    ("int_pipeline_due_dates", "expected_close_on < due_before_on and", ""),
    ("int_pipeline_due_dates", "where standing = 'open' and expected_close_on is not null", "where standing = 'open'"),
    ("int_pipeline_due_dates", "where standing = 'open' and", "where"),
    ("open_deals", "when is_redated", "when is_slip"),
    ("pipeline_slips", "and m.movement = 'pushed_out'", "and m.movement = 'pulled_in'"),
    ("pipeline_slips", "where until_at is null", "where state_number = 1"),
    ("pipeline_slipped_weekly", "min(slip_number) > 1", "max(slip_number) > 1"),
    ("pipeline_slipped_weekly", "when d.is_nearer then", "when not d.is_nearer then"),
    ("pipeline_slipped_weekly", "and slips = 0", ""),
    ("pipeline_slipped_weekly", "< due_dates_known_from_at", "<= due_dates_known_from_at"),
    ("pipeline_slipped_weekly", "or still_open_deals > 0", ""),
    ("open_deals", "expected_close_on < today_on, false", "expected_close_on <= today_on, false"),
    ("open_deals", "and seen_days <= p90_days", ""),
    ("open_deals", "due_dates_known_from_at > created_at", "due_dates_known_from_at < created_at"),
    ("open_deals", "seen_days > p90_days", "seen_days > median_days"),
]


@pytest.mark.parametrize(("model", "said", "mistaken"), MUTATIONS, ids=[f"{m}: {said}" for m, said, _ in MUTATIONS])
def test_a_mistake_in_the_sql_does_not_go_unseen(sql, model, said, mistaken):
    assert sql[model].count(said) == 1
    changed = {**sql, model: sql[model].replace(said, mistaken)}
    many = (journey(seed, 100) for seed in (1, 2, 3, 4, 5, 6))
    few = (journey(seed, 3) for seed in range(30))
    assert any(differences(changed, company) for company in (*many, *few))
