"""The weekly logs of objections, losses and competitors, worked out in plain Python from the words of the contract.

Reads records only: core entities, the published deals and leads, the agreement. None of the feedback models.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd

Z = 1.959963984540054  # two-sided 95 %


def words(text) -> str | None:
    return None if text is None or pd.isna(text) else " ".join(str(text).split()).lower()


def none(value):
    """What a frame holds for nothing as None."""
    return None if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)) else value


def wilson(successes: float, trials: float) -> tuple[float | None, float | None]:
    """Wilson 1927: the shares p for which |k/n - p| <= z sqrt(p (1 - p) / n)."""
    if not trials:
        return None, None
    a, b, c = trials + Z**2, -(2 * successes + Z**2), successes**2 / trials
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))


@dataclass
class Company:
    """What the oracle reads of a candidate, as lists of plain dictionaries."""

    con: object

    def __post_init__(self):
        self.context = self.rows("select * from run.context")[0]
        self.as_of = self.context["as_of_at"]
        self.zone = ZoneInfo(self.context["timezone"])
        self.deals = {row["deal_id"]: row for row in self.rows("select * from metrics.deals")}
        self.leads = {row["lead_id"]: row for row in self.rows("select * from metrics.leads")}
        self.raw_deals = {row["deal_id"]: row for row in self.rows("select * from funnel.core_deals")}
        self.versions = sorted(
            (row["in_force_at"], row["version"])
            for row in self.rows("select * from agreement.versions where is_signed")
        )

    def rows(self, sql: str) -> list[dict]:
        found = self.con.execute(sql)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def monday(self, at: datetime) -> date:
        day = at.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def quarter(self, day: date) -> date:
        shift = self.context["fiscal_year_start_month"] - 1
        months = day.year * 12 + day.month - 1 - shift
        months -= months % 3
        return date((months + shift) // 12, (months + shift) % 12 + 1, 1)

    def year(self, day: date) -> date:
        first = self.context["fiscal_year_start_month"]
        return date(day.year if day.month >= first else day.year - 1, first, 1)

    def version_of_week(self, monday: date) -> int | None:
        """In force at the week's start, else at the earlier of its end and AS_OF."""
        by_start = [v for at, v in self.versions if at <= self.midnight(monday)]
        end = self.midnight(monday + timedelta(days=7))
        by_end = [v for at, v in self.versions if at < end and at <= self.as_of]
        return (by_start or by_end or [None])[-1]

    def week_status(self, monday: date) -> str:
        return "final" if self.midnight(monday + timedelta(days=7)) <= self.as_of else "maturing"

    def objections(self) -> list[dict]:
        """Contract, section 6: what was raised, wherever it was found."""
        named = {
            (row["found_in"], row["source_word"]): row["category"]
            for row in self.rows("select * from agreement.objection_categories")
        }
        found = []
        for row in self.rows("select * from funnel.core_objections"):
            if row["logged_at"] is not None and row["logged_at"] > self.as_of:
                continue
            answered = row["answered_at"] is not None and row["answered_at"] <= self.as_of
            category = named.get(("sheet", words(row["category"])), "unmapped")
            found.append(self._placed(row, row["objection_id"], row["raised_at"], category, row["surprised"], answered))
        for row in self.rows("select * from funnel.core_activities"):
            category = named.get(("call_outcome", words(row["outcome"])))
            if category and not row["is_automated"]:
                id_ = f"activity:{row['activity_id']}"
                found.append(self._placed(row, id_, row["happened_at"], category, None, False))
        for row in self.deals.values():
            category = named.get(("lost_reason", words(self.raw_deals[row["deal_id"]]["lost_reason"])))
            if category and row["status"] == "lost" and row["closed_at"] is not None:
                found.append(self._placed(row, f"deal:{row['deal_id']}", row["closed_at"], category, None, False))
        return found

    def _placed(self, row: dict, id_: str, raised_at, category: str, surprised, answered: bool) -> dict:
        deal = self.deals.get(row["deal_id"])
        lead_id = row["lead_id"] or (deal["lead_id"] if deal else None)
        lead = self.leads.get(lead_id)
        if deal:
            at_stake = [deal["deal_id"]]
        else:
            at_stake = [
                d["deal_id"] for d in self.deals.values()
                if lead_id is not None and d["lead_id"] == lead_id and d["status"] in ("open", "lost")
            ]  # fmt: skip
        segment = lead["segment"] if lead else deal["segment"] if deal else None
        return {
            "id": id_,
            "raised_at": raised_at,
            "category": category,
            "surprised": surprised,
            "answered_at": row["answered_at"] if answered else None,
            "action": row["marketing_action"] if answered else None,
            "deals": at_stake,
            "segment": segment or "unknown",
        }

    def amount(self, deal_ids) -> Decimal | None:
        known = [self.deals[d]["deal_amount"] for d in set(deal_ids) if self.deals[d]["deal_amount"] is not None]
        return sum(known) if known else None


