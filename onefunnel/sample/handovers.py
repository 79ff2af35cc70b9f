"""Who is handed to sales, when, to whom, and what sales makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from onefunnel.sample import selling, staff, words
from onefunnel.sample.clock import DAY, EXPORTED, NEVER, into_office, quarter_of, stream
from onefunnel.sample.journal import Journal
from onefunnel.sample.judge import Judge
from onefunnel.sample.stories import Story

UNQUALIFIED_FOR_EACH_QUALIFIED = 0.3
SILENT = 0.06


def run(seed: int, leads: SimpleNamespace, judge: Judge, stories: Sequence[Story]) -> Journal:
    """Adds to leads what happened to them after they came and returns the history of their fields."""
    rng, first = stream(seed, "handovers"), judge.first_qualified()
    for field in ("accepted_at", "sql_at", "disposed_at", "converted_at", "desk_handed_at"):
        setattr(leads, field, np.full(leads.n, NEVER))
    leads.disposition, leads.reason = (np.full(leads.n, "", dtype=object) for _ in range(2))
    # the other source tells of a return by its word alone
    leads.silent = (stream(seed, "silent returns").random(leads.n) < SILENT) & ~leads.desk
    leads.handed_qualified = np.zeros(leads.n, dtype=bool)
    leads.contacts = []
    handed_at = _handover_instants(rng, leads, first, stories)
    for story in stories:
        story.bend_handovers(handed_at, leads.desk)
    leads.first_handed_at = handed_at
    leads.claimed_mql_at = _claims(rng, leads, first, handed_at)
    straight = handed_at == leads.created
    journal = Journal(status=np.where(straight, words.HANDED, words.NEW), owner=market_owner(leads))
    _before_handover(rng, leads, journal, handed_at)
    who = np.flatnonzero(handed_at <= EXPORTED)
    recycled = selling.work(rng, leads, journal, who, handed_at[who], first, judge, stories)
    again = np.flatnonzero((recycled < NEVER) & (rng.random(leads.n) < 0.4) & ~leads.desk)
    back_at = into_office(rng, recycled[again] + (rng.uniform(25, 160, len(again)) * DAY).astype(np.int64))
    for story in stories:
        story.bend_handovers(back_at, leads.desk[again])
    soon = back_at <= EXPORTED
    selling.work(rng, leads, journal, again[soon], back_at[soon], first, judge, stories)
    selling.walk_ins(rng, leads, journal, handed_at)
    return journal


def market_owner(leads: SimpleNamespace) -> np.ndarray:
    """The first owner of each lead: somebody in marketing."""
    owners = np.array(staff.MARKETERS, dtype=object)[np.arange(leads.n) % len(staff.MARKETERS)]
    return np.where(leads.desk, staff.DESK_MARKETER, owners)


def _handover_instants(
    rng: np.random.Generator, leads: SimpleNamespace, first: np.ndarray, stories: Sequence[Story]
) -> np.ndarray:
    """NEVER, or when a lead is handed over: most of the qualified, some of the others."""
    qualified, n = first < NEVER, leads.n
    quarter = quarter_of(leads.created)
    quarters = quarter.max() + 1
    share = np.bincount(quarter, qualified, quarters) / np.maximum(1, np.bincount(quarter, ~qualified, quarters))
    odds = np.where(qualified, 0.88, UNQUALIFIED_FOR_EACH_QUALIFIED * share[quarter])
    bent = odds.copy()
    for story in stories:
        story.bend_handover_odds(bent, leads)
    odds = np.where(qualified, odds, bent)
    early = qualified & (first - leads.created > 3 * DAY) & (rng.random(n) < 0.06)
    begins = np.where(qualified & ~early, first, leads.created + (rng.exponential(2.5, n) * DAY).astype(np.int64))
    at = np.minimum(begins, EXPORTED) + (rng.exponential(0.5, n) * DAY).astype(np.int64)
    at = np.where(rng.random(n) < 0.85, into_office(rng, at), at)
    at = np.where((begins == leads.created) & (rng.random(n) < 0.1), leads.created, at)
    at = np.where(leads.desk, at // 60 * 60, at)
    return np.where(rng.random(n) < odds, np.maximum(at, leads.created), NEVER)


def _claims(rng: np.random.Generator, leads: SimpleNamespace, first: np.ndarray, handed_at: np.ndarray) -> np.ndarray:
    """When marketing says the lead became an MQL: about when it did, and some that never did."""
    wishful = (first == NEVER) & ((handed_at < NEVER) | (rng.random(leads.n) < 0.03))
    late = leads.created + (rng.exponential(2, leads.n) * DAY).astype(np.int64)
    claim = np.where(first < NEVER, first, np.where(wishful, late, NEVER))
    return np.where((rng.random(leads.n) < 0.93) & (claim <= EXPORTED), np.minimum(claim, handed_at), NEVER)


def _before_handover(rng: np.random.Generator, leads: SimpleNamespace, journal: Journal, handed_at: np.ndarray) -> None:
    """Leads that wait go to nurture after some days; a few are thrown out by marketing."""
    at = leads.created + (rng.uniform(1, 5, leads.n) * DAY).astype(np.int64)
    waits = np.flatnonzero((at < handed_at) & (rng.random(leads.n) < 0.85))
    journal.change("status", waits, at[waits], words.NURTURE)
    thrown = np.flatnonzero((handed_at == NEVER) & (rng.random(leads.n) < 0.06))
    journal.change("status", thrown, at[thrown] + 20 * DAY, words.JUNK)
