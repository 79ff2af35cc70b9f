"""Every shared metric for every period and dimension value."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from tests.oracle import facts
from tests.oracle.book import COLUMNS, Book, gather, grid_of
from tests.oracle.coverage import Coverage
from tests.oracle.days import DAY
from tests.oracle.facts import DIMENSIONS, SOURCED_RULES, where
from tests.oracle.lifetime import Lifetime
from tests.oracle.reading import Company, words
from tests.oracle.windows import Sums, divide, median, ninetieth, spread_of


class Funnel(Book):
    """Leads, opportunities and closings."""

    def lead_to_opportunity(self) -> None:
        """Glossary: leads created in P that reached opportunity less than N x 24 h after creation / leads created in
        P; final when AS_OF >= end of P + N x 24 h, before: maturing, value null. The period rate is another metric."""
        leads, length = self.known.leads, int(self.said.maturity_days) * DAY
        took = [None if o is None else o - c for o, c in zip(leads.opportunity_at, leads.created_at)]
        created = self.inside(leads)
        reached = self.inside(where(leads, (t is not None and 0 <= t < length for t in took)))
        ends = [self.grid.calendar.start_of(period.end) + length for period in self.grid.periods]
        mature = np.array([self.grid.as_of >= end for end in ends])
        value = np.where(mature[:, None], divide(reached, created), np.nan)
        flag = np.where(mature, "final", "maturing").astype(object)
        self.add("lead_to_opportunity_rate", "rate", value, reached, created, flag=flag)
        self.rate("lead_to_opportunity_period_rate", self.opportunities(), created)

    def win_rates(self) -> None:
        """Glossary: "won / (won + lost) by their last closing in P; by count and by value"."""
        won, lost = self.known.closed("won"), self.known.closed("lost")
        for name, weight in (("", None), ("_value", "paisa")):
            won_in, lost_in = self.inside(won, weight=weight), self.inside(lost, weight=weight)
            self.rate(f"opportunity_to_close_rate{name}", won_in, won_in + lost_in)
        won_in, lost_in = self.trailing(won, "paisa"), self.trailing(lost, "paisa")
        self.rate("pipeline_coverage_needed", won_in + lost_in, won_in, unit="ratio")

    def sales_cycle(self) -> None:
        window = (self.grid.start, self.grid.end_eff)
        count, half, most = spread_of(self.grid, self.dimension, self.cycles(), *window, median, ninetieth)
        self.add("sales_cycle_days_median", "days", half, half, count)
        self.add("sales_cycle_days_p90", "days", most, most, count)

    def open_at_end(self) -> np.ndarray:
        """Opportunities that were open just before the end of each period."""
        place = {value: n for n, value in enumerate(self.grid.values[self.dimension])}
        from_to = [
            (opened, place[value], *stretch)
            for inside, opened, value, row in zip(*(self.known.deals[n] for n in ("in_scope", "opportunity_on",
                                                                                   self.dimension, "row")))
            if inside and opened is not None
            for stretch in self.known.history.open_stretches(row)
        ]  # fmt: skip
        opened, values, starts, ends = np.array(from_to, dtype=np.int64).reshape(-1, 4).T
        found = np.zeros(self.shape)
        for row, end in enumerate(self.grid.end_eff):
            at = self.grid.calendar.start_of(int(end))
            found[row] = np.bincount(values[(opened < end) & (starts < at) & (at <= ends)], minlength=self.shape[1])
        return found

    def sales_velocity(self) -> None:
        """Glossary: "open opportunities x win rate x average won value (trailing 4 quarters) / median cycle"."""
        won, lost = self.known.closed("won"), self.known.closed("lost")
        won_count, cycle = self.trailing(won), self.trailing_cycle()
        win_rate = divide(won_count, won_count + self.trailing(lost))
        average = divide(self.trailing(won, "paisa"), self.trailing(where(won, won.has_amount)))
        above = self.open_at_end() * win_rate * average
        value = divide(above, cycle)
        self.add("sales_velocity", "amount", value, np.where(np.isnan(value), np.nan, above), cycle)

    def speed_to_lead(self) -> None:
        """Glossary: "inquiry to first human touch, elapsed"."""
        window = (self.grid.start, self.grid.end_eff)
        count, half = spread_of(self.grid, self.dimension, self.known.contacts, *window, median)
        status = None if len(self.known.company["core_activities"]) else "unavailable: no activities"
        self.add("speed_to_lead", "days", half, half, count, status=status)


class Money(Book):
    """Cost, customers and revenue."""

    def cost_and_status(self) -> tuple:
        """The campaign cost of each period and why it is not known."""
        media = self.known.costs
        if self.dimension not in ("total", "channel"):
            return self.null, f"unavailable: cost is not known by {self.dimension}"
        if not len(media):
            return self.null, "unavailable: no spend"
        missing = np.array([value not in set(media[self.dimension]) for value in self.grid.values[self.dimension]])
        status = np.where(missing, "unavailable: no cost recorded for this channel", None)
        return np.where(missing, np.nan, self.inside(media, weight="paisa")), status

    def cost_per_action(self) -> None:
        """Glossary, CPA: "a channel's media and campaign cost / named action (lead, MQL, opportunity, customer)"."""
        cost, status = self.cost_and_status()
        leads = self.known.leads
        actions = {
            "lead": self.inside(leads),
            "mql": self.inside(leads, "mql_on"),
            "opportunity": self.opportunities(),
            "customer": self.inside(facts.customers(self.known.placed)),
        }
        for action, done in actions.items():
            self.rate(f"cpa_{action}", cost, done, unit="amount", status=status)

    def acquisition(self) -> None:
        """Glossary, CAC: "(media + sales and marketing expenses) of P / new customers of P; also with cost shifted
        back by the median cycle ... without expenses it is media CAC"."""
        new, spent, shifted = self.inside(facts.customers(self.known.placed)), self.null, self.null
        status = None if len(self.known.company["core_expenses"]) else "media CAC"
        if self.dimension != "total":
            status = f"unavailable: expenses are not known by {self.dimension}"
        else:
            total, cycle = self.sums(self.known.total_costs, weight="paisa"), self.trailing_cycle()[:, 0]
            spent = self.inside(self.known.total_costs, weight="paisa")
            back = np.floor(np.nan_to_num(cycle) + 0.5).astype(np.int64)
            moved = total.between(self.grid.start - back, self.grid.end_eff - back) / 100
            shifted = np.where(np.isnan(cycle)[:, None], np.nan, moved)
        self.rate("cac", spent, new, unit="amount", status=status)
        self.rate("cac_shifted", shifted, new, unit="amount", status=status)

    def customers(self) -> None:
        """Glossary: new customer = no earlier won deal or invoice; repeat purchase rate; referral rate; CLV."""
        placed, end = self.known.placed, self.grid.end_eff
        firsts = facts.customers(placed)
        known, new = self.sums(firsts).before(end), self.inside(firsts)
        self.count("customers", known, "count")
        self.count("new_customers", new, "count")
        self.rate("repeat_purchase_rate", self.sums(facts.repeaters(placed)).before(end), known)
        delivered = {(words(r.entity), words(r.column_name)) for r in self.known.company.rows("run.delivered_columns")}
        asked = ("deals", "referred_by") in delivered
        referred = self.inside(where(firsts, firsts.referred)) if asked else self.null
        self.rate("referral_rate", referred, new, status=None if asked else "unavailable: no referrals recorded")
        worth = Lifetime(self.said, placed).sums(self.grid, self.dimension) / 100
        self.rate("clv", worth, known, unit="amount")

    def revenues(self) -> None:
        """Glossary: revenue on the agreement's basis; "the other basis and invoiced without a deal are shown beside".
        Marketing-sourced: "one locked rule ...; the gap to the two usual others is shown"."""
        basis = words(self.said.revenue_basis)
        agreed = self.known.revenue(basis)
        self.count("revenue", self.inside(agreed, weight="paisa"))
        for name in ("bookings", "invoices"):
            self.count(f"revenue_{name}", self.inside(self.known.revenue(name), weight="paisa"))
        invoices = self.known.invoices
        self.count(
            "revenue_invoiced_without_deal",
            self.inside(where(invoices, ~invoices.with_deal.astype(bool)), weight="paisa"),
        )
        by_rule = {rule: self.sums(where(agreed, agreed[rule]), weight="paisa") for rule in SOURCED_RULES}
        paisa = {rule: sums.between(self.grid.start, self.grid.end_eff) for rule, sums in by_rule.items()}
        locked = paisa[words(self.said.marketing_sourced_rule)]
        self.count("marketing_sourced_revenue", locked / 100)
        self.rate("marketing_sourced_share", locked / 100, self.inside(agreed, weight="paisa"))
        for rule in SOURCED_RULES:
            self.count(f"marketing_sourced_gap_{rule}", (paisa[rule] - locked) / 100)

    def influenced(self) -> None:
        """Glossary: "full value of won deals with an eligible marketing touch of the account before opportunity_at,
        inside the lookback; shown beside the same share of lost deals. Not additive over channels"."""
        for status in ("won", "lost"):
            closed = self.known.closed(status)
            touched = where(closed, map(bool, closed.influenced_by))
            everything = self.inside(closed, weight="paisa")
            if self.dimension == "channel":
                touched = touched.assign(channel=touched.influenced_by).explode("channel")
                everything = (
                    Sums(self.grid, "total", closed, "day", "paisa").between(self.grid.start, self.grid.end_eff) / 100
                )
            amount = self.inside(touched, weight="paisa")
            share = np.broadcast_to(everything, self.shape)
            if status == "won":
                self.count("marketing_influenced_revenue", amount)
            self.rate(
                "marketing_influenced_share" if status == "won" else "marketing_influenced_lost_share", amount, share
            )


