"""Deals from leads, from old acquaintances and returning customers, and their histories."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import DAY, EXPORTED, NEVER, START, into_office, midnight, on, stream
from onefunnel.sample.journal import Journal
from onefunnel.sample.stories import Story

NEW, REPEAT, EXPANSION = 0, 1, 2
TYPES = ("new", "repeat", "expansion")


def draw(
    seed: int, scale: float, leads: SimpleNamespace, firms: SimpleNamespace, stories: Sequence[Story]
) -> SimpleNamespace:
    """All deals in order of creation; `lead` is -1 where there is none."""
    rng = stream(seed, "deals")
    lead = np.flatnonzero(leads.converted_at <= EXPORTED)
    fresh = int(430 * scale) + 3
    unasked = into_office(rng, START + rng.integers(0, 1096 * DAY, fresh))
    created = np.concatenate([leads.converted_at[lead], unasked])
    lead = np.concatenate([lead, np.full(fresh, -1)])
    firm = np.where(lead >= 0, leads.firm[lead], rng.integers(0, int(firms.n * 0.9), len(lead)))
    good = np.where(lead >= 0, leads.handed_qualified[lead], rng.random(len(lead)) < 0.6)
    deals = SimpleNamespace(lead=lead, firm=firm, created=created, kind=np.full(len(lead), NEW))
    deals.desk = np.where(lead >= 0, leads.desk[lead], False)
    deals.branch = np.where(lead >= 0, leads.branch[lead], False)
    odds = np.where(good, 0.255, 0.13)
    for story in stories:
        story.bend_winning_odds(odds, lead)
    deals.won, deals.closes = _outcome(rng, created, odds)
    _add_repeats(rng, deals)
    order = np.argsort(deals.created, kind="stable")
    for field, values in vars(deals).items():
        setattr(deals, field, values[order])
    deals.n = len(order)
    _price(rng, deals, firms, scale)
    return deals


def _outcome(rng: np.random.Generator, created: np.ndarray, odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each deal is won in the end, and when it is decided (maybe after the export)."""
    won = rng.random(len(created)) < odds
    days = np.exp(rng.normal(np.where(won, np.log(74), np.log(88)), np.where(won, 0.55, 0.7)))
    return won, into_office(rng, created + (np.maximum(days, 4) * DAY).astype(np.int64))


def _add_repeats(rng: np.random.Generator, deals: SimpleNamespace) -> None:
    """Customers return: repeat orders through a deal, and expansions to another line."""
    parents = np.flatnonzero(deals.won & (deals.closes < EXPORTED) & ~deals.desk)
    parents = np.repeat(parents, rng.poisson(1.35, len(parents)))
    created = into_office(rng, deals.closes[parents] + (rng.gamma(1.5, 150, len(parents)) * DAY).astype(np.int64))
    parents, created = parents[created <= EXPORTED], created[created <= EXPORTED]
    won, closes = _outcome(rng, created, np.full(len(parents), 0.41))
    closes = created + (closes - created) * 2 // 3
    extra = {
        "lead": np.full(len(parents), -1),
        "firm": deals.firm[parents],
        "created": created,
        "kind": np.where(rng.random(len(parents)) < 0.7, REPEAT, EXPANSION),
        "won": won,
        "closes": closes,
        "desk": np.zeros(len(parents), bool),
        "branch": deals.branch[parents],
    }
    for field, values in extra.items():
        setattr(deals, field, np.concatenate([getattr(deals, field), values]))


