"""The what-if once more, in plain Python from its contract: the gate's own judge decides, pandas counts.

Independent of the models: verdicts come from the raw lake (onefunnel.judge) under an agreement in which one
definition has always been in force, and so do the days on which a lead was closed out. Taken as published: persons,
dates of handovers and opportunities, deals' amounts, for the gate guards them.

The words. A record is a lead until its person's first opportunity, or until it was closed out itself (a status that
means disqualified, a closing disposition), whichever comes first; recycled, it is a lead still. A person meets a
definition at the first instant at which a record of theirs meets it while a lead. Who was really handed over is known
when they had met it by their first handover, met it only afterwards when later, and is missed when never.
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
from onefunnel.judge.signed import _version, read_agreement, rows_of, truth
from onefunnel.judge.touches import read_touches
from onefunnel.judge.verdict import WANTED, Judge
from onefunnel.judge.words import normal
from tests.what_if.contrasts import DIFFERENCES, VERDICTS, beside, poisson, wilson

REALITY = "as it really was"
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


def qualifying(files, as_of: datetime, agreement: Agreement, version: Version, folder: Path) -> tuple[dict, dict]:
    """Per record, in microseconds: when it first met the definition, as if always in force; when it was closed out."""
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
        return Judge(lake, mine, leads).first_qualified(), closed(leads, folder)
    finally:
        lake.con.close()


def closed(leads: dict, folder: Path) -> dict[str, int]:
    """When sales or marketing first closed a record out, in microseconds."""
    dead = {
        normal(row["source_word"])
        for row in rows_of(folder, "stages")
        if normal(row["entity"]) == "lead" and normal(row["stage"]) == "disqualified"
    }
    final = {normal(row["source_word"]) for row in rows_of(folder, "dispositions") if truth(row["is_closing"])}
    found = {}
    for key, lead in leads.items():
        at = [when for word, when in lead.disposals if word in final]
        for when, old, new in lead.changes.get("status", []):
            if normal(new) in dead and normal(old) != normal(new):
                at.append(when)
        at = [when for when in at if lead.created_at <= when <= lead.as_of]
        if at:
            found[key] = min(at)
    return found


def met_at(row, first: dict[str, int], closings: dict[str, int]) -> int | None:
    """When a person first met a definition as a lead."""
    end = 2**62 if pd.isna(row["opportunity_at"]) else micros(row["opportunity_at"].to_pydatetime())
    found = [first[r] for r in row["records"] if r in first and first[r] < min(end, closings.get(r, 2**62))]
    return min(found, default=None)


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
    """One row per person of the window: when handed over, whether and for how much an opportunity came and was won."""
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
            "handed_at": mine["first_handed_over_at"].min(),
            "is_handed": bool(mine["first_handed_over_at"].notna().any()),
            "opportunity_at": opportunity,
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
        "handed_at",
        "is_handed",
        "opportunity_at",
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


def same_rule(name: str, in_force: Version, draft: Version) -> bool | None:
    """Whether the draft asks for the same: in one criterion, or in all of them; None where it has no part."""
    if name in ("in force", REALITY):
        return None
    asked = [criterion for criterion in PARTS if name in ("draft", f"in force with the draft's {criterion}")]
    return all(
        fitting(getattr(in_force, part), in_force) == fitting(getattr(draft, part), draft)
        for criterion in asked
        for part in PARTS[criterion]
    )


def fitting(part, version: Version):
    """A part of a rule, comparable: a list without its order where order says nothing, a word by whether it fits."""
    if part is version.industry_words:
        return {word: ours in version.industries for word, ours in part.items()}
    if part is version.industries:
        return None  # told by the words
    return sorted(part) if part is version.behaviours else part


def total_interval(amounts: list[Decimal], fewest: int, per: int = 1) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % interval of a total of amounts (Dobson et al. 1991), by so many leads, to the paisa."""
    amounts = [float(amount) for amount in amounts if amount]
    if len(amounts) < fewest:
        return None, None
    stretch = math.sqrt(math.fsum(a * a for a in amounts) / len(amounts))
    ends = [math.fsum(amounts) + stretch * (bound - len(amounts)) for bound in poisson(len(amounts))]
    return tuple(Decimal(max(end, 0) / per).quantize(Decimal("0.01"), ROUND_HALF_UP) for end in ends)