FUNNEL = (Funnel.lead_to_opportunity, Funnel.win_rates, Funnel.sales_cycle, Funnel.sales_velocity, Funnel.speed_to_lead)
MONEY = (Money.cost_per_action, Money.acquisition, Money.customers, Money.revenues, Money.influenced)


def of_dimension(known, grid, dimension: str) -> list[pd.DataFrame]:
    funnel, money = Funnel(known, grid, dimension), Money(known, grid, dimension)
    for book, parts in ((funnel, FUNNEL), (money, MONEY)):
        for part in parts:
            part(book)
    return funnel.found + money.found


def agreement_versions(company: Company, starts: dict) -> dict:
    """Glossary: "the newest [version] whose max(effective_from, both signing dates) <= t"."""
    signed = [(int(row.version), row.in_force_at) for row in company.rows("agreement.versions")
              if row.is_signed and row.in_force_at is not None]  # fmt: skip
    found = {}
    for key, end in starts.items():
        at = min(company.context.as_of_at, end - 1)
        found[key] = max((number for number, since in signed if since <= at), default=None)
    return found


def shared_metrics(company: Company, touches: pd.DataFrame) -> pd.DataFrame:
    """Every row of metrics.shared_metrics; null is NaN in the three numbers."""
    known = gather(company, touches)
    grid = grid_of(known)
    if grid is None:
        return pd.DataFrame([], columns=[*COLUMNS, "agreement_version"])
    frames = [frame for dimension in DIMENSIONS for frame in of_dimension(known, grid, dimension)]
    coverage = Coverage(company, grid, known.deals, known.revenue(words(company.context.revenue_basis)))
    found = pd.concat([*frames, pd.DataFrame(coverage.rows(), columns=COLUMNS)], ignore_index=True)
    ends = {(p.kind, date.fromordinal(p.start)): company.calendar.start_of(p.end) for p in coverage.periods()}
    versions = agreement_versions(company, ends)
    of_row = [versions[key] for key in zip(found.period_kind, found.period_start_on)]
    found["agreement_version"] = pd.array(of_row, dtype="Int64")
    return found
