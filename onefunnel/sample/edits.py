"""Fields of a lead that somebody fills in or corrects after it came."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample.clock import DAY, EXPORTED, NEVER, stream
from onefunnel.sample.leads import draw_titles


def enrich(seed: int, leads: SimpleNamespace, firms: SimpleNamespace) -> None:
    """Marketing fills some blanks within two weeks: later value and instant beside the first."""
    rng = stream(seed, "enrich")
    true = {
        "word": firms.word[leads.firm],
        "employees": firms.employees[leads.firm],
        "title": draw_titles(rng, leads.serious, rng.random(leads.n) * 0.85),
    }
    for field, value in true.items():
        first = getattr(leads, field)
        filled = (first < 0) & ~leads.desk & (value >= 0) & (rng.random(leads.n) < 0.3)
        at = leads.created + (rng.random(leads.n) * 14 * DAY).astype(np.int64) + 600
        filled &= at <= EXPORTED
        setattr(leads, field + "_later", np.where(filled, value, first))
        setattr(leads, field + "_at", np.where(filled, at, NEVER))


def fill_in_later(seed: int, leads: SimpleNamespace, firms: SimpleNamespace, handed_at: np.ndarray) -> None:
    """Sales fills blanks and corrects values after the handover, which must not mend it."""
    rng = stream(seed, "fill in")
    true = {
        "word": firms.word[leads.firm],
        "title": draw_titles(rng, leads.serious, rng.random(leads.n) * 0.9),
        "employees": firms.employees[leads.firm],
    }
    for field, value in true.items():
        at = handed_at + (rng.uniform(0.5, 20, leads.n) * DAY).astype(np.int64)
        first = getattr(leads, field)
        odds = np.where(first < 0, 0.35, 0.06)
        if field == "employees":
            value = np.where(
                first < 0,
                value,
                np.maximum(2, value * rng.choice([0.2, 0.6, 1.5], leads.n)).astype(np.int64),
            )
        edited = (
            (handed_at < NEVER) & ~leads.desk & (getattr(leads, field + "_at") == NEVER) & (rng.random(leads.n) < odds)
        )
        edited &= (at <= EXPORTED) & (value != first) & (value >= 0)
        setattr(leads, field + "_later", np.where(edited, value, getattr(leads, field + "_later")))
        setattr(leads, field + "_at", np.where(edited, at, getattr(leads, field + "_at")))
