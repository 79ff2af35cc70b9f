"""What a reader of channel_performance would say of the channels: the planted stories, found without knowing them."""

from __future__ import annotations

from math import exp, sqrt

import duckdb

YEARS = "campaign_id = '(all)' and period_kind = 'fiscal_year'"
# how improbable so few qualified leads, and so few opportunities, must be for a channel like the others
CHANCE, LATER_CHANCE = 1e-4, 0.05
# by how many standard errors a channel must lead before its lead is no toss of a coin
LEAD = 3


def flattered(con: duckdb.DuckDBPyConnection) -> str | None:
    """The channel that leads on last touch at the opportunity, beyond chance, and by first touch has less than a third
    of that."""
    last, first = _deals(con, "last"), _deals(con, "first")
    ranked = sorted(last, key=last.get, reverse=True)
    if not ranked or not last[ranked[0]]:
        return None
    best, second = last[ranked[0]], last[ranked[1]] if len(ranked) > 1 else 0.0
    leads = best - second >= LEAD * sqrt(best + second)
    few = first.get(ranked[0], 0) / sum(first.values()) < best / sum(last.values()) / 3
    return ranked[0] if leads and few else None


def barren(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """(channel, fiscal year) whose spend bought next to nothing: few leads qualified or became opportunities, and
    no model gives it half the return of the other paid channels. The running year is left out: it is not decided."""
    years = con.execute(
        f"""
        select channel, strftime(period_start_on, '%Y-%m-%d') as year, any_value(spend_amount), any_value(leads),
            any_value(mqls), any_value(opportunities), max(return_ratio)
        from metrics.channel_performance
        where {YEARS} and milestone = 'won' and spend_amount > 0
        group by all
        """
    ).fetchall()
    decided = con.execute(
        "select max(period_start_on) from metrics.funnel_cohorts where period_kind = 'fiscal_year'"
    ).fetchone()[0]
    found = []
    for channel, year, _, leads, mqls, opportunities, best in years:
        others = [row for row in years if row[1] == year and row[0] != channel]
        per_lead = leads / max(1, sum(row[3] for row in others))
        due = per_lead * sum(row[4] for row in others)
        few = mqls < due / 4 and _poisson(mqls, due) < CHANCE  # not just worse than the others: next to nothing
        few &= _poisson(opportunities, per_lead * sum(row[5] for row in others)) < LATER_CHANCE
        usual = sum(float(row[2]) * row[6] for row in others) / max(1.0, sum(float(row[2]) for row in others))
        if year < str(decided) and few and best < usual / 2:
            found.append((channel, year))
    return sorted(found)


def _deals(con: duckdb.DuckDBPyConnection, model: str) -> dict[str, float]:
    """The deals credited to each channel, of those that have any marketing touch."""
    rows = con.execute(
        "select channel, cast(sum(credited_deals) as double) from metrics.channel_performance "
        f"where {YEARS} and milestone = 'opportunity' and model = ? and channel <> 'no marketing touch' group by 1",
        [model],
    ).fetchall()
    return dict(rows)


def _poisson(seen: int, expected: float) -> float:
    """The chance of at most so many events."""
    term = total = exp(-expected)
    for k in range(1, int(seen) + 1):
        term *= expected / k
        total += term
    return total
