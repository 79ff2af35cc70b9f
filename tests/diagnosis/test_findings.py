"""What stands out, found a second time from the published handovers: exact chances in fractions, quarters in a loop."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import comb, sqrt

import pytest

from tests import support
from tests.stories_seen import SETTINGS

ENOUGH, FAR, PERCENT, CHANCE, QUARTERS, DAYS = (
    int(SETTINGS[f"signal_{name}"])
    for name in (
        "min_cases",
        "standard_errors",
        "max_percent_of_others",
        "max_chance_percent",
        "quarters",
        "current_days",
    )
)
LAST = date(2026, 3, 31)  # the sample company's AS_OF is the midnight after it


@dataclass
class Counts:
    """How many of some leads were good, beside all others."""

    good: int = 0
    cases: int = 0
    other_good: int = 0
    other_cases: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def common(self) -> Fraction:
        return Fraction(self.good + self.other_good, self.cases + self.other_cases)

    @property
    def lacking(self) -> Fraction:
        """How many more would be good at the share of all."""
        return self.cases * self.common - self.good

    @property
    def variance(self) -> Fraction:
        cases = Fraction(self.cases * self.other_cases, self.cases + self.other_cases)
        return self.common * (1 - self.common) * cases

    @property
    def is_judged(self) -> bool:
        return min(self.cases, self.other_cases) >= ENOUGH

    @property
    def is_far_below(self) -> bool:
        return 100 * self.good * self.other_cases < PERCENT * self.other_good * self.cases

    @property
    def is_unfit(self) -> bool:
        if self.cases < ENOUGH or not self.other_cases or not self.variance:
            return False
        return self.is_far_below and errors([self]) >= FAR


def errors(parts: list[Counts]) -> float:
    """Standard errors that the good fall short by, summed over parts, less half a case (Yates; Cochran 1954)."""
    return (float(sum(part.lacking for part in parts)) - 0.5) / sqrt(sum(part.variance for part in parts))


def chance(owner: Counts, owners: int) -> float:
    """That so few or fewer of the good fall to any of the owners (Fisher's exact test, Bonferroni)."""
    good, bad = owner.good + owner.other_good, owner.cases + owner.other_cases - owner.good - owner.other_good
    ways = sum(comb(good, k) * comb(bad, owner.cases - k) for k in range(owner.good + 1))
    return float(min(1, owners * Fraction(ways, comb(good + bad, owner.cases))))


def beside(own: dict[str, tuple[int, int]]) -> dict[str, Counts]:
    good, cases = (sum(counts[i] for counts in own.values()) for i in (0, 1))
    return {name: Counts(g, n, good - g, cases - n) for name, (g, n) in own.items()}


def quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def following(start: date) -> date:
    return quarter(start + timedelta(days=100))


def campaigns(handovers: list[tuple]) -> dict[str, tuple]:
    """Campaign -> (finding, first day, day after, its quarters' counts)."""
    own: dict[date, dict] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for campaign, day, met in handovers:
        good, cases = own[quarter(day)][campaign]
        own[quarter(day)][campaign] = (good + met, cases + 1)
    quarters = {start: beside(counts) for start, counts in sorted(own.items())}
    found = {}
    for campaign in {name for counts in quarters.values() for name in counts} - {None}:
        mine = {start: counts[campaign] for start, counts in quarters.items() if campaign in counts}
        if any(counts.is_unfit for counts in mine.values()):
            found[campaign] = latest_time(mine)
    return {campaign: told for campaign, told in found.items() if told}


def latest_time(mine: dict[date, Counts]) -> tuple | None:
    """The latest bad quarters that no good one lies between, and what the campaign's others before them say."""
    bad: list[date] = []
    for start, counts in mine.items():
        if counts.is_unfit:
            bad.append(start)
        elif counts.is_judged and any(later > start and mine[later].is_unfit for later in mine):
            bad = []
    past = sum((c for s, c in mine.items() if s < bad[-1] and not c.is_unfit), Counts())
    parts = [mine[start] for start in bad]
    if past.cases < ENOUGH:
        name = "campaign_never_fitted" if not past.cases and len(bad) > 1 else "campaign_does_not_fit"
    elif past.is_unfit:
        name = "campaign_never_fitted"
    else:
        name, now = "campaign_stopped_fitting", sum(parts, Counts())
        if not Counts(now.good, now.cases, past.good, past.cases).is_unfit:
            return None
    return name, bad[0], following(bad[-1]), parts, past


@pytest.fixture(scope="module")
def con(sample_run):
    with support.published(sample_run[0]) as con:
        yield con


@pytest.fixture(scope="module")
def told(con):
    """Finding's kind of subject -> subject -> its row."""
    found, rows = con.execute("select * from metrics.findings"), defaultdict(dict)
    names = [column[0] for column in found.description]
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        rows[row["subject_kind"]][row["subject_id"]] = row
    return rows


def test_campaigns_are_those_of_the_handovers_each_once_and_by_its_past(con, told):
    handovers = con.execute(
        "select campaign_id, cast(handed_over_at at time zone 'Asia/Kolkata' as date), definition_met "
        "from metrics.handovers where is_marketing and definition_met is not null"
    ).fetchall()
    mine = campaigns(handovers)
    assert mine and set(mine) == set(told["campaign"])
    for campaign, (name, start, end, parts, past) in mine.items():
        row, cases = told["campaign"][campaign], sum(part.cases for part in parts)
        assert (row["finding"], row["period_start_on"], row["period_end_on"]) == (name, start, end)
        assert (row["cases"], row["other_cases"]) == (cases, sum(part.other_cases for part in parts))
        due = sum(part.cases * Fraction(part.other_good, part.other_cases) for part in parts)
        assert row["observed_rate"] == pytest.approx(sum(part.good for part in parts) / cases, rel=1e-12)
        assert row["expected_rate"] == pytest.approx(float(due / cases), rel=1e-12)
        assert row["standard_errors"] == pytest.approx(errors(parts), rel=1e-9)
        stopped = name == "campaign_stopped_fitting"
        assert row["earlier_rate"] == (pytest.approx(past.good / past.cases, rel=1e-12) if stopped else None)


def test_owners_are_those_of_the_deadlines_by_the_exact_chance(con, told):
    ends = quarter(LAST + timedelta(days=1))
    starts = date(ends.year - QUARTERS // 4, ends.month, 1)
    due = con.execute(
        "select disposition_owner_id, cast(disposition_due_at at time zone 'Asia/Kolkata' as date), "
        "disposition_status <> 'missing' from metrics.handovers "
        "where disposition_status in ('given', 'late', 'missing') and disposition_owner_id is not null "
        "order by disposition_due_at desc, handover_id"
    ).fetchall()
    rows = defaultdict(list)
    for owner, day, said in due:
        if day < ends and (day >= starts or len(rows[owner]) < ENOUGH):
            rows[owner].append((day, said))
    own = {o: (sum(s for _, s in days), len(days)) for o, days in rows.items() if days and days[0][0] >= starts}
    judged = beside(own)
    named = {o for o, c in judged.items() if 100 * chance(c, len(own)) < CHANCE and c.is_far_below}
    assert named == set(told["owner"]) and len(named) == 1
    for owner in named:
        row, counts = told["owner"][owner], judged[owner]
        assert row["finding"] == "owner_never_dispositions"
        assert (row["cases"], row["other_cases"]) == (counts.cases, counts.other_cases)
        assert row["period_start_on"] == min(starts, *(day for day, _ in rows[owner]))
        assert row["chance"] == pytest.approx(chance(counts, len(own)), abs=1e-11)


def test_a_finding_is_of_now_where_its_period_reaches_into_the_last_days(told):
    for row in (row for rows in told.values() for row in rows.values()):
        end = row["period_end_on"]
        assert row["is_current"] == (end is None or (LAST - (end - timedelta(days=1))).days < DAYS), row


def test_a_change_is_judged_by_the_interval_of_the_change(con):
    signs = con.execute(
        "select trend, figure, figure_low, figure_high, figure_before, figure_low_before, figure_high_before, "
        "change_low, change_high from metrics.alignment_signs where sign <> 'quality_dispute'"
    ).fetchall()
    assert len(signs) == 2
    for trend, now, low, high, then, then_low, then_high, change_low, change_high in signs:
        assert change_low == pytest.approx(now - then - sqrt((now - low) ** 2 + (then_high - then) ** 2), rel=1e-9)
        assert change_high == pytest.approx(now - then + sqrt((high - now) ** 2 + (then - then_low) ** 2), rel=1e-9)
        sides = {"risen": change_low > 0, "fallen": change_high < 0}
        assert trend == next((name for name, is_so in sides.items() if is_so), "no change beyond noise")
