"""The sheet in which reps enter what buyers objected to, and the daily digest of all that sales heard."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff, words
from onefunnel.sample.clock import AS_OF, DAY, EXPORTED, NEVER, START, in_office, into_office, midnight, stream
from onefunnel.sample.objection_words import OBJECTIONS, UNMAPPED

CATEGORIES = tuple(OBJECTIONS)
RAISED = 0.2
HOUR = 3_600


def draw(w: SimpleNamespace) -> SimpleNamespace:
    """The objections entered by the export in order of time; `lead` or `deal` is -1 where it is not about one."""
    rng = stream(w.seed, "objections")
    found = _occasions(rng, w)
    shares = np.cumsum([o.share for o in OBJECTIONS.values()])
    roll = rng.random(len(found.at)) / RAISED
    found.category = np.where(roll < 1, np.searchsorted(shares, np.minimum(roll, shares[-1] - 1e-9)), -1)
    for story in w.stories:
        story.bend_objections(found.category, found.at, CATEGORIES)
    _log(rng, found)
    keep = (found.category >= 0) & ((found.logged_at <= EXPORTED) | (found.logged_at == NEVER))
    order = np.flatnonzero(keep)[np.argsort(found.at[keep], kind="stable")]
    x = SimpleNamespace(n=len(order), **{field: values[order] for field, values in vars(found).items()})
    _answer(stream(w.seed, "answers"), x, w.stories)
    _describe(stream(w.seed, "objection cells"), x)
    x.shown_at = _shown(stream(w.seed, "digests"), np.where(x.logged_at < NEVER, x.logged_at, x.at))
    _heard_elsewhere(w, x)
    return x


def _heard_elsewhere(w: SimpleNamespace, x: SimpleNamespace) -> None:
    """Calls that ended with an objection and deals lost for a reason, as row numbers, and when a digest showed each."""
    a, d = w.activities, w.deals
    x.calls = np.flatnonzero(np.isin(a.outcome.astype(str), words.CALL_OBJECTIONS))
    x.losses = np.flatnonzero((d.closed_at <= EXPORTED) & (d.lost_reason != ""))
    x.calls_shown_at = _shown(stream(w.seed, "digests of calls"), a.at[x.calls])
    x.losses_shown_at = _shown(stream(w.seed, "digests of losses"), d.closed_at[x.losses])


def _occasions(rng: np.random.Generator, w: SimpleNamespace) -> SimpleNamespace:
    """Where a buyer may object: conversations of the CRM's reps, and moments of its deals."""
    a, d = w.activities, w.deals
    talks = (a.seconds >= 60) & ~a.automated & np.isin(a.kind.astype(str), ("call", "meeting"))
    talks = np.flatnonzero(talks & np.isin(a.owner.astype(str), staff.REPS))
    rows = np.repeat(np.arange(d.n), np.where(d.desk, 0, rng.poisson(1.5, d.n)))
    span = np.minimum(d.closes, EXPORTED) - d.created
    at = into_office(rng, d.created[rows] + (rng.random(len(rows)) * span[rows]).astype(np.int64))
    rows, at = rows[at <= EXPORTED], at[at <= EXPORTED]
    return SimpleNamespace(
        at=np.concatenate([a.at[talks], at]),
        lead=np.concatenate([a.lead[talks], np.full(len(rows), -1)]),
        deal=np.concatenate([a.deal[talks], rows]),
        owner=np.concatenate([a.owner[talks], w.deal_journal.current["owner"][rows]]),
    )


def _log(rng: np.random.Generator, found: SimpleNamespace) -> None:
    """Entered within hours mostly, one in seven after more than a day, a few without saying when."""
    n = len(found.at)
    late = rng.random(n) < 0.15
    soon = found.at + (rng.exponential(1.5, n).clip(0, 20) * HOUR).astype(np.int64) + 60
    later = into_office(rng, found.at + ((26 + rng.exponential(40, n)) * HOUR).astype(np.int64))
    found.logged_at = np.where(rng.random(n) < 0.02, NEVER, np.where(late, later, soon))


def _answer(rng: np.random.Generator, x: SimpleNamespace, stories: list) -> None:
    """Marketing answers some categories: what was lately entered at once, a third of what comes afterwards."""
    answerable = [c for c in CATEGORIES if OBJECTIONS[c].answer]
    answers = {
        str(c): int(into_office(rng, np.array([START + int(rng.integers(240, 850)) * DAY]))[0])
        for c in rng.choice(answerable, 3, replace=False)
    }
    for story in stories:
        story.bend_answers(answers)
    again = into_office(rng, x.at + (rng.exponential(1.5, x.n) * DAY).astype(np.int64) + HOUR)
    again = np.where((rng.random(x.n) < 0.3) & (again <= EXPORTED) & (again > x.logged_at), again, NEVER)
    x.answered_at, x.answer = np.full(x.n, NEVER), np.full(x.n, "", dtype=object)
    for category, at in answers.items():
        mine = x.category == CATEGORIES.index(category)
        known = np.flatnonzero(mine & (np.where(x.logged_at < NEVER, x.logged_at, x.at) < at))
        recent = known[(x.at[known] > at - 90 * DAY) | (known == known.max(initial=-1))]
        x.answered_at[recent] = at
        after = mine & (x.at >= at)
        x.answered_at[after] = again[after]
        x.answer[mine & (x.answered_at < NEVER)] = OBJECTIONS[category].answer


def _describe(rng: np.random.Generator, x: SimpleNamespace) -> None:
    """The sheet's word for it, the buyer's own words, whether it surprised, and which competitor was named."""
    roll, style = rng.random((4, x.n)), rng.choice(3, x.n, p=[0.86, 0.08, 0.06])
    kinds = [OBJECTIONS[CATEGORIES[c]] for c in x.category.tolist()]
    typed = [(str, str.lower, str.upper)[s](_pick(o.typed, r)) for o, r, s in zip(kinds, roll[0], style)]
    x.typed = [_pick(UNMAPPED, r * 50) if r < 0.02 else "" if r < 0.03 else t for t, r in zip(typed, roll[1])]
    x.said = [_pick(o.said, r * 1.25) if r < 0.8 else "" for o, r in zip(kinds, roll[2])]
    x.surprised = roll[3] < np.array([o.surprises for o in kinds])
    named = {"incumbent supplier": 0.55, "price": 0.15, "delivery time": 0.15}
    rival = rng.choice(np.array(words.COMPETITORS, dtype=object), x.n, p=[0.34, 0.24, 0.16, 0.14, 0.12])
    odds = np.array([named.get(CATEGORIES[c], 0.03) for c in x.category.tolist()])
    x.competitor = np.where(rng.random(x.n) < odds, rival, "")


def _pick(choices: tuple[str, ...], roll: float) -> str:
    return choices[int(roll * len(choices))]


def _shown(rng: np.random.Generator, at: np.ndarray) -> np.ndarray:
    """The first digest at or after: 18:00 on Monday to Saturday; a few are left out until a later one.

    There was none on AS_OF's eve: what was told that day is there for the run to show.
    """
    day = (at - midnight(at) > 18 * HOUR) + np.where(rng.random(len(at)) < 0.02, rng.integers(1, 4, len(at)), 0)
    shown = midnight(at) + day * DAY + 18 * HOUR
    shown = shown + np.where(in_office(shown), 0, DAY)
    shown = shown + np.where(midnight(shown) == AS_OF - DAY, DAY, 0)
    return np.where(shown <= EXPORTED, shown, NEVER)
