"""Stories about what buyers object to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample.clock import DAY, QUARTERS, into_office
from onefunnel.sample.objection_words import MAY_RECEDE, OBJECTIONS
from onefunnel.sample.stories.story import Story


class ObjectionReceded(Story):
    """Buyers object to one thing all the time until marketing answers it; two weeks later they hardly do any more."""

    name = "objection_receded"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        category = MAY_RECEDE[int(self.rng.integers(0, len(MAY_RECEDE)))]
        day = QUARTERS[0] + int(self.rng.integers(330, 730)) * DAY
        self.facts = {
            "category": category,
            "answered_at": int(into_office(self.rng, np.array([day]))[0]),
            "marketing_action": OBJECTIONS[category].answer,
        }

    def bend_objections(self, category: np.ndarray, at: np.ndarray, categories: tuple[str, ...]) -> None:
        """One in five occasions without an objection gets this one; later nearly none is left."""
        mine = categories.index(self.facts["category"])
        category[(category < 0) & (self.rng.random(len(at)) < 0.2)] = mine
        learnt = at > self.facts["answered_at"] + 14 * DAY
        category[learnt & (category == mine) & (self.rng.random(len(at)) < 0.96)] = -1

    def bend_answers(self, answers: dict[str, int]) -> None:
        """Marketing answers it."""
        answers[self.facts["category"]] = self.facts["answered_at"]

    def bend_losses(self, deals: SimpleNamespace) -> None:
        """Nor are deals lost for it afterwards."""
        reason = OBJECTIONS[self.facts["category"]].lost_for
        learnt = deals.closed_at > self.facts["answered_at"] + 14 * DAY
        deals.lost_reason[learnt & (deals.lost_reason == reason) & (reason != "")] = "No decision"
