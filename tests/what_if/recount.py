"""The what-if once more, in plain Python from its contract: the gate's own judge decides, pandas counts.

Independent of the models: verdicts come from the raw lake (onefunnel.judge) under an agreement in which one
definition has always been in force. Taken as published: persons, dates of handovers and opportunities, deals' amounts,
for the gate guards them.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from onefunnel.judge.history import read_leads
from onefunnel.judge.instants import micros
from onefunnel.judge.read import read_lake
from onefunnel.judge.rules import Agreement, Version
from onefunnel.judge.signed import _version, read_agreement
from onefunnel.judge.touches import read_touches
from onefunnel.judge.verdict import WANTED, Judge

Z = 1.959963984540054
FEWEST = 30
# what a criterion of the judge's version rests on
PARTS = {
    "industry": ("industries", "industry_words"),
    "company size": ("bands", "precedence"),
    "intent": ("behaviours",),
    "role": ("role_words",),
    "geography": ("places",),
}


def definitions(in_force: Version, draft: Version) -> dict[str, Version]:
    """Name of each definition -> the version that states it."""
    mixed = {
        f"in force with the draft's {criterion}": replace(
            in_force, **{part: getattr(draft, part) for part in parts}, _roles={}
        )
        for criterion, parts in PARTS.items()
    }
    return {"in force": in_force, "draft": draft, **mixed}


def qualifying(files, as_of: datetime, agreement: Agreement, version: Version) -> set[str]:
    """The records that met the definition at some instant of their life, as if it had always been in force."""
    always = replace(version, starts_at=-(2**60), _roles={})
    mine = Agreement(
        [always],
        agreement.settings,
        agreement.handover_rules,
        agreement.recycled_statuses,
        agreement.recycling_dispositions,
    )
    lake = read_lake(files, micros(as_of), WANTED)
    try:
        leads = read_leads(lake)
        read_touches(lake, mine)
        return set(Judge(lake, mine, leads).first_qualified())
    finally:
        lake.con.close()


def months_before(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def window(as_of: datetime, settings: dict[str, str]) -> tuple[datetime, datetime]:
    """From and until (not with) of the last four complete fiscal quarters."""
    zone, first = ZoneInfo(settings["timezone"]), int(settings["fiscal_year_start_month"])
    today = as_of.astimezone(zone).date().replace(day=1)
    quarter = months_before(today, (today.month - first) % 3)
    return tuple(
        datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in (months_before(quarter, 12), quarter)
    )


def people(con, as_of: datetime, settings: dict[str, str]) -> pd.DataFrame:
    """One row per lead of the window: handed_at, has_opportunity, has_won, opportunity_amount, won_amount."""
    maturity = timedelta(days=int(settings["maturity_days"]))
    begins, ends = window(as_of, settings)
    records = con.execute(
        "select lead_id, coalesce(duplicate_of_lead_id, lead_id) as person, created_at, first_handed_over_at, "
        "opportunity_at, won_at, handover_status from metrics.leads"
    ).df()
    deals = con.execute(
        "select lead_id, status, deal_amount, created_at, opportunity_at, closed_at from metrics.deals"
    ).fetchall()
    created = records.set_index("lead_id")["created_at"]
    rows = []
    amounts: dict[str, list] = {}
    for lead, *deal in deals:
        amounts.setdefault(lead, []).append(deal)
    for person, mine in records.groupby("person"):
        born = created[person]
        if not (begins <= born < ends and born + maturity <= as_of):
            continue
        opportunity, won = mine["opportunity_at"].min(), mine["won_at"].min()
        row = {
            "lead_id": person,
            "records": set(mine["lead_id"]),
            "is_handed": bool(mine["first_handed_over_at"].notna().any()),
            "is_told": bool((mine["handover_status"] != "unavailable: no handover time").any()),
            "has_opportunity": pd.notna(opportunity) and opportunity - born < maturity,
            "has_won": pd.notna(won) and won - born < maturity,
            "opportunity_amount": Decimal(0),
            "won_amount": Decimal(0),
        }
        for record in mine["lead_id"]:
            for status, amount, made, opened, closed in amounts.get(record, []):
                if amount is None or (opened or made) < created[record]:
                    continue
                if opened is not None and timedelta(0) <= opened - born < maturity:
                    row["opportunity_amount"] += amount
                if status == "won" and closed is not None and timedelta(0) <= closed - born < maturity:
                    row["won_amount"] += amount
        rows.append(row)
    columns = [
        "lead_id",
        "records",
        "is_handed",
        "is_told",
        "has_opportunity",
        "has_won",
        "opportunity_amount",
        "won_amount",
    ]
    return pd.DataFrame(rows, columns=columns)


def reps(con, as_of: datetime, settings: dict[str, str]) -> int:
    begins, _ = window(as_of, settings)
    found = con.execute(
        "select distinct h.owner_id from metrics.handovers h join funnel.core_users u on h.owner_id = u.user_id "
        "where lower(trim(u.team)) = 'sales' and h.handed_over_at >= ? and h.handed_over_at < ?",
        [begins, until(as_of, settings)],
    ).fetchall()
    return len(found)


def until(as_of: datetime, settings: dict[str, str]) -> datetime:
    return min(window(as_of, settings)[1], as_of - timedelta(days=int(settings["maturity_days"])))


def wilson(x: int, n: int) -> tuple[float, float]:
    middle = (x + Z * Z / 2) / (n + Z * Z)
    half = Z / (n + Z * Z) * math.sqrt(x * (n - x) / n + Z * Z / 4)
    return middle - half, middle + half


def compared(mine: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float, float]:
    """Difference of two conversions whose leads overlap, with its 95 % interval (MOVER on the three disjoint parts)."""
    shared = set(mine["lead_id"]) & set(other["lead_id"])
    parts = [
        (mine[mine["lead_id"].isin(shared)], len(shared) / len(mine) - len(shared) / len(other)),
        (mine[~mine["lead_id"].isin(shared)], (len(mine) - len(shared)) / len(mine)),
        (other[~other["lead_id"].isin(shared)], -(len(other) - len(shared)) / len(other)),
    ]
    middle = down = up = 0.0
    for leads, weight in parts:
        if len(leads) == 0:
            continue
        x, n = int(leads["has_opportunity"].sum()), len(leads)
        ends = sorted(weight * end for end in wilson(x, n))
        middle += weight * x / n
        down += (weight * x / n - ends[0]) ** 2
        up += (ends[1] - weight * x / n) ** 2
    return middle, middle - math.sqrt(down), middle + math.sqrt(up)


def verdict(known: int, known_in_force: int, low: float, high: float) -> str:
    if min(known, known_in_force) < FEWEST:
        return "too few"
    return "better" if low > 0 else "worse" if high < 0 else "no difference beyond noise"


def recount(candidate: Path, files, folder: Path, as_of: datetime, drafts: list[int], against: int) -> dict:
    """(draft, definition) -> its figures; and (draft, lead) -> what each definition says of it, in their order."""
    agreement = read_agreement(folder)
    con = duckdb.connect(str(candidate), read_only=True)
    con.execute("set timezone = 'UTC'")
    leads, rep_count = people(con, as_of, agreement.settings), reps(con, as_of, agreement.settings)
    con.close()
    begins, ends = window(as_of, agreement.settings)[0], until(as_of, agreement.settings)
    weeks = (ends - begins) / timedelta(days=7)
    figures, told = {}, {}
    for draft in drafts:
        named = definitions(_version(folder, against, 0), _version(folder, draft, 0))
        met = {}
        for name, version in named.items():
            held = qualifying(files, as_of, agreement, version)
            met[name] = leads["records"].map(lambda records, held=held: bool(records & held))
        base = leads[met["in force"] & leads["is_handed"]]
        for name in named:
            figures[draft, name] = counted(leads, met[name], base, weeks, rep_count, name)
        for at, lead in zip(leads.index, leads["lead_id"]):
            told[draft, lead] = tuple(bool(met[name][at]) for name in named)
    return {"figures": figures, "leads": told, "people": leads.set_index("lead_id")}


def counted(leads, met, base, weeks: float, rep_count: int, name: str) -> dict:
    known, missed = leads[met & leads["is_handed"]], leads[~met & leads["is_handed"]]
    total = sum(known["won_amount"], Decimal(0))
    made = {
        "leads": len(leads),
        "would_be_handed": int(met.sum()),
        "known": len(known),
        "unobserved": int((met & ~leads["is_handed"]).sum()),
        "opportunities": int(known["has_opportunity"].sum()),
        "opportunity_amount": sum(known["opportunity_amount"], Decimal(0)),
        "won": int(known["has_won"].sum()),
        "won_amount": total,
        "won_per_known_amount": (total / len(known)).quantize(Decimal("0.01"), ROUND_HALF_UP) if len(known) else None,
        "missed_leads": len(missed),
        "missed_opportunities": int(missed["has_opportunity"].sum()),
        "missed_opportunity_amount": sum(missed["opportunity_amount"], Decimal(0)),
        "missed_won": int(missed["has_won"].sum()),
        "missed_won_amount": sum(missed["won_amount"], Decimal(0)),
        "sales_reps": rep_count,
        "handovers_per_rep_week": int(met.sum()) / weeks / rep_count if rep_count else None,
        "conversion_rate": known["has_opportunity"].sum() / len(known) if len(known) else None,
        "won_rate": known["has_won"].sum() / len(known) if len(known) else None,
    }
    made["conversion_rate_low"], made["conversion_rate_high"] = (
        wilson(made["opportunities"], len(known)) if len(known) else (None, None)
    )
    names = ["conversion_difference", "conversion_difference_low", "conversion_difference_high"]
    if name == "in force":
        return {**made, **dict.fromkeys(names), "verdict": None}
    if not len(known) or not len(base):
        return {**made, **dict.fromkeys(names), "verdict": "too few"}
    difference = compared(known, base)
    return {
        **made,
        **dict(zip(names, difference)),
        "verdict": verdict(len(known), len(base), difference[1], difference[2]),
    }
