"""The truth about a lead at an instant, judged from what the generator itself drew."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample.clock import AS_OF, DAY, NEVER, ist
from onefunnel.sample.leads import AUTHORITY
from onefunnel.sample.market import WORD_FITS
from onefunnel.sample.rules import DRAFT, VERSIONS, Version
from onefunnel.sample.touches import KIND
from onefunnel.sample.words import NO, UNKNOWN, YES

CRITERIA = ("industry_fits", "company_size_fits", "intent_fits", "role_fits", "geography_fits")
EPOCH, SPAN = ist(2022, 1, 1), 2**28  # one lead's stretch of the sorted touch keys


class Judge:
    """Judges any (lead, instant) pairs against the leads' own histories and touches."""

    def __init__(
        self,
        leads: SimpleNamespace,
        touches: SimpleNamespace,
        country: list[str],
        fx: list[tuple[int, str, float]],
    ) -> None:
        self.leads, self.touches = leads, touches
        self.country = np.array(country)
        self.rupees = self._in_rupees(fx)
        keys = touches.lead * SPAN + (touches.at - EPOCH)
        self.keys = {kind: np.sort(keys[touches.kind == code]) for kind, code in KIND.items()}

    def _in_rupees(self, fx: list) -> np.ndarray:
        """Turnover in rupees, dollars at the newest rate on or before the creation date."""
        leads = self.leads
        days = np.array([d for d, currency, _ in fx if currency == "USD"])
        rates = np.array([r for _, currency, r in fx if currency == "USD"])
        rate = rates[np.searchsorted(days, leads.created, side="right") - 1]
        return np.where(leads.in_dollars, leads.revenue * rate, leads.revenue)

    def _value(self, field: str, who: np.ndarray, at: np.ndarray) -> np.ndarray:
        leads = self.leads
        changed = getattr(leads, field + "_at")[who] <= at
        return np.where(changed, getattr(leads, field + "_later")[who], getattr(leads, field)[who])

    def intent(self, version: Version, who: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Whether any behaviour has its count of touches in (at - days, at]."""
        here = who * SPAN + (at - EPOCH)
        shown = np.zeros(len(who), dtype=bool)
        for kind, least, days in version.behaviours:
            keys = self.keys[kind]
            count = np.searchsorted(keys, here, side="right") - np.searchsorted(keys, here - days * DAY, side="right")
            shown |= count >= least
        return shown

    def attributes(self, version: Version, who: np.ndarray, at: np.ndarray) -> dict[str, np.ndarray]:
        """The four criteria besides intent, as YES, NO or UNKNOWN."""
        which = version.number - 1
        roles = min(which, 1)  # the draft's are version 2's
        word, title = self._value("word", who, at), self._value("title", who, at)
        employees, revenue = self._value("employees", who, at), self.rupees[who]
        size = np.where(
            employees >= 0,
            _inside(employees, version.employees),
            np.where(revenue >= 0, _inside(revenue, version.revenue), UNKNOWN),
        )
        country = self.country[who]
        listed = np.where(country == "", UNKNOWN, np.isin(country, version.countries).astype(int))
        return {
            "industry_fits": np.where(word >= 0, WORD_FITS[word, which], UNKNOWN),
            "company_size_fits": size,
            "role_fits": np.where(title >= 0, AUTHORITY[title, roles], UNKNOWN),
            "geography_fits": listed if version.countries else np.full(len(who), YES),
        }

    def verdict(self, who: np.ndarray, at: np.ndarray) -> dict[str, np.ndarray]:
        """The five criteria, `met` and the version number, under the version then in force."""
        second = at >= VERSIONS[1].starts_at
        verdicts = [
            {**self.attributes(v, who, at), "intent_fits": self.intent(v, who, at).astype(int)} for v in VERSIONS
        ]
        found = {c: np.where(second, verdicts[1][c], verdicts[0][c]) for c in CRITERIA}
        found["met"] = np.all([found[c] == YES for c in CRITERIA], axis=0)
        found["version"] = np.where(second, 2, 1)
        return found

    def draft(self, who: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(fits the draft's industries and sizes, meets the whole draft) of each lead at an instant."""
        found = self.attributes(DRAFT, who, at)
        fits = (found["industry_fits"] == YES) & (found["company_size_fits"] == YES)
        return fits, np.all([v == YES for v in found.values()], axis=0) & self.intent(DRAFT, who, at)

    def first_qualified(self) -> np.ndarray:
        """mql_at: the first instant from creation to AS_OF when all criteria held, else NEVER."""
        who, at = self._moments()
        version = at >= VERSIONS[1].starts_at
        fits = np.zeros(len(who), dtype=bool)
        for mine, rules in ((~version, VERSIONS[0]), (version, VERSIONS[1])):
            rows = np.flatnonzero(mine)
            four = self.attributes(rules, who[rows], at[rows])
            rows = rows[np.all([v == YES for v in four.values()], axis=0)]
            fits[rows] = self.intent(rules, who[rows], at[rows])
        first = np.full(self.leads.n, NEVER)
        np.minimum.at(first, who[fits], at[fits])
        return first

    def _moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Every instant when a lead can begin to qualify: creation, changes, touches, versions."""
        leads, touches = self.leads, self.touches
        everyone = np.arange(leads.n)
        agreed = [KIND[kind] for version in VERSIONS for kind, _, _ in version.behaviours]
        signal = np.isin(touches.kind, agreed)
        at = [
            leads.created,
            leads.word_at,
            leads.employees_at,
            leads.title_at,
            np.full(leads.n, VERSIONS[1].starts_at),
            touches.at[signal],
        ]
        who = np.concatenate([everyone] * 5 + [touches.lead[signal]])
        at = np.concatenate(at)
        keep = (at >= leads.created[who]) & (at <= AS_OF)
        return who[keep], at[keep]


def _inside(value: np.ndarray, band: tuple[float, float]) -> np.ndarray:
    return np.where((value >= band[0]) & (value <= band[1]), YES, NO)
