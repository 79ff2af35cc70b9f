"""Stories about what marketing brings: campaigns and channels."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import words
from onefunnel.sample.clock import DAY, NEVER, QUARTERS, quarter_of, stream
from onefunnel.sample.leads import UNFIT_TITLES
from onefunnel.sample.stories.story import Story
from onefunnel.sample.touches import add

# of no channel that another story may starve
MISFIT = (("indiamart", 0), ("indiamart", 1), ("whatsapp", 0))
BARREN = (("Paid social", ("linkedin", "meta")), ("Paid search", ("google",)))
CLOSERS = (("Email", "email_click"), ("Webinar", "webinar"))


class BadFitCampaign(Story):
    """A campaign that did well brings students, shops and colleges in its second quarter, and they are handed over."""

    name = "bad_fit_campaign"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.pulled, self.misfit, self.pushed = stream(seed, "campaign strength").uniform(
            (0.44, 0.88, 0.5), (0.58, 0.97, 0.65)
        )

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """Much of two quarters comes from the campaign, and nearly none of its leads fit in the second."""
        rng, quarter = self.rng, int(self.rng.choice((5, 7, 9)))
        source, line = MISFIT[int(rng.integers(0, len(MISFIT)))]
        row = campaigns.lines[source][line][quarter // 2]
        created = quarter_of(leads.created)
        inside = (created == quarter) & ~leads.desk
        # a small channel takes them from the largest too, so that the quarter shows it
        free = (leads.campaign < 0) | ((source == "whatsapp") & (leads.source == words.SOURCE_NAMES.index("indiamart")))
        both = ((created == quarter) | (created == quarter - 1)) & ~leads.desk
        drawn = both & free & (leads.duplicate_of < 0) & (rng.random(leads.n) < self.pulled)
        leads.campaign[drawn] = row
        leads.source[drawn] = words.SOURCE_NAMES.index(source)
        bent = inside & (leads.campaign == row) & (rng.random(leads.n) < self.misfit)
        _unfit(self.rng, leads, bent)
        self.bent = bent
        self.facts = {
            "quarter": quarter,
            "quarter_starts_at": QUARTERS[quarter],
            "campaign_id": campaigns.ids[row],
            "lead_rows": np.flatnonzero(bent),
        }

    def bend_handover_odds(self, odds: np.ndarray, leads: SimpleNamespace) -> None:
        """About half of the campaign's leads or more are pushed to sales."""
        odds[self.bent] = self.pushed


class BarrenChannel(Story):
    """For a fiscal year a paid channel costs two and a half times as much, and none of the CRM's leads from it fits."""

    name = "barren_channel"

    def bend_leads(self, leads: SimpleNamespace, campaigns: SimpleNamespace) -> None:
        """A tenth of the year's leads come to the channel besides; all of its leads fit nothing."""
        rng, year = self.rng, int(self.rng.integers(0, 2))
        channel, sources = BARREN[int(rng.integers(0, len(BARREN)))]
        inside = (quarter_of(leads.created) // 4 == year) & ~leads.desk
        more = inside & (leads.campaign < 0) & (leads.duplicate_of < 0) & (rng.random(leads.n) < 0.25)
        leads.source[more] = words.SOURCE_NAMES.index(sources[0])
        half = quarter_of(leads.created) // 2
        leads.campaign[more] = np.array(campaigns.lines[sources[0]][0])[half[more]]
        bent = inside & np.isin(leads.source, [words.SOURCE_NAMES.index(s) for s in sources])
        bent |= bent[leads.duplicate_of] & (leads.duplicate_of >= 0)  # the same person, wherever it comes from later
        _unfit(rng, leads, bent)
        for row in {steps[h] for s in sources for steps in campaigns.lines[s] for h in (2 * year, 2 * year + 1)}:
            *told, budget = campaigns.rows[row]
            campaigns.rows[row] = (*told, budget * 5 // 2)
        self.bent = bent
        self.facts = {"channel": channel, "year": year, "year_starts_at": QUARTERS[4 * year]}

    def bend_handover_odds(self, odds: np.ndarray, leads: SimpleNamespace) -> None:
        """Nobody hands them over."""
        odds[self.bent] = 0.0


class FlatteringCloser(Story):
    """Whoever is about to buy or to decline anyway clicks or attends just before: the last touch takes the credit."""

    name = "flattering_closer"

    def bend_touches(self, touches: SimpleNamespace, leads: SimpleNamespace, deals: SimpleNamespace) -> SimpleNamespace:
        """Four of five deals get such a touch in the two days before they are created and before they close."""
        rng = self.rng
        channel, kind = CLOSERS[int(rng.integers(0, len(CLOSERS)))]
        mine = np.flatnonzero((deals.lead >= 0) & ~deals.desk & (rng.random(deals.n) < 0.8))
        before = rng.integers(3_600, 2 * DAY, (2, len(mine)))
        at = np.concatenate([deals.created[mine] - before[0], deals.closes[mine] - before[1]])
        self.facts = {"channel": channel, "kind": kind}
        return add(leads, touches, np.tile(deals.lead[mine], 2), at, kind)


def _unfit(rng: np.random.Generator, leads: SimpleNamespace, bent: np.ndarray) -> None:
    """These leads are students, shops and colleges, now and later."""
    count = int(bent.sum())
    wrong = [i for i, w in enumerate(words.WORDS) if w[1] in ("Education", "Retail", "IT Services")]
    for field, value in (
        ("word", rng.choice(wrong, count)),
        ("employees", rng.integers(3, 40, count)),
        ("title", rng.choice(UNFIT_TITLES, count)),
    ):
        getattr(leads, field)[bent] = value
        getattr(leads, field + "_later")[bent] = value
        getattr(leads, field + "_at")[bent] = NEVER
    leads.revenue[bent] = -1
