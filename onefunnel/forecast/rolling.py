"""The forecasts of all quarters from one point of the quarter, each from what was known at its own origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from onefunnel.forecast.commit import commit_is_known
from onefunnel.forecast.exact import shares
from onefunnel.forecast.facts import Facts, Reader, added_up
from onefunnel.forecast.interval import LEAST_EXPECTED, ORIGINS_NEEDED, interval, relative_errors
from onefunnel.forecast.parts import conversion, deals_to_come, past_pattern, weight

METHODS = ("blend", "last_quarter", "average_four", "same_quarter_last_year", "stage_weighted", "sales_commit")
PARTS = ("closed", "weighted_pipeline", "new_deals", "past_pattern")
CLOSED, WEIGHTED_PIPELINE, NEW_DEALS, PAST_PATTERN = range(4)
NOT_ENOUGH = "not enough history"
TOO_LITTLE, NOTHING = "expected too little of what came", "nothing expected"


@dataclass
class Origin:
    """One origin with its forecasts.

    past: positions of earlier origins whose windows are over. rate (C): conversion by cell. parts: method -> (4, G)
    paisa of PARTS, weights included, and nothing for a method that cannot say yet; whole: the same in whole paisa.
    deals: the blend's whole paisa of each open deal. low, high: method -> (1 + G) paisa, the total first. origins:
    method -> how many past errors there are; interval_status: method -> (1 + G) words, `ok` or why there is none.
    """

    facts: Facts
    past: list[int]
    weight: float
    rate: np.ndarray
    parts: dict[str, np.ndarray]
    whole: dict[str, np.ndarray]
    deals: np.ndarray
    low: dict[str, np.ndarray]
    high: dict[str, np.ndarray]
    origins: dict[str, int]
    interval_status: dict[str, list[str]]

    def actual(self) -> np.ndarray | None:
        """(G,) what the window brought in all, or None while it is not over."""
        return None if self.facts.outcome is None else self.facts.closed + self.facts.outcome.closed


def roll(reader: Reader, offset: pd.Timedelta, horizon: str, quarters: range, now: int) -> list[Origin]:
    """One Origin for each quarter that has come so far, in order, from what was known by then and by `now`."""
    rolled: list[Origin] = []
    origins = [(q, reader.quarters.same_point(q, offset)) for q in quarters]
    every = [reader.facts(q, at, horizon, now) for q, at in origins if at <= now]
    for number, facts in enumerate(every):
        past = [i for i in range(number) if every[i].end <= facts.at]
        rolled.append(_origin(reader, facts, past, [every[i] for i in past], rolled))
    return rolled


def _origin(reader: Reader, facts: Facts, past: list[int], train: list[Facts], rolled: list[Origin]) -> Origin:
    history = reader.history
    groups = len(history.segments)
    rate = conversion(train, len(history.stages), groups) if train else np.zeros(len(facts.pipeline))
    deals = facts.amount * rate[facts.cell]
    origin = Origin(facts, past, 0.5, rate, {}, {}, np.zeros(len(deals), "int64"), {}, {}, {}, {})
    if train:
        pipeline = np.array([added_up(history.segment[facts.row], deals, groups), deals_to_come(train, facts.created)])
        pattern = past_pattern(train, facts.quarter)
        origin.parts["unweighted"] = np.array([facts.closed, *pipeline, pattern])
        origin.weight = a = _weight([rolled[i] for i in past])
        origin.parts["blend"] = np.array([facts.closed, *(a * pipeline), (1 - a) * pattern])
        origin.deals = shares(a * deals)
    origin.parts |= _beside(reader, facts, train)
    for method in METHODS:
        if method in origin.parts:
            origin.whole[method] = _whole(origin, method, history.segment[facts.row], groups)
            _bound(origin, method, [rolled[i] for i in past])
    return origin


def _weight(past: list[Origin]) -> float:
    """The weight a that would have served best at past origins whose windows are over."""
    known = [origin for origin in past if "unweighted" in origin.parts]
    if not known:
        return 0.5
    closed, opened, new, pattern = np.array([origin.parts["unweighted"].sum(axis=1) for origin in known]).T
    actual = np.array([origin.facts.outcome.closed.sum() for origin in known])
    return weight(opened + new, pattern, actual, closed + (opened + new + pattern) / 2)


def _beside(reader: Reader, facts: Facts, train: list[Facts]) -> dict[str, np.ndarray]:
    """The methods that stand beside the blend; the past ones add to what has closed what still closed then."""
    none = np.zeros_like(facts.closed)
    beside = {"stage_weighted": np.array([facts.closed, facts.due, none, none])}
    if commit_is_known(reader.history, facts):
        beside["sales_commit"] = np.array([facts.closed, facts.commit, none, none])
    references = {
        "last_quarter": train[-1:],
        "average_four": train[-4:] if len(train) >= 4 else [],
        "same_quarter_last_year": [past for past in train if past.quarter == facts.quarter - 4],
    }
    for method, chosen in references.items():
        if chosen:
            still = np.mean([past.outcome.closed for past in chosen], axis=0)
            beside[method] = np.array([facts.closed, none, none, still])
    return beside


def _whole(origin: Origin, method: str, segment: np.ndarray, groups: int) -> np.ndarray:
    """(4, G) whole paisa: each part's segments add up to the part, and the blend's deals to its weighted pipeline."""
    whole = np.array([shares(part) for part in origin.parts[method]])
    if method == "blend":
        whole[WEIGHTED_PIPELINE] = 0
        np.add.at(whole[WEIGHTED_PIPELINE], segment, origin.deals)
    return whole


def told_before(method: str, past: list[Origin]) -> tuple[list[Origin], np.ndarray, np.ndarray]:
    """(the past origins at which the method could say, what it expected, what came), both (n, G) whole paisa."""
    told = [before for before in past if method in before.whole]
    shape = (len(told), -1) if told else (0, 0)
    expected = np.array([one.whole[method].sum(axis=0) for one in told], float).reshape(shape)
    return told, expected, np.array([one.actual() for one in told], float).reshape(shape)


def _bound(origin: Origin, method: str, past: list[Origin]) -> None:
    """Low and high of the total by the total's own past errors, of the segments by all segments' errors together.

    All of it in whole paisa, so that whoever reads the past forecasts finds the same.
    """
    told, before, actual = told_before(method, past)
    origin.origins[method] = len(told)
    expected, closed = origin.whole[method].sum(axis=0).astype(float), origin.facts.closed
    sides = (
        (expected.sum(keepdims=True), closed.sum(keepdims=True), before.sum(axis=1), actual.sum(axis=1)),
        (expected, closed, before.ravel(), actual.ravel()),
    )
    bears = method == METHODS[0] or before.sum() >= LEAST_EXPECTED * actual.sum()
    words, lows, highs = [], [], []
    for now, least, earlier, came in sides:
        errors = relative_errors(earlier, came)
        low, high = interval(now, least, errors, len(told) if bears else 0)
        lows, highs = [*lows, low], [*highs, high]
        is_enough = len(told) >= ORIGINS_NEEDED and bool(np.isfinite(errors).any())
        words += [_interval_status(value, is_enough, bears) for value in now]
    origin.low[method], origin.high[method] = np.concatenate(lows), np.concatenate(highs)
    origin.interval_status[method] = words


def _interval_status(expected: float, is_enough: bool, bears: bool) -> str:
    if is_enough and bears:
        return "ok" if expected > 0 else NOTHING
    return NOT_ENOUGH if bears or not is_enough else TOO_LITTLE