def objections_weekly(company: Company) -> list[dict]:
    """The five largest categories of each week."""
    weeks: dict[date, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    first: dict[str, date] = {}
    for item in company.objections():
        monday = company.monday(item["raised_at"])
        weeks[monday][item["category"]].append(item)
        first[item["category"]] = min(monday, first.get(item["category"], monday))
    expected = defaultdict(set)
    for row in company.rows("select * from agreement.ideal_customer_profile where item = 'expected_objection'"):
        expected[row["version"]].add(words(row["value"]))
    rows = []
    for monday, categories in weeks.items():
        version = company.version_of_week(monday)

        def size(category, categories=categories):
            amount = company.amount(d for item in categories[category] for d in item["deals"])
            return -len(categories[category]), amount is None, -(amount or 0), category

        listed = sorted(categories, key=size)[: company.context["objections_top"]]
        for rank, category in enumerate(listed, start=1):
            mine, known = categories[category], category != "unmapped"
            judged = [item["surprised"] for item in mine if item["surprised"] is not None]
            low, high = wilson(sum(judged), len(judged))
            ids = [item["id"] for item in sorted(mine, key=lambda item: (item["raised_at"], item["id"]))]
            answered = sorted((i for i in mine if i["answered_at"]), key=lambda i: i["id"])
            answered.sort(key=lambda i: i["answered_at"], reverse=True)
            rows.append({
                "week_start_on": monday, "rank": rank, "category": category, "objections": len(mine),
                "week_objections": sum(map(len, categories.values())), "week_categories": len(categories),
                "surprised": sum(judged), "surprised_known": len(judged),
                "surprised_share": sum(judged) / len(judged) if judged else None,
                "surprised_share_low": low, "surprised_share_high": high,
                "amount_at_stake_amount": company.amount(d for item in mine for d in item["deals"]),
                "segments": "; ".join(sorted({item["segment"] for item in mine})),
                "objection_ids": "; ".join(ids[:20]) + ("; ..." if len(ids) > 20 else ""),
                "is_expected": words(category) in expected[version] if known and version else None,
                "is_new": first[category] == monday if known else None,
                "answered": len(answered), "status": company.week_status(monday),
                "marketing_action": answered[0]["action"]
                if answered and company.context["publish_objection_words"] else None,
                "agreement_version": version,
            })  # fmt: skip
    return rows


def loss_reasons_weekly(company: Company) -> list[dict]:
    """Lost deals by the week in which they were last lost."""
    weeks: dict[tuple, list] = defaultdict(list)
    for deal in company.deals.values():
        if deal["status"] == "lost" and deal["closed_at"] is not None:
            weeks[company.monday(deal["closed_at"]), deal["lost_reason"] or "not given"].append(deal)
    of_week = Counter()
    for (monday, _), deals in weeks.items():
        of_week[monday] += len(deals)
    rows = []
    for (monday, reason), deals in weeks.items():
        low, high = wilson(len(deals), of_week[monday])
        rows.append({
            "week_start_on": monday, "loss_reason": reason, "deals": len(deals),
            "week_deals": of_week[monday], "share": len(deals) / of_week[monday], "share_low": low, "share_high": high,
            "lost_amount": company.amount(d["deal_id"] for d in deals),
            "segments": "; ".join(sorted({d["segment"] or "unknown" for d in deals})),
            "status": company.week_status(monday),
        })  # fmt: skip
    return rows


def competitors(company: Company) -> list[dict]:
    """Deals in scope that name a competitor, by the period of their closing; open ones in the running period."""
    scope = {words(kind) for kind in company.context["deal_types_in_scope"].split(";")}
    spelt: dict[str, Counter] = defaultdict(Counter)
    periods: dict[tuple, list] = defaultdict(list)
    today = (company.as_of - timedelta(microseconds=1)).astimezone(company.zone).date()
    for deal_id, deal in company.deals.items():
        name = company.raw_deals[deal_id]["competitor"]
        if words(name) is None or (deal["deal_type"] and words(deal["deal_type"]) not in scope):
            continue
        spelt[words(name)][" ".join(str(name).split())] += 1
        if deal["status"] != "open" and deal["closed_at"] is None:
            continue
        day = today if deal["status"] == "open" else deal["closed_at"].astimezone(company.zone).date()
        for kind, start in (
            ("fiscal_quarter", company.quarter(day)),
            ("fiscal_year", company.year(day)),
            ("all", None),
        ):
            periods[kind, start, words(name)].append(deal)
    told = any(d["status"] == "won" for deals in periods.values() for d in deals)
    told = told or all(d["status"] != "won" for d in company.deals.values())
    rows = []
    for (kind, start, name), deals in periods.items():
        won, lost, still = ([d for d in deals if d["status"] == s] for s in ("won", "lost", "open"))
        low, high = wilson(len(won), len(won) + len(lost))
        amounts = [d["deal_amount"] for d in won + lost if d["deal_amount"] is not None]
        won_amount, lost_amount = (company.amount(d["deal_id"] for d in group) for group in (won, lost))
        total = sum(amounts)
        share = float(won_amount or 0) / float(total) if total else None
        effective = float(total) ** 2 / float(sum(a * a for a in amounts)) if total else 0
        value_low, value_high = wilson(share * effective, effective) if total else (None, None)
        rows.append({
            "period_kind": kind, "period_start_on": start,
            "competitor": min(spelt[name], key=lambda s, name=name: (-spelt[name][s], s)),
            "deals_against": len(deals), "won": len(won), "lost": len(lost), "open": len(still),
            "win_rate": len(won) / (len(won) + len(lost)) if won or lost else None,
            "win_rate_low": low, "win_rate_high": high,
            "won_amount": won_amount, "lost_amount": lost_amount, "open_amount": company.amount(
                d["deal_id"] for d in still),
            "value_win_rate": share, "value_win_rate_low": value_low, "value_win_rate_high": value_high,
            "status": "ok" if told else "unavailable: competitors are told of lost deals only",
        })  # fmt: skip
        if not told:
            rows[-1] |= {name: None for name in rows[-1] if "win_rate" in name}
    return rows