def _price(rng: np.random.Generator, deals: SimpleNamespace, firms: SimpleNamespace, scale: float) -> None:
    """Amounts by size of the firm, dollars for half of the export desk, and first due dates."""
    n = deals.n
    rupees = 420_000 * (firms.employees[deals.firm] / 150) ** 0.35 * np.exp(rng.normal(0, 0.9, n))
    deals.dollars = deals.desk & (rng.random(n) < 0.5)
    amount = np.maximum(25, np.round(rupees / 1000)).astype(np.int64) * 1000
    deals.amount = np.where(deals.dollars, amount // 83, amount)
    planned = rng.normal(78, 18, n).clip(20, 150) * DAY
    deals.due = midnight(deals.created + planned.astype(np.int64))


def play(seed: int, deals: SimpleNamespace, owner: np.ndarray) -> Journal:
    """The history of every deal up to the export; adds reopened_at, closed_at and lost reasons."""
    rng = stream(seed, "deal histories")
    everyone = np.arange(deals.n)
    journal = Journal(
        stage=np.full(deals.n, words.STAGES[0]),
        amount=deals.amount.astype(str),
        expected_close_on=on(deals.due),
        owner=owner,
    )
    _walk_stages(rng, deals, journal)
    end = np.where(deals.won, words.WON, np.where(rng.random(deals.n) < 0.1, words.REGRETTED, words.LOST))
    reopens = ~deals.won & (rng.random(deals.n) < 0.06)
    journal.change("stage", everyone, deals.closes, end)
    deals.closed_at = np.where(deals.closes <= EXPORTED, deals.closes, NEVER)
    deals.reopened_at = np.full(deals.n, NEVER)
    _reopen(rng, deals, journal, np.flatnonzero(reopens))
    _edit(rng, deals, journal)
    _say_why(rng, deals, journal)
    return journal


def _walk_stages(rng: np.random.Generator, deals: SimpleNamespace, journal: Journal) -> None:
    """Later stages at increasing fractions of the cycle; lost deals stop early, some skip one."""
    span = deals.closes - deals.created
    fraction = np.sort(rng.uniform(0.03, 0.95, (deals.n, 4)), axis=1)
    reach = np.where(deals.won, 4, rng.choice(5, deals.n, p=[0.12, 0.2, 0.33, 0.25, 0.1]))
    skips = rng.random(deals.n) < 0.15
    last = deals.created.copy()
    for step in range(1, 5):
        who = np.flatnonzero((reach >= step) & ~(skips & (step == 1)))
        at = into_office(rng, deals.created[who] + (span[who] * fraction[who, step - 1]).astype(np.int64))
        at = last[who] = np.minimum(np.maximum(at, last[who] + 900), deals.closes[who] - 900 * (5 - step))
        journal.change("stage", who, at, words.STAGES[step])


def _reopen(rng: np.random.Generator, deals: SimpleNamespace, journal: Journal, who: np.ndarray) -> None:
    """Some lost deals come back to negotiation and are decided again."""
    again = into_office(rng, deals.closes[who] + (rng.uniform(6, 60, len(who)) * DAY).astype(np.int64))
    seen = journal.change("stage", who, again, words.STAGES[3])
    who, again = who[seen], again[seen]
    deals.reopened_at[who], deals.closed_at[who] = again, NEVER
    second = into_office(rng, again + (rng.uniform(8, 60, len(who)) * DAY).astype(np.int64))
    won = rng.random(len(who)) < 0.45
    decided = journal.change("stage", who, second, np.where(won, words.WON, words.LOST))
    deals.closed_at[who[decided]] = second[decided]
    deals.won[who] = won


def _edit(rng: np.random.Generator, deals: SimpleNamespace, journal: Journal) -> None:
    """Amounts are revised, close dates slip once or twice, a few deals change hands."""
    span = np.minimum(deals.closes, EXPORTED) - deals.created
    who = np.flatnonzero(rng.random(deals.n) < 0.34)
    at = into_office(rng, deals.created[who] + (span[who] * rng.uniform(0.2, 0.95, len(who))).astype(np.int64))
    factor = np.exp(rng.normal(-0.04, 0.22, len(who)))
    step = np.where(deals.dollars[who], 10, 1000)
    new = np.maximum(1, np.round(deals.amount[who] * factor / step)).astype(np.int64) * step
    journal.change("amount", who, at, new.astype(str).astype(object))
    due = deals.due.copy()
    for _ in range(2):
        who = np.flatnonzero((due < np.minimum(deals.closes, EXPORTED)) & (rng.random(deals.n) < 0.75))
        at = into_office(rng, due[who] - rng.integers(0, 4 * DAY, len(who)))
        at = np.maximum(at, deals.created[who] + 3_600)
        due[who] = midnight(due[who] + rng.integers(14, 50, len(who)) * DAY)
        journal.change("expected_close_on", who, at, np.array(on(due[who]), dtype=object))
    moved = np.flatnonzero((rng.random(deals.n) < 0.05) & ~deals.desk & (span > 10 * DAY))
    to = staff.draw_reps(rng, len(moved))
    journal.change("owner", moved, deals.created[moved] + span[moved] // 2, to)


def _say_why(rng: np.random.Generator, deals: SimpleNamespace, journal: Journal) -> None:
    """Lost deals name a reason mostly, and a competitor where they lost to one; some won and open ones name a rival."""
    lost = np.isin(journal.current["stage"].astype(str), (words.LOST, words.REGRETTED))
    why = rng.choice(
        np.array(words.LOST_REASONS, dtype=object),
        deals.n,
        p=[0.3, 0.12, 0.2, 0.12, 0.1, 0.06, 0.07, 0.03],
    )
    deals.lost_reason = np.where(lost & (rng.random(deals.n) < 0.9), why, "")
    rival = rng.choice(np.array(words.COMPETITORS, dtype=object), deals.n, p=[0.34, 0.24, 0.16, 0.14, 0.12])
    named = (deals.lost_reason == "Lost to competitor") | (lost & (rng.random(deals.n) < 0.12))
    named |= ~lost & (rng.random(deals.n) < 0.22)  # nobody is harder to beat than another
    deals.competitor = np.where(named, rival, "")
    deals.lost = lost
