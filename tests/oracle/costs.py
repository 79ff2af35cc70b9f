"""Money spent, by local day, in paisa of the reporting currency."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pandas as pd

from tests.oracle.days import plus_months
from tests.oracle.reading import Company, words
from tests.oracle.touches import ChannelRules, campaign_types

COSTS = ["day", "source_kind", "campaign_id", "platform", "channel", "is_marketing", "paisa"]
CENT = Decimal("0.01")


class Rates:
    """Glossary: "converted at the rate of the event that set them ...; a missing rate is a fault, not 1.0".

    A rate may be used from its day until the next one's, at most max_age days after its own."""

    def __init__(self, rows: list, reporting: str, max_age: int):
        self.reporting, self.max_age, self.rates = words(reporting), max_age, defaultdict(dict)
        for row in rows:
            if row.rate is not None and row.rate_on is not None:
                self.rates[words(row.currency)][row.rate_on] = Decimal(str(row.rate))
        self.days = {currency: sorted(rates) for currency, rates in self.rates.items()}

    def on(self, currency: str | None, day: int | None) -> Decimal | None:
        if words(currency) == self.reporting:
            return Decimal(1)
        days = self.days.get(words(currency), [])
        newest = bisect_right(days, day) - 1 if day is not None else -1
        if newest < 0 or day - days[newest] > self.max_age:
            return None
        return self.rates[words(currency)][days[newest]]

    def paisa(self, amount: Decimal | None, currency: str | None, day: int | None) -> int | None:
        """The amount in paisa, half away from zero; None without an amount or a rate."""
        rate = self.on(currency, day)
        if amount is None or rate is None:
            return None
        return int((amount * rate).quantize(CENT, ROUND_HALF_UP) * 100)


def rates_of(company: Company) -> Rates:
    said = company.context
    return Rates(company.rows("core_fx_rates"), said.reporting_currency, int(said.fx_max_age_days))


def spread(total: Decimal, days: int) -> list[Decimal]:
    """Whole paisa a day; after k of n days floor(total k / n) has been given."""
    paisa = int(total * 100)
    given = [paisa * k // days for k in range(days + 1)]
    return [Decimal(after - before) / 100 for before, after in pairwise(given)]


def spread_campaign(campaign) -> list[tuple[int, Decimal]]:
    """Glossary, CPA: "actual_cost spread daily over start to end"; without an end, all on the first day."""
    if campaign.actual_cost is None or campaign.starts_on is None:
        return []
    end = campaign.ends_on if campaign.ends_on is not None else campaign.starts_on
    days = max(end - campaign.starts_on, 0) + 1
    return [(campaign.starts_on + n, part) for n, part in enumerate(spread(campaign.actual_cost, days))]


def campaign_costs(company: Company) -> pd.DataFrame:
    """Glossary, CPA: "ad_spend where there is any, else actual_cost"; a row per cost and day until last_on."""
    rates, types = rates_of(company), campaign_types(company)
    rules = ChannelRules(company["agreement.channels"], ("campaign_type", "platform"))
    spend = company.rows("core_ad_spend")
    with_spend = {row.campaign_id for row in spend}
    lines = [("ad_spend", row.campaign_id, row.platform, row.currency, row.spent_on, row.amount) for row in spend]
    for campaign in company.rows("core_campaigns"):
        if campaign.campaign_id not in with_spend:
            for day, part in spread_campaign(campaign):
                lines.append(("campaign", campaign.campaign_id, None, campaign.currency, day, part))
    found = []
    for kind, campaign, platform, currency, day, amount in lines:
        paisa = rates.paisa(amount, currency, day)
        if paisa is not None and day is not None and day <= company.last_on:
            channel, marketing = rules.of(campaign_type=types.get(campaign), platform=platform)
            found.append((day, kind, campaign, platform, channel, marketing, paisa))
    return pd.DataFrame(found, columns=COSTS, dtype=object)


def expense_costs(company: Company) -> pd.DataFrame:
    """Each month's expenses over its days; media only where no ad_spend is delivered (it would count twice)."""
    rates, found = rates_of(company), []
    media_elsewhere = bool(len(company["core_ad_spend"]))
    for row in company.rows("core_expenses"):
        if row.amount is None or row.month is None or (words(row.kind) == "media" and media_elsewhere):
            continue
        first = company.calendar.period("month", row.month).start
        for number, part in enumerate(spread(row.amount, plus_months(first, 1) - first)):
            day = first + number
            paisa = rates.paisa(part, row.currency, day)
            if paisa is not None and day <= company.last_on:
                found.append((day, words(row.kind), paisa))
    return pd.DataFrame(found, columns=["day", "kind", "paisa"], dtype=object)


def total_costs(company: Company) -> pd.DataFrame:
    """Glossary, CAC: "media + sales and marketing expenses" (day, paisa); events booked as expenses are not
    counted again as campaign cost; without expenses it is the media."""
    media, expenses = campaign_costs(company), expense_costs(company)
    rows = company.rows("core_expenses")
    if not rows:
        return media[["day", "paisa"]]
    if any(words(row.kind) == "events" for row in rows):
        media = media[media.source_kind == "ad_spend"]
    return pd.DataFrame(
        [*zip(media.day, media.paisa), *zip(expenses.day, expenses.paisa)], columns=["day", "paisa"], dtype=object
    )
