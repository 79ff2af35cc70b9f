"""What every story may bend."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from onefunnel.sample.clock import stream


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

    def bend_handovers(self, at: np.ndarray, desk: np.ndarray) -> None:
        """Called with the instants of handovers, NEVER where there is none, and whether they are the desk's."""

    def bend_first_contacts(self, odds: np.ndarray, quick: np.ndarray, at: np.ndarray, by_day: np.ndarray) -> None:
        """Called with each handover's chance of a contact in time and the office seconds it then takes."""

    def bend_advancing_odds(
        self,
        odds: np.ndarray,
        leads: SimpleNamespace,
        who: np.ndarray,
        good: np.ndarray,
        fits_draft: np.ndarray,
        meets_draft: np.ndarray,
    ) -> None:
        """Called with each handed lead's chance to advance, and what the agreement and the draft say of it."""

    def bend_winning_odds(self, odds: np.ndarray, lead: np.ndarray) -> None:
        """Called with each first deal's chance to be won and its lead, -1 without one."""

    def bend_losses(self, deals: SimpleNamespace) -> None:
        """Called once with the deals when they have their reasons for losing."""

    def bend_objections(self, category: np.ndarray, at: np.ndarray, categories: tuple[str, ...]) -> None:
        """Called with what is objected to on each occasion, an index in categories or -1, and when."""

    def bend_answers(self, answers: dict[str, int]) -> None:
        """Called with the categories of objections that marketing answers, and when."""
