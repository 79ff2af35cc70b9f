"""Who enquires, when, from where, and what the form says about them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import names, words
from onefunnel.sample.clock import DAY, EXPORTED, IST, START, stream, web_clock

MONTH_WEIGHT = (
    0.86,
    0.92,
    0.95,
    0.98,
    0.95,
    1.02,
    0.88,
    0.9,
    1.0,
    1.08,
    1.15,
    1.5,
)  # April ... March
AUTHORITY = np.array([t[1:] for t in words.TITLES])
UNFIT_TITLES = np.flatnonzero((AUTHORITY == words.NO).all(axis=1))


def draw(seed: int, n: int, firms: SimpleNamespace, campaigns: SimpleNamespace) -> SimpleNamespace:
    """n leads in order of creation, each with a firm, a source and first and later attributes."""
    rng = stream(seed, "leads")
    source = rng.choice(len(words.SOURCES), n, p=_source_shares())
    fair = source == words.SOURCE_NAMES.index("fair")
    created = np.where(fair, _at_a_fair(rng, n, campaigns), _any_day(rng, n))
    created = np.minimum(created, EXPORTED - 1)
    order = np.argsort(created, kind="stable")
    leads = SimpleNamespace(n=n, created=created[order], source=source[order])
    leads.desk = rng.random(n) < 0.08
    leads.created = np.where(leads.desk, leads.created // 60 * 60, leads.created)
    leads.firm = _pick_firms(rng, leads, firms)
    _copy_duplicates(rng, leads)
    leads.campaign = _campaign(rng, leads, campaigns)
    _describe(rng, leads, firms)
    return leads


def _source_shares() -> np.ndarray:
    shares = np.array([s[0] for s in words.SOURCES.values()], dtype=float)
    return shares / shares.sum()


def _any_day(rng: np.random.Generator, n: int) -> np.ndarray:
    """Days weighted by month (peak in March), weekday (few on Sunday) and 12 % growth a year."""
    days = np.arange(START, EXPORTED, DAY)
    months = (days + IST).astype("datetime64[s]").astype("datetime64[M]").astype(int)
    weekday = ((days + IST) // DAY + 3) % 7
    weight = np.array(MONTH_WEIGHT)[(months - 3) % 12] * np.where(weekday == 6, 0.3, np.where(weekday == 5, 0.8, 1))
    weight = weight * 1.12 ** ((days - START) / (365 * DAY))
    return rng.choice(days, n, p=weight / weight.sum()) + web_clock(rng, n)


def _at_a_fair(rng: np.random.Generator, n: int, campaigns: SimpleNamespace) -> np.ndarray:
    """During one of the fairs, or within the three weeks after it while cards are typed in."""
    start = campaigns.starts[rng.choice(campaigns.fairs, n)]
    days = np.minimum(rng.geometric(0.25, n) - 1, 24)
    return start + days * DAY + web_clock(rng, n)


def _pick_firms(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> np.ndarray:
    """A serious or a casual firm by the source's odds; the export desk mostly hears from abroad."""
    odds = np.array([s[1] for s in words.SOURCES.values()])[leads.source]
    serious = rng.random(leads.n) < odds
    foreign = leads.desk & (rng.random(leads.n) < 0.85)
    firm = np.zeros(leads.n, dtype=np.int64)
    for want_serious in (True, False):
        for want_foreign in (True, False):
            asked = (serious == want_serious) & (foreign == want_foreign)
            pool = np.flatnonzero((firms.serious == want_serious) & (firms.abroad == want_foreign))
            firm[asked] = rng.choice(pool, asked.sum())
    return firm


