"""How far the definition and sales agree on the same handover, beyond what chance alone would bring.

Tables of counts are square: rows what the first says, columns what the second says, for any number of categories.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from tests.oracle_sla.given import Given

ALL, UNKNOWN = "(all)", "unknown"
Z = NormalDist().inv_cdf(0.975)


class Estimate(NamedTuple):
    """A coefficient with its 95 % interval inside [-1, 1]; None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Table:
    """Shares of a square table of counts, exact: no agreement beyond chance is 0 and not nearly so."""

    def __init__(self, counts: list[list[int]]):
        self.kinds, self.n = range(len(counts)), sum(map(sum, counts))
        self.p = [[Fraction(count, self.n) for count in row] for row in counts]
        self.rows = [sum(self.p[i]) for i in self.kinds]
        self.columns = [sum(self.p[i][j] for i in self.kinds) for j in self.kinds]
        self.cells = [(i, j) for i in self.kinds for j in self.kinds]
        self.observed = sum(self.p[i][i] for i in self.kinds)


def kappa(counts: list[list[int]]) -> Estimate:
    """Cohen 1960; the large-sample standard error of Fleiss, Cohen and Everitt 1969, equation 13."""
    if not sum(map(sum, counts)):
        return Estimate(None)
    t = Table(counts)
    if any(sum(map(bool, side)) < 2 for side in (t.rows, t.columns)):
        return Estimate(None)
    chance = sum(t.rows[i] * t.columns[i] for i in t.kinds)
    value = (t.observed - chance) / (1 - chance)
    agreeing = sum(t.p[i][i] * (1 - (t.rows[i] + t.columns[i]) * (1 - value)) ** 2 for i in t.kinds)
    differing = sum(t.p[i][j] * (t.columns[i] + t.rows[j]) ** 2 for i, j in t.cells if i != j)
    rest = (value - chance * (1 - value)) ** 2
    variance = (agreeing + (1 - value) ** 2 * differing - rest) / (t.n * (1 - chance) ** 2)
    return interval(value, variance, t.n)


def ac1(counts: list[list[int]]) -> Estimate:
    """Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement"."""
    if not sum(map(sum, counts)):
        return Estimate(None)
    t = Table(counts)
    mean = [(t.rows[i] + t.columns[i]) / 2 for i in t.kinds]
    others = len(counts) - 1
    chance = sum(share * (1 - share) for share in mean) / others
    value = (t.observed - chance) / (1 - chance)
    diagonal = sum(t.p[i][i] * (1 - mean[i]) for i in t.kinds) / others
    all_cells = sum(t.p[i][j] * (1 - (mean[i] + mean[j]) / 2) ** 2 for i, j in t.cells) / others**2
    missed = 1 - t.observed
    parts = (
        t.observed * missed
        - 4 * (1 - value) * (diagonal - t.observed * chance)
        + 4 * (1 - value) ** 2 * (all_cells - chance**2)
    )
    return interval(value, parts / (t.n * (1 - chance) ** 2), t.n)


def interval(value: Fraction, variance: Fraction, n: int) -> Estimate:
    if n < 2:
        return Estimate(float(value))
    half = Z * sqrt(max(0, variance))
    return Estimate(float(value), max(-1.0, float(value) - half), min(1.0, float(value) + half))


def qualification_agreement(given: Given, handovers: list[dict]) -> list[dict]:
    """One row per month of the handover and segment of its lead, and of all segments."""
    verdicts = {row["handover_id"]: row["sales_verdict"] for row in handovers}
    segments = {row.lead_id: row.segment or UNKNOWN for row in given.company.rows("metrics.leads")}
    counted: dict[tuple, Counter] = defaultdict(Counter)
    for row in given.company.rows("metrics.handovers"):
        if row.agreement_version not in given.terms:
            continue
        month = given.company.calendar.period("month", given.company.calendar.day(row.handed_over_at)).start
        claimed_at = given.leads[row.lead_id].claimed_mql_at
        for segment in (segments[row.lead_id], ALL):
            counts = counted[month, segment]
            counts[bool(row.definition_met), verdicts[row.handover_id]] += 1
            if claimed_at is not None and claimed_at <= row.handed_over_at:
                counts["claimed"] += 1
                counts["claimed_met"] += bool(row.definition_met)
    fewest = int(given.setting("signal_min_cases"))
    return [agreement_row(month, segment, counts, fewest) for (month, segment), counts in counted.items()]


def agreement_row(month: int, segment: str, counts: Counter, fewest: int) -> dict:
    """The intervals are those of large samples: on few cases, or where all or none agree, they promise too much."""
    table = [[counts[met, sales] for sales in ("qualified", "not_qualified")] for met in (True, False)]
    (both, definition), (sales, neither) = table
    judged, of_kappa, of_ac1 = both + definition + sales + neither, kappa(table), ac1(table)
    status = "few cases" if judged < fewest else "no spread" if both + neither in (0, judged) else "ok"
    if status != "ok":
        of_kappa, of_ac1 = Estimate(of_kappa.value), Estimate(of_ac1.value)
    return {
        "month_start_on": month,
        "segment": segment,
        "both_qualified": both,
        "definition_only": definition,
        "sales_only": sales,
        "neither": neither,
        "pending": counts[True, "pending"] + counts[False, "pending"],
        "set_aside": counts[True, "set_aside"] + counts[False, "set_aside"],
        "unknown": counts[True, "unknown"] + counts[False, "unknown"],
        "observed_agreement": (both + neither) / judged if judged else None,
        "kappa": of_kappa.value,
        "kappa_low": of_kappa.low,
        "kappa_high": of_kappa.high,
        "ac1": of_ac1.value,
        "ac1_low": of_ac1.low,
        "ac1_high": of_ac1.high,
        "prevalence": (2 * both + definition + sales) / (2 * judged) if judged else None,
        "status": status,
        "claimed": counts["claimed"],
        "claimed_met": counts["claimed_met"],
        "claimed_rate": counts["claimed_met"] / counts["claimed"] if counts["claimed"] else None,
    }
