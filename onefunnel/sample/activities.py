"""Calls, messages and meetings of the CRM's people."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import DAY, EXPORTED, into_office, stream

KINDS = np.array(["call", "email", "meeting", "whatsapp"], dtype=object)
OUTCOMES = np.array(["connected", "no answer", "call back later", "left message", ""], dtype=object)


def draw(
    seed: int,
    leads: SimpleNamespace,
    deals: SimpleNamespace,
    lead_owner: np.ndarray,
    deal_owner: np.ndarray,
) -> SimpleNamespace:
    """Rows sorted by time; `lead` or `deal` is -1 where the activity is not about one."""
    rng = stream(seed, "activities")
    parts = [
        _attempts(leads),
        _later_calls(rng, leads, lead_owner),
        _in_deals(rng, deals, deal_owner),
        _automated(rng, leads),
        _impatient(seed, leads),
    ]
    who, deal, at, owner, robot = (np.concatenate([p[k] for p in parts]) for k in range(5))
    first = np.arange(len(who)) < len(parts[0][0])  # an attempt to reach a lead goes out
    asked = np.arange(len(who)) >= len(who) - len(parts[-1][0])
    keep = (at <= EXPORTED) & ~np.where(who >= 0, leads.desk[who], False)
    order = np.flatnonzero(keep)[np.argsort(at[keep], kind="stable")]
    who, deal, at, owner, robot, first, asked = (c[order] for c in (who, deal, at, owner, robot, first, asked))
    n = len(order)
    kind = np.where(robot, "email", rng.choice(KINDS, n, p=[0.55, 0.2, 0.1, 0.15]))
    outcome = np.where(kind == "call", rng.choice(OUTCOMES, n, p=[0.55, 0.25, 0.1, 0.06, 0.04]), "")
    talk = np.where(outcome == "connected", rng.gamma(1.6, 140, n), rng.uniform(0, 25, n)).astype(int)
    talk = np.where(kind == "meeting", rng.integers(20, 120, n) * 60, talk)
    inbound = asked | (~robot & ~first & (rng.random(n) < 0.08))
    outcome = _objecting(seed, outcome)
    return SimpleNamespace(
        n=n,
        lead=who,
        deal=deal,
        at=at,
        owner=owner,
        automated=robot,
        kind=kind,
        outcome=outcome,
        seconds=talk,
        inbound=inbound,
    )


def _objecting(seed: int, outcome: np.ndarray) -> np.ndarray:
    """Some who were reached on the phone objected, and the outcome of the call says so."""
    rng = stream(seed, "call objections")
    said = (outcome == "connected") & (rng.random(len(outcome)) < 0.05)
    return np.where(
        said, rng.choice(np.array(words.CALL_OBJECTIONS, dtype=object), len(outcome), p=[0.6, 0.4]), outcome
    )


def _attempts(leads: SimpleNamespace) -> tuple[np.ndarray, ...]:
    who, at, owner = (np.concatenate([c[k] for c in leads.contacts]) for k in range(3))
    return who, np.full(len(who), -1), at, owner, np.zeros(len(who), bool)


def _impatient(seed: int, leads: SimpleNamespace) -> tuple[np.ndarray, ...]:
    """Some who wait for a call ask themselves where it stays; nobody of sales has reached them by that."""
    rng = stream(seed, "impatient")
    who, first_at, owner = leads.contacts[0]
    asks = np.flatnonzero(rng.random(len(who)) < 0.04)
    who, owner, waited = who[asks], owner[asks], first_at[asks] - leads.created[who[asks]]
    at = into_office(rng, first_at[asks] - (rng.uniform(0.05, 0.4, len(asks)) * waited).astype(np.int64))
    who, owner, at = (column[at < first_at[asks]] for column in (who, owner, at))
    return who, np.full(len(who), -1), at, owner, np.zeros(len(who), bool)


def _later_calls(rng: np.random.Generator, leads: SimpleNamespace, owner: np.ndarray) -> tuple[np.ndarray, ...]:
    """Follow-ups after the first attempt, by whoever owns the lead at the end."""
    first_who, first_at, _ = leads.contacts[0]
    rows = np.repeat(np.arange(len(first_who)), rng.poisson(1.8, len(first_who)))
    at = into_office(rng, first_at[rows] + (rng.exponential(5, len(rows)) * DAY).astype(np.int64))
    who = first_who[rows]
    return who, np.full(len(who), -1), at, owner[who], np.zeros(len(who), bool)


def _in_deals(rng: np.random.Generator, deals: SimpleNamespace, owner: np.ndarray) -> tuple[np.ndarray, ...]:
    """Calls and visits while a deal of the CRM runs."""
    rows = np.repeat(np.arange(deals.n), np.where(deals.desk, 0, rng.poisson(5, deals.n)))
    span = np.minimum(deals.closes, EXPORTED) - deals.created
    at = into_office(rng, deals.created[rows] + (rng.random(len(rows)) * span[rows]).astype(np.int64))
    return np.full(len(rows), -1), rows, at, owner[rows], np.zeros(len(rows), bool)


def _automated(rng: np.random.Generator, leads: SimpleNamespace) -> tuple[np.ndarray, ...]:
    """The robot answers half of all leads within minutes; that is no contact."""
    who = np.flatnonzero(rng.random(leads.n) < 0.5)
    at = leads.created[who] + rng.integers(20, 600, len(who))
    return (
        who,
        np.full(len(who), -1),
        at,
        np.full(len(who), staff.ROBOT, dtype=object),
        np.ones(len(who), bool),
    )
