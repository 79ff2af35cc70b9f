"""Every lead and every handover, judged again from raw attributes."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd

from onefunnel.judge.frames import counts_frame, handovers_frame, leads_frame
from onefunnel.judge.handover import Passage, passage, read_teams
from onefunnel.judge.history import Lead, Rates, read_leads
from onefunnel.judge.instants import instant, local_date, micros
from onefunnel.judge.read import Files, Lake, read_lake
from onefunnel.judge.rules import CRITERIA, Agreement, Version
from onefunnel.judge.signed import read_agreement
from onefunnel.judge.touches import first_intent, intent_at, read_touches
from onefunnel.judge.words import money, number, whole_number

WANTED = ("leads", "touches", "lead_changes", "users", "fx_rates")
JUDGED = (
    "industry", "employee_count", "annual_revenue", "annual_revenue_currency", "job_title",
)  # fmt: skip
NO_AGREEMENT = "no agreement in force"


@dataclass
class Rejudged:
    """leads: one row per lead; handovers: one per handover; counts: one per source and entity."""

    leads: pd.DataFrame
    handovers: pd.DataFrame
    counts: pd.DataFrame


@dataclass(frozen=True)
class Verdict:
    """What the version in force said of a lead at one instant; fits in the order of CRITERIA."""

    version: int | None
    fits: tuple[bool | None, ...]

    @property
    def is_qualified(self) -> bool:
        """Whether all criteria were true."""
        return all(fit is True for fit in self.fits)

    @property
    def reasons(self) -> str | None:
        """The criteria that failed, by name; None when none did."""
        if self.version is None:
            return NO_AGREEMENT
        words = {False: "not", None: "unknown:"}
        named = zip(CRITERIA, self.fits, strict=True)
        failed = [f"{words[fit]} {name}" for name, fit in named if fit is not True]
        return "; ".join(failed) or None


def rejudge(files: Files, agreement_dir: Path, as_of: datetime) -> Rejudged:
    """Every lead that exists at as_of has its verdict, judged from the lake's Parquet alone.

    files: source -> entity -> Parquet paths of completed loads; as_of: aware date-time.
    """
    lake = read_lake(files, micros(as_of), WANTED)
    try:
        return judge_leads(lake, read_agreement(Path(agreement_dir)), read_leads(lake))
    finally:
        lake.con.close()


def judge_leads(lake: Lake, agreement: Agreement, leads: dict[str, Lead]) -> Rejudged:
    """The verdicts on the leads of a lake that has been read; it also holds the table `touch` from then on."""
    teams = read_teams(lake)
    read_touches(lake, agreement)
    judge = Judge(lake, agreement, leads)
    passages = {key: passage(lead, agreement, teams) for key, lead in leads.items()}
    verdicts = judge.verdicts(passages)
    return Rejudged(
        leads_frame(leads, passages, verdicts, judge.first_qualified(), lake.as_of),
        handovers_frame(leads, passages, verdicts),
        counts_frame(lake.counts),
    )


class Judge:
    """Judges leads at instants under the version then in force."""

    def __init__(self, lake: Lake, agreement: Agreement, leads: dict[str, Lead]):
        self.lake, self.agreement, self.leads = lake, agreement, leads
        self.rates = read_rates(lake, agreement)
        self.employees = cache(whole_number)
        self.money = cache(money)

    def verdicts(self, passages: dict[str, Passage]) -> dict[tuple[str, int], Verdict]:
        """The verdict of every handover, and of every lead at as_of."""
        wanted = [
            (self.leads[key], at)
            for key, passed in passages.items()
            for at in {*(passed.handovers or []), self.lake.as_of}
        ]
        points = []
        for lead, at in wanted:
            if version := self.agreement.in_force(at):
                points.append((lead.lead_id, version.number, at))
        held = intent_at(self.lake, points)
        return {(lead.lead_id, at): self._verdict(lead, at, held) for lead, at in wanted}

    def first_qualified(self) -> dict[str, int]:
        """Per lead the first instant at which all criteria held; leads that never did are absent."""
        spans = []
        for lead in self.leads.values():
            if self._delivers_touches(lead):
                spans += self._fitting_spans(lead)
        return first_intent(self.lake, spans)

    def _verdict(self, lead: Lead, at: int, held: set) -> Verdict:
        version = self.agreement.in_force(at)
        if version is None:
            return Verdict(None, (None,) * len(CRITERIA))
        intent = (lead.lead_id, version.number, at) in held
        industry, size, role, geography = self._attributes(lead, at, version)
        known = intent if self._delivers_touches(lead) else None
        return Verdict(version.number, (industry, size, known, role, geography))

    def _attributes(self, lead: Lead, at: int, version: Version) -> tuple[bool | None, ...]:
        """Industry, company size, role and geography as known at the instant."""
        return (
            version.industry_fits(lead.at("industry", at)),
            version.company_size_fits(self.employees(lead.at("employee_count", at)), self._revenue(lead, at)),
            version.role_fits(lead.at("job_title", at)),
            version.geography_fits(lead.now),
        )

    def _revenue(self, lead: Lead, at: int):
        """The turnover in the reporting currency, None where it or its rate is unknown."""
        amount, symbol = self.money(lead.at("annual_revenue", at))
        currency = lead.at("annual_revenue_currency", at) or symbol or lead.currency
        if amount is None or currency is None:
            return None
        if currency.upper() == self.agreement.currency:
            return amount
        rate = self.rates.on(currency.upper(), local_date(lead.created_at, self.agreement.zone))
        return None if rate is None else amount * rate

    def _fitting_spans(self, lead: Lead) -> list[tuple[str, int, int, int]]:
        """The stretches, from one change or version to the next, where all but intent is true."""
        end = self.lake.as_of + 1
        cuts = lead.change_instants(JUDGED) | set(self.agreement.starts)
        cuts = sorted({lead.created_at} | {at for at in cuts if lead.created_at < at < end})
        spans = []
        for begins, ends in zip(cuts, [*cuts[1:], end], strict=True):
            version = self.agreement.in_force(begins)
            if version and all(self._attributes(lead, begins, version)):
                spans.append((lead.lead_id, version.number, begins, ends))
        return spans

    def _delivers_touches(self, lead: Lead) -> bool:
        return "touches" in self.lake.delivered.get(lead.space, ())


def read_rates(lake: Lake, agreement: Agreement) -> Rates:
    """The rates that sources deliver, each on its calendar day."""
    found = lake.con.execute(
        """select currency, rate_on, _day_first, rate from fx_rates
        where is_chosen and fate = 'out'"""
    )
    rows = []
    for currency, day, day_first, rate in found.fetchall():
        at, value = instant(day, agreement.zone, day_first == "true"), number(rate)
        if currency and at is not None and value is not None:
            rows.append((currency.upper(), local_date(at, agreement.zone), value))
    return Rates(rows, agreement.fx_max_age_days)
