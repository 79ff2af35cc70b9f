"""The words that end a run: short, and each of its own finding."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from onefunnel.report_promises import findings, promises

FOUND = (
    ("campaign_stopped_fitting", "Diwali offer", date(2025, 4, 1), date(2025, 10, 1), 0.05, 0.83, 0.75),
    ("campaign_never_fitted", "New portal", date(2025, 4, 1), date(2025, 7, 1), 0.05, 0.83, None),
    ("campaign_does_not_fit", "Spring fair", date(2025, 4, 1), date(2025, 7, 1), 0.05, 0.83, None),
    ("owner_never_dispositions", "Anita", date(2024, 7, 1), date(2025, 7, 1), 0.03, 0.88, None),
    ("contact_met_only_by_off_hours", "sales", date(2024, 4, 1), date(2025, 4, 1), 0.58, 0.97, None),
    ("objection_receded", "price", date(2025, 3, 3), None, 0.02, 1.25, None),
)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema metrics")
        yield con


def test_each_finding_is_told_in_words_of_its_own(con):
    con.execute(
        "create table metrics.findings (finding varchar, subject_id varchar, subject_name varchar, "
        "period_start_on date, period_end_on date, "
        "observed_rate double, expected_rate double, earlier_rate double, is_current boolean)"
    )
    for name, subject, start, end, *rates in FOUND:
        con.execute(
            "insert into metrics.findings values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [name, subject, subject, start, end, *rates, end is None or end.month > 4],
        )
    told = findings(con)
    assert len(told) == len(FOUND) and all(line.startswith("  stands out: ") for line in told[:-1])
    # what is over for long stands last, and is told as such
    assert told[-1].startswith("  stood out: in the fiscal year from 01 Apr 2024")
    by = {name: next(line for line in told if subject in line) for name, subject, *_ in FOUND if name[:7] != "contact"}
    assert "from 01 Apr 2025 to 30 Sep 2025 5 % met the definition" in by["campaign_stopped_fitting"]
    assert "of all others 83 %; before it stopped fitting 75 %" in by["campaign_stopped_fitting"]
    assert by["campaign_never_fitted"].endswith("; it never fitted")
    assert by["campaign_does_not_fit"].endswith("; too few were handed over before to say whether it ever fitted")
    assert "Anita said what became of 3 %" in by["owner_never_dispositions"] and "01 Jul 2024" in told[-2]
    # more than one in a conversation is no share of them
    assert "2 times in 100 conversations since" in by["objection_receded"]
    assert "125 times before" in by["objection_receded"]
    assert not [line for line in told if any(name in line for name, *_ in FOUND)]


def test_promises_are_those_of_the_agreed_weeks_that_are_over(con):
    con.execute(
        "create table metrics.sla_weekly (week_start_on date, team varchar, owner_id varchar, measure varchar, "
        "met bigint, due bigint, target double)"
    )
    for start, met in ((date(2025, 6, 2), 1), (date(2025, 6, 9), 8), (date(2025, 6, 16), 6), (date(2025, 6, 23), 0)):
        con.execute("insert into metrics.sla_weekly values (?, '(all)', '(all)', 'contact', ?, 10, 0.75)", [start, met])
    # Saturday: the week from the 23rd is not over, and two weeks reach back to the 14th
    assert promises(con, date(2025, 6, 28), 2) == ["  last 2 weeks: sales contacts in time 60 % (promised 75 %)"]
    assert promises(con, date(2025, 6, 30), 3) == ["  last 3 weeks: sales contacts in time 47 % (promised 75 %)"]
    assert promises(con, date(2026, 6, 30), 3) == []
