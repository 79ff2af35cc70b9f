"""Removal effects against leaving a channel out for real, and against the textbook's formula in doubles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefunnel.attribution import CONVERSION, NULL, START, UNIT, removal_effects
from tests.attribution.contract import chance_to_convert

walks = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=7), max_size=12)


def transitions(converting, failing) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for walked, end in [(w, CONVERSION) for w in converting] + [(w, NULL) for w in failing]:
        for step in zip([START, *walked], [*walked, end]):
            counted[step] = counted.get(step, 0) + 1
    return counted


@given(converting=walks, failing=walks)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_an_effect_is_what_is_lost_when_the_channel_is_left_out(converting, failing):
    effects = removal_effects(transitions(converting, failing))
    whole = chance_to_convert(converting, failing)
    assert bool(effects) == (whole > 0)
    for channel, units in effects.items():
        lost = (whole - chance_to_convert(converting, failing, channel)) / whole
        assert units == lost * UNIT // 1


def test_whole_numbers_and_the_matrix_inverse_agree_on_many_channels():
    dice, names = np.random.default_rng(5), [f"c{n}" for n in range(30)]
    counts = {(a, b): int(n) for a in [START, *names] for b, n in zip(names, dice.integers(0, 10**6, 30))}
    counts |= {(a, end): int(n) for end in (CONVERSION, NULL) for a, n in zip(names, dice.integers(1, 10**5, 30))}
    states = [START, *names]
    leaving = np.array([sum(n for (a, _), n in counts.items() if a == state) for state in states])
    going = np.array([[counts.get((a, b), 0) for b in states] for a in states]) / leaving[:, None]
    visits = np.linalg.inv(np.eye(31) - going)
    converted = visits @ (np.array([counts.get((a, CONVERSION), 0) for a in states]) / leaving)
    expected = visits[0] / visits.diagonal() * converted / converted[0]
    effects = removal_effects(counts)
    assert [effects[name] / UNIT for name in names] == pytest.approx(expected[1:], abs=1e-8)


def test_the_only_channel_is_behind_every_conversion():
    assert removal_effects(transitions(["aa", "a"], ["a"])) == {"a": UNIT}


def test_without_a_conversion_no_channel_has_an_effect():
    assert removal_effects({}) == {}
    assert removal_effects(transitions([], ["ab", "b"])) == {}


def test_channels_off_the_way_to_a_conversion_have_none_and_endless_loops_do_no_harm():
    counts = transitions(["ab"], ["c"])
    counts |= {("never reached", CONVERSION): 3, ("a", "trap"): 2, ("trap", "trap"): 5}
    counts |= {("trap", "door"): 1, ("door", "trap"): 1, ("b", "dead end"): 1, ("a", "not taken"): 0}
    assert removal_effects(counts) == {
        "a": UNIT, "b": UNIT, "c": 0, "dead end": 0, "door": 0, "never reached": 0, "not taken": 0, "trap": 0,
    }  # fmt: skip
