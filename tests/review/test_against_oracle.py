"""funnel_gaps, review_actions, freshness and the promises, counted again from what lies below them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from math import isclose

import pytest

from tests import support
from tests.review import oracle

AS_OF = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
NEWEST = date(2026, 3, 23)
STAGES = {
    "mql": "mql_at",
    "handed_over": "first_handed_over_at",
    "sal": "accepted_at",
    "sql": "sql_at",
    "opportunity": "opportunity_at",
    "won": "won_at",
}
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def con(small_run):
    return support.published(small_run[0])


def read(folder, name: str) -> list[dict[str, str]]:
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_gaps_are_those_of_the_leads(con):
    persons = oracle.people(con, STAGES)
    weeks = con.execute("select distinct week_start_on from metrics.funnel_gaps order by 1").fetchall()
    columns = "transition, from_on, entrants, reached, baseline_entrants, baseline_reached"
    columns += ", gap_amount, low_amount, high_amount"
    seen = Counter()
    for (week,) in weeks[::3] + weeks[-1:]:
        expected = oracle.gaps(persons, set(), week, 15)
        rows = con.execute(
            f"select {columns}, status from metrics.funnel_gaps where week_start_on = ?", [week]
        ).fetchall()
        for step, *told, status in rows:
            gap = expected.get(step)
            if gap is None:
                assert told == [None] * 8 and status == "short history"
                seen[status] += 1
                continue
            assert told[:5] == [
                gap[name] for name in ("from_on", "entrants", "reached", "baseline_entrants", "baseline_reached")
            ], (week, step)
            if gap["is_tried"]:
                seen["tried"] += 1
                for amount, name in zip(told[5:], ("gap", "low", "high"), strict=True):
                    assert isclose(float(amount), gap[name], abs_tol=0.01), (week, step, name)
                assert status == ("ok" if gap["low"] > 0 else "no gap beyond noise")
            else:
                seen[status] += 1
                assert status in ("short history", "too few leads")
    assert seen["tried"] >= 6 and seen["short history"] > 10


def test_an_action_is_shown_with_its_outcome_in_the_review_after_it(con, small_exports):
    names = {row["user_id"]: row["name"] for row in read(small_exports, "crm/users.csv")}
    actions = {(r["week"], r["side"]): r for r in read(small_exports, "crm/review_actions.csv")}
    told = con.execute(
        """select week_start_on, figure, dimension_value, words, status from metrics.weekly_review
        where section = 'actions'"""
    ).fetchall()
    outcomes = Counter()
    for week, figure, side, words, status in told:
        of = week - WEEK if figure == "last_action" else week
        action = actions.get((str(of), side))
        if action is None:
            assert (words, status) == (None, "none")
            continue
        assert words.startswith(action["action"]) and names[action["owner_id"]] in words
        sunday = str(week + timedelta(days=6))
        outcome = "done" if "" < action["done_on"] <= sunday else "overdue" if action["due_on"] <= sunday else "open"
        assert status == (outcome if figure == "last_action" else "agreed")
        outcomes[status] += 1
    assert max(week for week, *_ in told) == NEWEST and len(told) == 4 * len({week for week, *_ in told})
    assert outcomes["done"] > 100 and outcomes["overdue"] > 20


def test_the_newest_week_shows_what_became_of_the_last_actions_and_leaves_room_for_the_next(con):
    rows = con.execute(
        """select figure, words is null, status from metrics.weekly_review
        where section = 'actions' and week_start_on = ?""",
        [NEWEST],
    ).fetchall()
    assert Counter(rows)["this_action", True, "none"] == 2
    assert sum(figure == "last_action" and not is_empty for figure, is_empty, _ in rows) == 2


def test_a_source_is_as_fresh_as_its_newest_row(con, small_exports):
    zone = "+05:30"
    touches = [row["happened_at"] for row in read(small_exports, "crm/touches.csv")]
    written = [text if text.endswith("Z") or "+" in text else text + zone for text in touches]
    instants = [datetime.fromisoformat(text) for text in written if text.startswith("20")]
    newest = max(at for at in instants if at < AS_OF)
    days = [row["issued_on"] for row in read(small_exports, "finance/invoices.csv")]
    issued = datetime.fromisoformat(max(day for day in days if day <= "2026-03-31") + "T00:00:00" + zone)
    told = dict(
        con.execute(
            "select source_name || ' ' || entity, (newest_record_at, age_hours) from metrics.source_freshness"
        ).fetchall()
    )
    for name, at in (("crm touches", newest), ("finance invoices", issued)):
        instant, age = told[name].values() if isinstance(told[name], dict) else told[name]
        assert instant == at and isclose(age, (AS_OF - at) / timedelta(hours=1)), name


def test_a_source_delivers_what_its_rows_say(con):
    assert con.execute(
        """select count(*) from metrics.source_freshness full join metrics.source_rows
        using (source_name, delivered_as, entity) where records is distinct from rows_out"""
    ).fetchone() == (0,)


@pytest.mark.parametrize(("kind", "weeks"), [("week", 1), ("weeks_13", 13)])
def test_marketings_promise_is_counted_from_the_handovers(con, kind, weeks):
    handed = con.execute(
        """select handed_over_at, definition_met from metrics.handovers
        where is_marketing and agreement_version is not null"""
    ).fetchall()
    days = [(at.astimezone(oracle.ZONE).date(), bool(met)) for at, met in handed]
    rows = con.execute(
        """select week_start_on, value, numerator, denominator, before from metrics.weekly_review
        where section = 'sla' and dimension_value = 'definition_met' and period_kind = ?""",
        [kind],
    ).fetchall()
    assert rows

    def share(until: date) -> tuple[int, int]:
        mine = [met for day, met in days if until - (weeks - 1) * WEEK <= day < until + WEEK]
        return sum(mine), len(mine)

    for week, value, numerator, denominator, before in rows:
        met, due = share(week)
        met_before, due_before = share(week - weeks * WEEK)
        assert (numerator, denominator) == (met, due), week
        assert (value, before) == (met / due if due else None, met_before / due_before if due_before else None), week


def test_record_and_health_are_of_the_newest_week_and_what_is_published_of_them(con):
    weeks = con.execute(
        "select distinct week_start_on from metrics.weekly_review where section in ('record', 'health')"
    ).fetchall()
    assert weeks == [(NEWEST,)]
    told = con.execute("select figure, value from metrics.weekly_review where section = 'health' and unit = 'count'")
    checks = "agreement_version, checks_passed, checks_warned, data_faults"
    assert dict(told.fetchall()) == dict(
        zip(checks.split(", "), con.execute(f"select {checks} from metrics.run_info").fetchone(), strict=True)
    )
    record = con.execute(
        "select dimension_value, figure, value from metrics.weekly_review where section = 'record' order by all"
    ).fetchall()
    figures = ("bias", "coverage_80", "quarters", "wape")
    published = con.execute(
        f"""select method, {", ".join(figures)} from metrics.forecast_accuracy
        where horizon = 'this quarter' and quarter_week = 'all' order by 1"""
    ).fetchall()
    assert record == [
        (method, name, value) for method, *row in published for name, value in zip(figures, row, strict=True)
    ]


def test_every_figure_says_its_period_and_its_unit(con):
    assert con.execute(
        """select count(*) from metrics.weekly_review where from_on > until_on or from_on is null
        or (unit = 'amount' and value is not null)
        or (unit in ('rate', 'days', 'hours', 'ratio') and value_amount is not null)
        or (unit = 'text' and (value is not null or value_amount is not null))"""
    ).fetchone() == (0,)
