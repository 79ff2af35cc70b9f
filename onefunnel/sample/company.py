"""Builds the whole company in memory, in the order in which things happen to a lead."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import (
    accounts,
    activities,
    deals,
    edits,
    handovers,
    leads,
    lookalikes,
    market,
    objections,
    people,
    staff,
    touches,
    words,
)
from onefunnel.sample.clock import EXPORTED, stream
from onefunnel.sample.judge import Judge
from onefunnel.sample.stories import STORIES

LEADS = 25_000
PRODUCTS = (
    "centrifugal pumps",
    "dosing skid",
    "control valves",
    "slurry pumps",
    "fire-fighting set",
    "spares kit",
    "vacuum system",
    "butterfly valves",
    "cooling water pumps",
    "ETP upgrade",
)


def build(seed: int, scale: float, stories: bool) -> SimpleNamespace:
    """Everything the exports and the truth are written from."""
    w = SimpleNamespace(seed=seed, scale=scale, campaigns=market.campaigns(), fx=market.fx(seed))
    w.stories = [story(seed) for story in STORIES] if stories else []
    n = max(300, int(LEADS * scale))
    w.firms = market.firms(seed, n)
    lookalikes.bend_firms(seed, w.firms)
    w.leads = leads.draw(seed, n, w.firms, w.campaigns)
    edits.enrich(seed, w.leads, w.firms)
    for story in w.stories:
        story.bend_leads(w.leads, w.campaigns)
    w.places = leads.countries(w.leads, w.firms)
    w.touches = touches.draw(seed, w.leads)
    _hand_over(w)
    _deal(w)
    w.spelled = people.spell(seed, w.leads, w.firms)
    lookalikes.bend_spelling(seed, w.leads, w.firms, w.spelled)
    _account(w)
    w.activities = activities.draw(
        seed, w.leads, w.deals, w.lead_journal.current["owner"], w.deal_journal.current["owner"]
    )
    w.objections = objections.draw(w)
    return w


def judge(w: SimpleNamespace) -> Judge:
    """A judge of the leads and touches as they stand."""
    return Judge(w.leads, w.touches, [p[0] for p in w.places], w.fx)


def _hand_over(w: SimpleNamespace) -> None:
    w.lead_journal = handovers.run(w.seed, w.leads, judge(w), w.stories)
    w.lead_ids = _lead_ids(w.leads.desk)
    edits.fill_in_later(w.seed, w.leads, w.firms, w.leads.first_handed_at)


def _lead_ids(desk: np.ndarray) -> list[str]:
    desk_number = np.cumsum(desk).tolist()
    return [f"ENQ-{desk_number[i]:05d}" if d else f"L{100_001 + i}" for i, d in enumerate(desk.tolist())]


def _deal(w: SimpleNamespace) -> None:
    """Deals with their owners, names, sources and histories; touches of buyers meanwhile."""
    rng = stream(w.seed, "deal cells")
    d = w.deals = deals.draw(w.seed, w.scale, w.leads, w.firms, w.stories)
    reps = staff.draw_reps(rng, d.n)
    lead_owner = w.lead_journal.current["owner"][d.lead]
    sellers = np.isin(lead_owner.astype(str), (*staff.REPS, *staff.DESK_REPS))
    owner = np.where((d.lead >= 0) & sellers, lead_owner, np.where(d.desk, staff.DESK_REPS[0], reps))
    w.deal_journal = deals.play(w.seed, d, owner)
    for story in w.stories:
        story.bend_losses(d)
    desk_number = np.cumsum(d.desk).tolist()
    w.deal_ids = [f"EXD-{desk_number[i]:04d}" if k else f"D{20_001 + i}" for i, k in enumerate(d.desk.tolist())]
    product = rng.integers(0, len(PRODUCTS), d.n).tolist()
    w.deal_names = [f"{w.firms.name[f]} - {PRODUCTS[p]}" for f, p in zip(d.firm.tolist(), product)]
    w.lead_deal = np.full(w.leads.n, -1)
    linked = np.flatnonzero(d.lead >= 0)
    w.lead_deal[d.lead[linked]] = linked
    w.touches = touches.during_deals(w.seed, w.leads, w.touches, d)
    for story in w.stories:
        w.touches = story.bend_touches(w.touches, w.leads, d)


def _account(w: SimpleNamespace) -> None:
    """Companies and contacts, who referred whom, and how touches name their lead."""
    rng, d = stream(w.seed, "account links"), w.deals
    won = w.deal_journal.current["stage"] == words.WON
    w.companies, w.deal_company = accounts.open_accounts(w.seed, w.scale, d, w.firms, won)
    w.company_ids = [f"C{40_001 + i}" for i in range(w.companies.n)]
    w.company_cells = accounts.company_columns(w.seed, w.companies, w.firms)
    lookalikes.bend_companies(w.seed, w.companies, w.firms, w.company_cells)
    w.lead_company = np.where(w.lead_deal >= 0, w.deal_company[w.lead_deal], -1)
    w.contacts, w.lead_contact = accounts.contacts(w.seed, w.leads, w.spelled, w.lead_company, w.companies, w.firms)
    w.contact_ids = [f"P{60_001 + i}" for i in range(len(w.contacts))]
    others = ("Existing Customer", "Referral", "Dealer", "Cold Call")
    w.deal_sources = [
        w.spelled.source[i] if i >= 0 else others[0] if k else others[1 + int(r * 3)]
        for i, k, r in zip(d.lead.tolist(), d.kind.tolist(), rng.random(d.n).tolist())
    ]
    w.referred_by = _referrers(w, rng)
    w.plain = np.flatnonzero(
        (w.leads.first_handed_at > EXPORTED)
        & (w.lead_deal < 0)
        & (w.leads.duplicate_of < 0)
        & ~np.isin(np.arange(w.leads.n), w.leads.duplicate_of)
    )
    protected = np.zeros(w.leads.n, dtype=bool)
    protected[w.plain] = True
    w.addressing = touches.addressing(w.seed, w.leads, w.touches, w.spelled.email, protected)


def _referrers(w: SimpleNamespace, rng: np.random.Generator) -> list[str]:
    """The company that referred a deal: an earlier customer, for most referral deals."""
    since = w.companies.customer_since
    order = np.argsort(since, kind="stable")
    earlier = np.searchsorted(since[order], w.deals.created)
    pick = order[(rng.random(w.deals.n) * earlier).astype(np.int64)]
    told = rng.random(w.deals.n) < 0.8
    return [
        w.company_ids[c] if s in ("Referral", "Customer Reference") and t and e > 0 else ""
        for c, s, t, e in zip(pick.tolist(), w.deal_sources, told.tolist(), earlier.tolist())
    ]
