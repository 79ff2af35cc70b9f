"""What people did on our pages, phones and stands: many page views, few signals of intent."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import words
from onefunnel.sample.clock import DAY, EXPORTED, NEVER, midnight, stream, web_clock

KIND = {kind: i for i, kind in enumerate(words.KINDS)}
# shares in the order of words.KINDS: page_view, email_click, campaign_member, webinar, then intent
SERIOUS = np.array([0.728, 0.070, 0.022, 0.018, 0.026, 0.058, 0.024, 0.026, 0.024, 0.004])
CASUAL = np.array([0.850, 0.070, 0.022, 0.010, 0.006, 0.014, 0.007, 0.008, 0.012, 0.001])


def draw(seed: int, leads: SimpleNamespace) -> SimpleNamespace:
    """About fifteen touches a lead, sorted by lead and time; the first is how the lead came."""
    rng = stream(seed, "touches")
    mean = np.where(leads.serious, 21.0, 10.2)
    count = rng.poisson(rng.gamma(1.6, mean / 1.6))
    lead = np.repeat(np.arange(leads.n), count)
    serious = leads.serious[lead]
    roll = rng.random(len(lead))
    kind = np.where(serious, np.searchsorted(np.cumsum(SERIOUS), roll), np.searchsorted(np.cumsum(CASUAL), roll))
    kind = np.minimum(kind, len(words.KINDS) - 1)
    offset = rng.exponential(np.where(rng.random(len(lead)) < 0.6, 9, 60))
    before = (rng.random(len(lead)) < 0.2) & np.isin(kind, (KIND["page_view"], KIND["pricing_page"]))
    offset = np.where(before, -rng.exponential(9, len(lead)), offset)
    offset = np.maximum(offset, -60)
    at = midnight(leads.created[lead] + (offset * DAY).astype(np.int64)) + web_clock(rng, len(lead))
    arrival = np.array([KIND[s[3]] for s in words.SOURCES.values()])[leads.source]
    return _sorted(
        leads,
        np.concatenate([lead, np.arange(leads.n)]),
        np.concatenate([at, leads.created]),
        np.concatenate([kind, arrival]),
    )


def _sorted(leads: SimpleNamespace, lead: np.ndarray, at: np.ndarray, kind: np.ndarray) -> SimpleNamespace:
    at = np.where(leads.desk[lead], at // 60 * 60, at)
    keep = at <= EXPORTED
    lead, at, kind = lead[keep], at[keep], kind[keep]
    order = np.lexsort((kind, at, lead))
    return SimpleNamespace(lead=lead[order], at=at[order], kind=kind[order])


def during_deals(
    seed: int, leads: SimpleNamespace, touches: SimpleNamespace, deals: SimpleNamespace
) -> SimpleNamespace:
    """The same touches and those of buyers while their deal runs."""
    rng = stream(seed, "deal touches")
    rows = np.flatnonzero(deals.lead >= 0)
    count = rng.poisson(6, len(rows))
    lead = np.repeat(deals.lead[rows], count)
    begun = np.repeat(deals.created[rows], count)
    span = np.repeat(np.minimum(deals.closes[rows], EXPORTED) - deals.created[rows], count)
    at = begun + (rng.random(len(lead)) * span).astype(np.int64)
    usual = [KIND["page_view"], KIND["email_click"], KIND["pricing_page"], KIND["webinar"]]
    kind = rng.choice(usual, len(lead), p=[0.7, 0.2, 0.05, 0.05])
    return _sorted(
        leads,
        np.concatenate([touches.lead, lead]),
        np.concatenate([touches.at, at]),
        np.concatenate([touches.kind, kind]),
    )


def add(
    leads: SimpleNamespace, touches: SimpleNamespace, lead: np.ndarray, at: np.ndarray, kind: str
) -> SimpleNamespace:
    """The touches with more of one kind; those after the export are not there yet."""
    return _sorted(
        leads,
        np.concatenate([touches.lead, lead]),
        np.concatenate([touches.at, at]),
        np.concatenate([touches.kind, np.full(len(lead), KIND[kind])]),
    )


def addressing(
    seed: int,
    leads: SimpleNamespace,
    touches: SimpleNamespace,
    emails: list[str],
    protected: np.ndarray,
) -> np.ndarray:
    """0: names the lead, 1: its e-mail when no other has it, 2: also its contact, 3: nobody."""
    rng = stream(seed, "addressing")
    lowered = np.array([e.lower() for e in emails])
    alone = np.ones(leads.n, dtype=bool)
    for desk in (True, False):
        rows = np.flatnonzero(leads.desk == desk)
        _, inverse, count = np.unique(lowered[rows], return_inverse=True, return_counts=True)
        alone[rows] = count[inverse] == 1
    alone &= (lowered != "") & ~protected
    roll = rng.random(len(touches.lead))
    by_mail = alone[touches.lead] & (roll < 0.12)
    by_contact = (leads.converted_at[touches.lead] <= touches.at) & (roll > 0.9)
    by_contact &= leads.converted_at[touches.lead] < NEVER
    anonymous = (touches.kind == KIND["page_view"]) & (roll > 0.5) & (roll < 0.53)
    return np.select([by_mail, by_contact, anonymous], [1, 2, 3], 0)
