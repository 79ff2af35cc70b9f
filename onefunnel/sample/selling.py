"""What sales makes of the leads it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from onefunnel.sample import reaching, staff, words
from onefunnel.sample.clock import DAY, EXPORTED, NEVER, into_office
from onefunnel.sample.journal import Journal
from onefunnel.sample.judge import Judge
from onefunnel.sample.stories import Story

HOUR = 3_600


def work(
    rng: np.random.Generator,
    leads: SimpleNamespace,
    journal: Journal,
    who: np.ndarray,
    at: np.ndarray,
    first: np.ndarray,
    judge: Judge,
    stories: Sequence[Story],
) -> np.ndarray:
    """Plays one round of handovers; returns when each lead was recycled, else NEVER."""
    journal.change("status", who, at, words.HANDED)
    leads.desk_handed_at[who] = np.where(leads.desk[who], at, NEVER)
    good = first[who] <= at
    owner = _assign(rng, leads, journal, who, at)
    leads.contacts.append(reaching.first_contacts(rng, leads, who, at, owner, good, stories))
    accepted_at = into_office(rng, at + (rng.exponential(1.5, len(who)) * DAY).astype(np.int64) + HOUR)
    odds = np.where(good, 0.58, 0.2)
    for story in stories:
        story.bend_advancing_odds(odds, leads, who, good, *judge.draft(who, at))
    advances = rng.random(len(who)) < odds
    accepts = advances | (rng.random(len(who)) < 0.45)
    _step(leads, journal, "accepted_at", who[accepts], accepted_at[accepts], words.ACCEPTED)
    sql_at = _later(rng, accepted_at, rng.gamma(1.5, 4, len(who)))
    _hand_back(rng, leads, journal, who[accepts & ~advances], accepted_at[accepts & ~advances])
    confirmed = advances & (rng.random(len(who)) < 0.9)
    _step(leads, journal, "sql_at", who[confirmed], sql_at[confirmed], words.SALES_QUALIFIED)
    won_over = _later(rng, sql_at, rng.gamma(1.5, 5, len(who)))
    converts = advances & (rng.random(len(who)) < 0.92)
    _step(leads, journal, "converted_at", who[converts], won_over[converts], words.CONVERTED)
    leads.handed_qualified[who] = good
    return _dispose(rng, leads, journal, who[~advances], accepted_at[~advances], owner[~advances], stories)


def _later(rng: np.random.Generator, at: np.ndarray, days: np.ndarray) -> np.ndarray:
    """So many days later, in office hours, and never within the same hour."""
    return np.maximum(into_office(rng, at + (days * DAY).astype(np.int64)), at + HOUR)


def _hand_back(
    rng: np.random.Generator,
    leads: SimpleNamespace,
    journal: Journal,
    who: np.ndarray,
    at: np.ndarray,
) -> None:
    """A few are set back to the handover's status by mistake, which is no new handover."""
    slip = (rng.random(len(who)) < 0.04) & ~leads.desk[who]
    journal.change("status", who[slip], at[slip] + HOUR // 2, words.HANDED)


def _assign(
    rng: np.random.Generator,
    leads: SimpleNamespace,
    journal: Journal,
    who: np.ndarray,
    at: np.ndarray,
) -> np.ndarray:
    """Gives each lead a rep, and a few another one within days; returns the first rep."""
    crm = staff.draw_reps(rng, len(who))
    desk = np.array(staff.DESK_REPS, dtype=object)[rng.integers(0, len(staff.DESK_REPS), len(who))]
    owner = np.where(leads.desk[who], desk, crm)
    journal.change("owner", who, at, owner)
    moved = np.flatnonzero((rng.random(len(who)) < 0.04) & ~leads.desk[who])
    other = staff.draw_reps(rng, len(moved))
    journal.change("owner", who[moved], at[moved] + 2 * DAY, other)
    now = owner.copy()
    now[moved] = other
    return now


def _step(
    leads: SimpleNamespace,
    journal: Journal,
    field: str,
    who: np.ndarray,
    at: np.ndarray,
    status: str,
) -> None:
    """Dates a stage and sets the status where the export saw it."""
    at = np.where(leads.desk[who], at // 60 * 60, at)
    seen = journal.change("status", who, at, status)
    getattr(leads, field)[who[seen]] = at[seen]


def _dispose(
    rng: np.random.Generator,
    leads: SimpleNamespace,
    journal: Journal,
    who: np.ndarray,
    begun: np.ndarray,
    owner: np.ndarray,
    stories: Sequence[Story],
) -> np.ndarray:
    """Sales says what became of leads that do not advance, of a few by the status alone; returns when recycled."""
    odds = np.full(len(who), 0.88)
    for story in stories:
        story.bend_disposing_odds(odds, owner)
    at = _later(rng, begun, rng.gamma(1.6, 4.5, len(who)))
    at = np.where(leads.desk[who], at // 60 * 60, at)
    spoken = (rng.random(len(who)) < odds) & (at <= EXPORTED)
    who, at = who[spoken], at[spoken]
    recycles = rng.random(len(who)) < 0.34
    said = np.where(
        recycles,
        rng.choice(np.array(words.RECYCLING, dtype=object), len(who)),
        rng.choice(np.array(words.CLOSING, dtype=object), len(who), p=[0.28, 0.3, 0.14, 0.1, 0.1, 0.08]),
    )
    reason = rng.choice(np.array(words.REASONS, dtype=object), len(who))
    told = ~leads.silent[who]
    leads.disposition[who[told]], leads.disposed_at[who[told]] = said[told], at[told]
    leads.reason[who[told]] = reason[told]
    journal.change("status", who, at, np.where(recycles, words.RECYCLED, words.DISQUALIFIED))
    recycled = np.full(leads.n, NEVER)
    recycled[who[recycles]] = at[recycles]
    return recycled


def walk_ins(rng: np.random.Generator, leads: SimpleNamespace, journal: Journal, handed_at: np.ndarray) -> None:
    """A few leads become deals without ever being handed over."""
    at = _later(rng, leads.created, rng.uniform(6, 35, leads.n))
    who = np.flatnonzero((handed_at == NEVER) & (rng.random(leads.n) < 0.007))
    who = who[journal.current["status"][who] != words.JUNK]
    _step(leads, journal, "converted_at", who, at[who], words.CONVERTED)