def recount(candidate: Path, files, folder: Path, as_of: datetime, drafts: list[int], against: int) -> dict:
    """(draft, definition) -> its figures; and (draft, person) -> when they met each definition, in their order."""
    agreement = read_agreement(folder)
    con = duckdb.connect(str(candidate), read_only=True)
    con.execute("set timezone = 'UTC'")
    leads, rep_count = people(con, as_of, agreement.settings), reps(con, as_of, agreement.settings)
    con.close()
    begins, ends = window(as_of, agreement.settings)[0], until(as_of, agreement.settings)
    weeks = (ends - begins) / timedelta(days=7)
    handed = [None if pd.isna(at) else micros(at.to_pydatetime()) for at in leads["handed_at"]]
    figures, told = {}, {}
    for draft in drafts:
        versions = _version(folder, against, 0), _version(folder, draft, 0)
        met = {REALITY: handed}
        for name, version in definitions(*versions).items():
            first, closings = qualifying(files, as_of, agreement, version, folder)
            met[name] = [met_at(row, first, closings) for _, row in leads.iterrows()]
        in_force = placed(met["in force"], handed)
        for name in met:
            figures[draft, name] = {
                "is_same_rule": same_rule(name, *versions),
                **counted(leads, placed(met[name], handed), in_force, weeks, rep_count, name, agreement.settings),
            }
            if figures[draft, name]["is_same_rule"]:
                figures[draft, name] |= {**dict.fromkeys(DIFFERENCES), **dict.fromkeys(VERDICTS, "same rule")}
        for at, lead in enumerate(leads["lead_id"]):
            told[draft, lead] = tuple(met[name][at] for name in met if name != REALITY)
    return {"figures": figures, "leads": told, "people": leads.set_index("lead_id")}


def placed(met: list, handed: list) -> pd.Series:
    """Per person what a definition has to do with what really happened to them."""

    def place(met_at, handed_at):
        if handed_at is None:
            return "unobserved" if met_at is not None else "nothing"
        return "missed" if met_at is None else "known" if met_at <= handed_at else "after"

    return pd.Series([place(*both) for both in zip(met, handed)], dtype=object)


def counted(leads, place, in_force, weeks: float, rep_count: int, name: str, settings: dict[str, str]) -> dict:
    known, after, missed = (leads[place == kind] for kind in ("known", "after", "missed"))
    fewest, n = int(settings["signal_min_cases"]), len(known)
    handed = int(place.isin(["known", "after", "unobserved"]).sum())
    made = {
        "leads": len(leads),
        "would_be_handed": handed,
        "known": n,
        "met_only_after_handover": len(after),
        "met_only_after_handover_opportunities": int(after["has_opportunity"].sum()),
        "met_only_after_handover_won": int(after["has_won"].sum()),
        "unobserved": int((place == "unobserved").sum()),
        "missed_leads": len(missed),
        "sales_reps": rep_count,
    }
    for outcome, plural in (("opportunity", "opportunities"), ("won", "won")):
        mine, lost = known[f"{outcome}_amount"], missed[f"{outcome}_amount"]
        made[plural] = int(known[f"has_{outcome}"].sum())
        made[f"missed_{plural}"] = int(missed[f"has_{outcome}"].sum())
        made[f"{outcome}_amount"], made[f"missed_{outcome}_amount"] = sum(mine, Decimal(0)), sum(lost, Decimal(0))
        made[f"{outcome}_per_known_amount"] = (
            (sum(mine, Decimal(0)) / n).quantize(Decimal("0.01"), ROUND_HALF_UP) if n else None
        )
        for what, interval in (
            (outcome, total_interval(mine, fewest)),
            (f"missed_{outcome}", total_interval(lost, fewest)),
            (f"{outcome}_per_known", total_interval(mine, fewest, n)),
        ):
            made[f"{what}_low_amount"], made[f"{what}_high_amount"] = interval
        seen = made[plural] + made[f"missed_{plural}"] if name != REALITY else 0
        made |= rate(f"missed_{outcome}_rate", made[f"missed_{plural}"], seen)
    made |= rate("handed_rate", handed, len(leads))
    made |= rate("conversion_rate", made["opportunities"], n) | rate("won_rate", made["won"], n)
    work = [handed, *poisson(handed)]
    for end, events in zip(("", "_low", "_high"), work):
        made[f"handovers_per_rep_week{end}"] = events / weeks / rep_count if rep_count else None
    if name in ("in force", REALITY):
        return {**made, **dict.fromkeys((*DIFFERENCES, *VERDICTS))}
    return made | beside(leads, place, in_force, fewest)


def rate(name: str, x: int, n: int) -> dict:
    """A share and its Wilson interval."""
    values = (x / n, *wilson(x, n)) if n else (None, None, None)
    return dict(zip((name, f"{name}_low", f"{name}_high"), values))
