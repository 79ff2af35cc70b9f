"""How soon sales first tries to reach the leads it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from onefunnel.sample.clock import evenly, in_office, office_seconds_later, quarter_of
from onefunnel.sample.rules import VERSIONS, in_force
from onefunnel.sample.stories import Story

IN_TIME = 0.82


def first_contacts(
    rng: np.random.Generator,
    leads: SimpleNamespace,
    who: np.ndarray,
    at: np.ndarray,
    owner: np.ndarray,
    good: np.ndarray,
    stories: Sequence[Story],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(lead, instant, owner) of the first attempt to reach each handed lead, if any.

    By day and by night four of five are tried in time, mostly early; the others late, and some of those never.
    """
    by_day, version = in_office(at), in_force(at)
    promised = np.array([v.contact_within_hours for v in VERSIONS])[version] * 3_600
    # at any scale the same share of a year, so that no small company looks like a story
    roll = evenly(rng.random(len(who)), ((quarter_of(at) // 4 * 2 + version) * 2 + by_day) * 2 + leads.desk[who])
    early, given_up = rng.exponential(1, len(who)), rng.random(len(who))
    spread = rng.integers(0, 9_000, len(who))
    odds = np.full(len(who), IN_TIME)
    quick = promised * 0.97 * -np.log(1 - 0.97 * (1 - np.exp(-early))) / 3.5
    for story in stories:
        story.bend_first_contacts(odds, quick, at, by_day)
    in_time = roll < odds
    late = promised * (1.4 + 2.5 * early) + spread
    wait = np.where(in_time, quick + 120, late).astype(np.int64)
    tried = in_time | (given_up > np.where(good, 0.25, 0.6))
    return who[tried], office_seconds_later(at, wait)[tried], owner[tried]
