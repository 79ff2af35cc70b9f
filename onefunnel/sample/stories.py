"""Planted stories: what goes wrong at Sahyadri, by name, for the pipeline to find.

A story bends what the generator is about to do and returns what it did for the truth. To add one,
subclass Story, override the hooks it needs and add it to STORIES; each has its own random stream.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import DAY, NEVER, QUARTERS, quarter_of, stream
from onefunnel.sample.leads import UNFIT_TITLES
from onefunnel.sample.touches import add


class Story:
    """A story that bends nothing; `facts` tells the truth what was planted."""

    name: ClassVar[str] = ""

    def __init__(self, seed: int) -> None:
        self.rng = stream(seed, f"story {self.name}")
        self.facts: dict[str, object] = {}

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """Called once when leads have their attributes."""

    def bend_touches(self, touches: SimpleNamespace, leads: SimpleNamespace, deals: SimpleNamespace) -> SimpleNamespace:
        """Called once with every touch, also those of buyers; returns the touches as they are to be."""
        return touches

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
        _unfit(self.rng, leads, bent)
        self.bent = bent
        self.facts = {
            "quarter": quarter,
            "quarter_starts_at": QUARTERS[quarter],
            "campaign_id": campaigns.ids[row],
            "lead_rows": np.flatnonzero(bent),
        }

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


class BarrenChannel(Story):
    """For a fiscal year a paid channel costs two and a half times as much, and none of its leads fits."""

    name = "barren_channel"

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """A tenth of the year's leads come to the channel besides; all of its leads fit nothing."""
        rng, year = self.rng, int(self.rng.integers(0, 2))
        channel, sources = BARREN[int(rng.integers(0, len(BARREN)))]
        inside = (quarter_of(leads.created) // 4 == year) & ~leads.desk
        more = inside & (leads.campaign < 0) & (leads.duplicate_of < 0) & (rng.random(leads.n) < 0.25)
        leads.source[more] = words.SOURCE_NAMES.index(sources[0])
        half = quarter_of(leads.created) // 2
        leads.campaign[more] = np.array(campaigns.lines[sources[0]][0])[half[more]]
        bent = inside & np.isin(leads.source, [words.SOURCE_NAMES.index(s) for s in sources])
        _unfit(rng, leads, bent)
        for row in {steps[h] for s in sources for steps in campaigns.lines[s] for h in (2 * year, 2 * year + 1)}:
            *told, budget = campaigns.rows[row]
            campaigns.rows[row] = (*told, budget * 5 // 2)
        self.bent = bent
        self.facts = {"channel": channel, "year": year, "year_starts_at": QUARTERS[4 * year]}

    def bend_handover_odds(self, odds: np.ndarray, leads: SimpleNamespace) -> None:
        """Nobody hands them over."""
        odds[self.bent] = 0.0


class FlatteringCloser(Story):
    """Whoever is about to buy or to decline anyway clicks or attends just before: the last touch takes the credit."""

    name = "flattering_closer"

    def bend_touches(self, touches: SimpleNamespace, leads: SimpleNamespace, deals: SimpleNamespace) -> SimpleNamespace:
        """Four of five deals get such a touch in the two days before they are created and before they close."""
        rng = self.rng
        channel, kind = CLOSERS[int(rng.integers(0, len(CLOSERS)))]
        mine = np.flatnonzero((deals.lead >= 0) & ~deals.desk & (rng.random(deals.n) < 0.8))
        before = rng.integers(3_600, 2 * DAY, (2, len(mine)))
        at = np.concatenate([deals.created[mine] - before[0], deals.closes[mine] - before[1]])
        self.facts = {"channel": channel, "kind": kind}
        return add(leads, touches, np.tile(deals.lead[mine], 2), at, kind)


def _unfit(rng: np.random.Generator, leads: SimpleNamespace, bent: np.ndarray) -> None:
    """These leads are students, shops and colleges, now and later."""
    count = int(bent.sum())
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


BARREN = (("Paid social", ("linkedin", "meta")), ("Paid search", ("google",)))
CLOSERS = (("Email", "email_click"), ("Webinar", "webinar"))
STORIES: tuple[type[Story], ...] = (BadFitCampaign, SilentRep, BarrenChannel, FlatteringCloser)
