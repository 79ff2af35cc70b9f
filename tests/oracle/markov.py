"""Markov removal effects in exact fractions: take a channel away and see how much less often a path converts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

START, CONVERTED, NOTHING = ("start",), ("converted",), ("nothing",)
UNITS = 1_000_000_000


def transitions(converting: Iterable[list[str]], others: Iterable[list[str]]) -> dict:
    """How often each state is followed by each other one; a channel after itself is a transition too."""
    counts: dict = {}
    for end, paths in ((CONVERTED, converting), (NOTHING, others)):
        for path in paths:
            states = [START, *path, end]
            for here, there in pairwise(states):
                counts.setdefault(here, Counter())[there] += 1
    return counts


def conversion(counts: dict, removed: str | None = None) -> Fraction:
    """P(a path from the start converts); whatever would go through the removed channel does not.

    The chance c(x) from each state x is the mean of the chances of what follows it: a linear system."""
    states = [state for state in counts if state != removed]
    at = {state: number for number, state in enumerate(states)}
    rows = []
    for state in states:
        total = sum(counts[state].values())
        row = [Fraction(0)] * (len(states) + 1)
        row[at[state]] += 1
        for follower, count in counts[state].items():
            if follower == CONVERTED:
                row[-1] += Fraction(count, total)
            elif follower in at:
                row[at[follower]] -= Fraction(count, total)
        rows.append(row)
    return solve(rows)[at[START]] if START in at else Fraction(0)


def solve(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gauss-Jordan: each row holds an equation's coefficients and its right side."""
    for column in range(len(rows)):
        pivot = next(number for number in range(column, len(rows)) if rows[number][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for number, row in enumerate(rows):
            if number != column and row[column]:
                factor = row[column]
                rows[number] = [cell - factor * other for cell, other in zip(row, rows[column])]
    return [row[-1] for row in rows]


def removal_units(converting: Iterable[list[str]], others: Iterable[list[str]]) -> dict[str, int]:
    """Glossary, Markov: the share of conversions that is lost without the channel, in whole 1e-9 rounded down."""
    counts = transitions(converting, others)
    everything = conversion(counts)
    if not everything:
        return {}
    lost = {c: (everything - conversion(counts, c)) / everything for c in counts if c != START}
    return {channel: effect.numerator * UNITS // effect.denominator for channel, effect in lost.items()}