def _copy_duplicates(rng: np.random.Generator, leads: SimpleNamespace) -> None:
    """Four in a hundred are an earlier person of the same system, spelled otherwise."""
    leads.person = np.arange(leads.n)
    leads.duplicate_of = np.full(leads.n, -1)
    back = rng.integers(1, max(2, leads.n // 12), leads.n)
    for i in np.flatnonzero(rng.random(leads.n) < 0.045):
        first = i - back[i]
        if first >= 0 and leads.duplicate_of[first] < 0 and leads.desk[first] == leads.desk[i]:
            leads.duplicate_of[i], leads.person[i], leads.firm[i] = first, first, leads.firm[first]


def _campaign(rng: np.random.Generator, leads: SimpleNamespace, campaigns: SimpleNamespace) -> np.ndarray:
    """The row of the campaign running at creation for campaign sources, -1 for the others."""
    half = np.clip(np.searchsorted(campaigns.halves, leads.created, side="right") - 1, 0, 5)
    found = np.full(leads.n, -1)
    for source, lines in campaigns.lines.items():
        asked = (leads.source == words.SOURCE_NAMES.index(source)) & ~leads.desk
        if source in ("whatsapp", "website"):
            asked &= rng.random(leads.n) < 0.4
        line = rng.integers(0, len(lines), leads.n)
        found[asked] = np.array(lines)[line, half][asked]
    fairs = np.array(campaigns.fairs)
    begun = np.searchsorted(campaigns.starts[fairs], leads.created, side="right") - 1
    at_fair = (leads.source == words.SOURCE_NAMES.index("fair")) & (begun >= 0) & ~leads.desk
    found[at_fair] = fairs[begun[at_fair]]
    return found


def _describe(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> None:
    """What the form says: industry word, employees, turnover, title, country, often missing."""
    n, firm = leads.n, leads.firm
    leads.serious = firms.serious[firm] & (rng.random(n) < 0.93)
    roll = rng.random((4, n))
    other = rng.integers(len(words.WORDS) - len(words.UNMAPPED_WORDS), len(words.WORDS), n)
    told = np.where(leads.serious, 0.95, 0.84)
    leads.word = np.where(roll[0] < told - 0.06, firms.word[firm], np.where(roll[0] < told, other, -1))
    leads.employees = np.where(roll[1] < np.where(leads.serious, 0.72, 0.5), firms.employees[firm], -1)
    wrong = np.where(rng.random(n) < 0.12, rng.choice([0.1, 0.25, 4.0], n), 1.0)  # the two disagree
    revenue = np.maximum(1, np.round(firms.revenue[firm] * wrong / 1e5)).astype(np.int64) * 100_000
    leads.revenue = np.where(roll[2] < np.where(leads.serious, 0.55, 0.35), revenue, -1)
    leads.in_dollars = leads.desk & (rng.random(n) < 0.6)
    leads.revenue = np.where(leads.in_dollars & (leads.revenue > 0), leads.revenue // 80, leads.revenue)
    leads.title = draw_titles(rng, leads.serious, roll[3])
    leads.branch = firms.has_branch[firm] & (rng.random(n) < 0.4)
    leads.country_style = np.where(rng.random(n) < 0.05, 0, np.where(rng.random(n) < 0.02, 2, 1))


def draw_titles(rng: np.random.Generator, serious: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """Indices in words.TITLES: mostly deciders among the serious, -1 where left blank."""
    n = len(serious)
    decider = rng.choice(np.flatnonzero((AUTHORITY == words.YES).all(axis=1)), n)
    junior = rng.choice(UNFIT_TITLES, n)
    odd = rng.choice(np.flatnonzero((AUTHORITY == words.UNKNOWN).any(axis=1)), n)
    yes, no, unclear = np.where(serious, 0.78, 0.36), np.where(serious, 0.1, 0.3), 0.05
    return np.where(
        roll < yes,
        decider,
        np.where(roll < yes + no, junior, np.where(roll < yes + no + unclear, odd, -1)),
    )


def countries(leads: SimpleNamespace, firms: SimpleNamespace) -> list[tuple[str, str, str]]:
    """(country, state, city) as typed: country sometimes blank or `IN`."""
    places = []
    home = np.where(leads.branch, firms.branch_city[leads.firm], firms.city[leads.firm]).tolist()
    for far, there, here, style in zip(
        firms.abroad[leads.firm].tolist(),
        firms.foreign_city[leads.firm].tolist(),
        home,
        leads.country_style.tolist(),
    ):
        if far:
            city, country = names.ABROAD[there]
            places.append((country if style else "", "", city))
        else:
            city, state, _ = names.CITIES[here]
            places.append((("", "India", "IN")[style], state, city))
    return places
