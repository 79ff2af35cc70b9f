"""A funnel gap is named when there is one, and seldom when there is none: simulated companies through the real SQL."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.review.simulated import STEPS, Drop, funnel, named

COMPANIES = 240
SIZES = (150, 600, 2500)
FALSE_AT_MOST = 0.2
FOUND_AT_LEAST = 0.85


@pytest.mark.parametrize("unrest", [0, 0.005, 0.02], ids=lambda unrest: f"rates that stray by {unrest}")
def test_a_company_without_a_drop_seldom_gets_a_gap_named(small_run, unrest):
    rng = np.random.default_rng([11, int(1000 * unrest)])
    funnels = [funnel(rng, SIZES[n % len(SIZES)], unrest) for n in range(COMPANIES)]
    share = np.mean([step is not None for step in named(small_run[0], funnels)])
    print(f"named without a drop, rates that stray by {unrest}: {share:.1%}")
    assert share <= FALSE_AT_MOST


def test_this_trial_sees_a_rule_that_names_too_much(small_run):
    """Each step by itself, as if quarters were drawn from one urn: what the joint statement is there to prevent."""

    def naive(sql: str) -> str:
        sql = re.sub(r"then cast\(\d\.\d{10,} as double\)", "then cast(1.2815515655446004 as double)", sql)
        return sql.replace("dispersion * common_rate", "common_rate").replace("+ cast(0.5 as double)", "+ 0 * 0.5")

    rng = np.random.default_rng(12)
    funnels = [funnel(rng, SIZES[n % len(SIZES)], 0.02) for n in range(COMPANIES)]
    share = np.mean([step is not None for step in named(small_run[0], funnels, naive)])
    print(f"named without a drop by a naive rule: {share:.1%}")
    assert share > 2 * FALSE_AT_MOST


@pytest.mark.parametrize(("step", "share"), [(0, 0.4), (2, 0.3), (4, 0.4)], ids=lambda value: str(value))
def test_a_planted_drop_is_found_where_it_is(small_run, step, share):
    rng = np.random.default_rng([13, step])
    funnels = [funnel(rng, 2500, 0.002, Drop(step, share)) for _ in range(80)]
    found = np.mean([at == STEPS[step] for at in named(small_run[0], funnels)])
    print(f"{STEPS[step]}, {share:.0%} fewer: found in {found:.1%}")
    assert found >= FOUND_AT_LEAST


def test_in_a_small_company_noise_is_not_named(small_run):
    rng = np.random.default_rng(14)
    share = np.mean([step is not None for step in named(small_run[0], [funnel(rng, 40, 0.02) for _ in range(120)])])
    assert share <= FALSE_AT_MOST
