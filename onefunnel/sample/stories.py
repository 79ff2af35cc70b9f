"""Planted stories: what goes wrong at Sahyadri, by name, for the pipeline to find.

A story bends what the generator is about to do and returns what it did for the truth. To add one,
subclass Story, override the hooks it needs and add it to STORIES; each has its own random stream.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import NEVER, QUARTERS, quarter_of, stream
from onefunnel.sample.leads import UNFIT_TITLES


class Story:
    """A story that bends nothing; `facts` tells the truth what was planted."""

    name: ClassVar[str] = ""

    def __init__(self, seed: int) -> None:
        self.rng = stream(seed, f"story {self.name}")
        self.facts: dict[str, object] = {}

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """Called once when leads have their attributes."""

    def bend_handover_odds(self, odds: np.ndarray, leads: SimpleNamespace) -> None:
        """Called with each unqualified lead's chance of being handed over all the same."""

    def bend_disposing_odds(self, odds: np.ndarray, owner: np.ndarray) -> None:
        """Called with each stalled handover's chance of a disposition and its owner."""


class BadFitCampaign(Story):
    """One campaign brings students, shops and colleges for a quarter, and they are handed over."""

    name = "bad_fit_campaign"

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """Much of the quarter comes from the campaign, and nearly none of its leads fit."""
        rng, quarter = self.rng, int(self.rng.integers(5, 10))
        source, line = (("indiamart", 0), ("indiamart", 1), ("google", 0))[int(rng.integers(0, 3))]
        row = campaigns.lines[source][line][quarter // 2]
        inside = (quarter_of(leads.created) == quarter) & ~leads.desk
        drawn = inside & (leads.campaign < 0) & (leads.duplicate_of < 0) & (rng.random(leads.n) < 0.5)
        leads.campaign[drawn] = row
        leads.source[drawn] = words.SOURCE_NAMES.index(source)
        bent = inside & (leads.campaign == row) & (rng.random(leads.n) < 0.93)
        self._unfit(leads, bent)
        self.bent = bent
        self.facts = {
            "quarter": quarter,
            "quarter_starts_at": QUARTERS[quarter],
            "campaign_id": campaigns.ids[row],
            "lead_rows": np.flatnonzero(bent),
        }

    def _unfit(self, leads: SimpleNamespace, bent: np.ndarray) -> None:
        rng, count = self.rng, int(bent.sum())
        wrong = [i for i, w in enumerate(words.WORDS) if w[1] in ("Education", "Retail", "IT Services")]
        for field, value in (
            ("word", rng.choice(wrong, count)),
            ("employees", rng.integers(3, 40, count)),
            ("title", rng.choice(UNFIT_TITLES, count)),
        ):
            getattr(leads, field)[bent] = value
            getattr(leads, field + "_later")[bent] = value
            getattr(leads, field + "_at")[bent] = NEVER
        leads.revenue[bent] = -1

    def bend_handover_odds(self, odds: np.ndarray, leads: SimpleNamespace) -> None:
        """More than half of the campaign's leads are pushed to sales."""
        odds[self.bent] = 0.55


class SilentRep(Story):
    """One rep works leads and closes deals but never says why a lead did not advance."""

    name = "silent_rep"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.facts = {"owner_id": staff.REPS[int(self.rng.integers(0, len(staff.REPS)))]}

    def bend_disposing_odds(self, odds: np.ndarray, owner: np.ndarray) -> None:
        """No disposition at all from this owner."""
        odds[owner == self.facts["owner_id"]] = 0.0


STORIES: tuple[type[Story], ...] = (BadFitCampaign, SilentRep)
