"""The parts of the blend at one origin, each from windows that were over by then."""

from __future__ import annotations

import numpy as np

from onefunnel.forecast.facts import AGES, Facts

# what is drawn to something else is so by the weight of so many deals
DEALS_OF_A_PARENT = 10
# conversion and deals to come are counted over so many past windows, three years: longer is steadier, and later to see
# that a business has changed
WINDOWS = 12
# before there are errors to choose by the weight is a half, and that counts as much as so many origins
ORIGINS_OF_A_HALF = 2


def conversion(train: list[Facts], stages: int, segments: int) -> np.ndarray:
    """(C,) share of a cell's open amount that closes in the window, each cell drawn to its parent's share.

    Stage x age x segment is drawn to stage x age, that to the stage, that to all; the usual size of a deal is
    sum(x^2) / sum(x), by which one large deal counts as one (Kish's effective number). All shares are then
    scaled to give back what past windows brought in all: drawing alone loses a part of it.
    """
    shape = (stages, len(AGES) + 1, segments)
    recent = train[-WINDOWS:]
    opened = np.sum([facts.pipeline for facts in recent], axis=0).reshape(shape)
    squares = np.sum([facts.squares for facts in recent], axis=0).reshape(shape)
    won = np.sum([facts.outcome.from_pipeline for facts in recent], axis=0).reshape(shape)
    if opened.sum() <= 0:
        return np.zeros(opened.size)
    prior = DEALS_OF_A_PARENT * squares.sum() / opened.sum()
    rate = np.full(shape, won.sum() / opened.sum())
    for summed in ((1, 2), (2,), ()):
        value, base = won.sum(axis=summed, keepdims=True), opened.sum(axis=summed, keepdims=True)
        rate = (value + prior * rate) / (base + prior)
    if won.sum() > 0:
        rate = rate * won.sum() / (opened * rate).sum()
    return np.maximum(rate, 0.0).ravel()


def deals_to_come(train: list[Facts], created: int) -> np.ndarray:
    """(G,) what deals not created yet will bring: what they brought past windows, as the number created has changed.

    created: deals created in the quarter before the origin; each number is drawn to the other by a few deals.
    """
    recent = train[-WINDOWS:]
    brought = np.mean([facts.outcome.from_new for facts in recent], axis=0)
    before = np.mean([facts.created for facts in recent])
    return brought * (created + DEALS_OF_A_PARENT) / (before + DEALS_OF_A_PARENT)


def past_pattern(train: list[Facts], quarter: int) -> np.ndarray:
    """(G,) what still closed in the same window a year ago, or in the last one while there is none."""
    year_ago = [facts for facts in train if facts.quarter == quarter - 4]
    return (year_ago or train[-1:])[0].outcome.closed


def weight(pipeline: np.ndarray, pattern: np.ndarray, actual: np.ndarray, size: np.ndarray) -> float:
    """a in 0..1 that makes a x pipeline + (1 - a) x pattern miss the actuals of past origins least, drawn to a half.

    Each array has one entry an origin; misses are squared and in units of `size`, what was expected in all.
    """
    usable = size > 0
    apart = (pipeline - pattern)[usable] / size[usable]
    missed = (actual - pattern)[usable] / size[usable]
    if not (apart**2).sum() > 0:
        return 0.5
    prior = ORIGINS_OF_A_HALF * (apart**2).mean()
    return float(np.clip(((missed * apart).sum() + prior / 2) / ((apart**2).sum() + prior), 0.0, 1.0))
