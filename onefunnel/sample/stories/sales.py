"""Stories about what sales makes of the leads it is handed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff
from onefunnel.sample.clock import DAY, OPENS, QUARTERS, evenly, in_office, midnight, quarter_of
from onefunnel.sample.rules import DRAFT, VERSIONS, in_force
from onefunnel.sample.stories.story import Story


class SilentRep(Story):
    """One rep works leads and closes deals but hardly ever says why a lead did not advance."""

    name = "silent_rep"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.facts = {
            "owner_id": staff.REPS[int(self.rng.integers(0, len(staff.REPS)))],
            "disposing_odds": float(max(0.0, self.rng.uniform(-0.04, 0.04))),
        }

    def bend_disposing_odds(self, odds: np.ndarray, owner: np.ndarray) -> None:
        """No disposition from this owner, or one in thirty."""
        odds[owner == self.facts["owner_id"]] = self.facts["disposing_odds"]


class MetByNight(Story):
    """For a fiscal year half of the handovers come at night and are called in the morning; by day the reps are slow."""

    name = "met_by_night"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        year = int(self.rng.integers(0, 3))
        self.facts = {"year": year, "year_starts_at": QUARTERS[4 * year]}

    def _inside(self, at: np.ndarray) -> np.ndarray:
        return quarter_of(at) // 4 == self.facts["year"]

    def bend_handovers(self, at: np.ndarray, desk: np.ndarray) -> None:
        """An automation hands over in the night after, or on Sunday what Saturday would have been."""
        mine = np.flatnonzero(self._inside(at) & ~desk & in_office(at))
        mine = mine[evenly(self.rng.random(len(mine)), np.zeros(len(mine))) < 0.42]
        day = midnight(at[mine])
        saturday = ~in_office(day + DAY + OPENS)
        night = day + self.rng.integers(19 * 3_600, 33 * 3_600, len(mine))
        at[mine] = np.where(saturday, day + DAY + self.rng.integers(6 * 3_600, 22 * 3_600, len(mine)), night)

    def bend_first_contacts(self, odds: np.ndarray, quick: np.ndarray, at: np.ndarray, by_day: np.ndarray) -> None:
        """All of the night is called first thing; by day a share in time well below the target is left."""
        inside = self._inside(at)
        target = np.array([v.contact_target for v in VERSIONS])[in_force(at)] / 100
        odds[inside] = np.where(by_day, target - 0.16, 1.0)[inside]
        quick[inside & ~by_day] = self.rng.uniform(0, 2_400, len(at))[inside & ~by_day]


class BetterDefinition(Story):
    """Who advances and buys is whom the draft asks for: of those it would not hand over, a third as many."""

    name = "better_definition"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.facts = {"draft_version": DRAFT.number}
        self.wanted, self.more = None, 1.0

    def bend_advancing_odds(
        self,
        odds: np.ndarray,
        leads: SimpleNamespace,
        who: np.ndarray,
        good: np.ndarray,
        fits_draft: np.ndarray,
        meets_draft: np.ndarray,
    ) -> None:
        """As many advance as would have, but of the qualified mostly the draft's."""
        yes, no = (good & fits_draft) | meets_draft, good & ~fits_draft
        if self.wanted is None:
            self.wanted = np.full(leads.n, -1)
            self.more = odds[yes | no].sum() / max(1.0, odds[yes].sum() + odds[no].sum() / 3)
        self.wanted[who] = np.select([yes, no], [1, 0], -1)
        odds[yes] = min(0.95, 0.58 * self.more)
        odds[no] = odds[no] * self.more / 3

    def bend_winning_odds(self, odds: np.ndarray, lead: np.ndarray) -> None:
        """The same of their deals, less strongly."""
        wanted = np.where(lead >= 0, self.wanted[lead], -1)
        odds[wanted == 1] = 0.285
        odds[wanted == 0] = 0.13
