"""The weekly logs of objections, losses and competitors, worked out in plain Python from the words of the contract.

Reads records only: core entities, the published deals and leads, the agreement. None of the feedback models.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd

Z = 1.959963984540054  # two-sided 95 %


def words(text) -> str | None:
    return None if text is None or pd.isna(text) else " ".join(str(text).split()).lower()


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


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

    def rivals(self) -> list[tuple[str, str, bool]]:
        """(deal, competitor, whether the deal itself names it) of the deals and of the log that is known by AS_OF."""
        own = [(deal_id, self.raw_deals[deal_id]["competitor"], True) for deal_id in self.deals]
        log = self.rows("select deal_id, competitor, logged_at from funnel.core_objections")
        known = (row for row in log if row["logged_at"] is None or row["logged_at"] <= self.as_of)
        return own + [(row["deal_id"], row["competitor"], False) for row in known if row["deal_id"] in self.deals]

    def objections(self) -> list[dict]:
        """What counts: a reason of a loss that was told before is not told anew."""
        return [item for item in self.told if item["repeats"] is None]

    @cached_property
    def told(self) -> list[dict]:
        """Contract, section 6: what was raised, wherever it was found; all of it, in the order of raised_at."""
        named = {
            (row["found_in"], row["source_word"]): row["category"]
            for row in self.rows("select * from agreement.objection_categories")
        }
        found = []
        for row in self.rows("select * from funnel.core_objections"):
            if row["logged_at"] is not None and row["logged_at"] > self.as_of:
                continue
            cells = {name: row[name] for name in ("surprised", "competitor", "logged_at")}
            if row["answered_at"] is not None and row["answered_at"] <= self.as_of:
                cells |= {"answered_at": row["answered_at"], "action": row["marketing_action"]}
            found.append(
                self._placed(row, row["objection_id"], row["raised_at"], "sheet", row["category"], named, cells)
            )
        for row in self.rows("select * from funnel.core_activities where outcome is not null"):
            if named.get(("call_outcome", words(row["outcome"]))) and not row["is_automated"]:
                cells, id_ = {"logged_at": row["happened_at"]}, f"activity:{row['activity_id']}"
                found.append(self._placed(row, id_, row["happened_at"], "call_outcome", row["outcome"], named, cells))
        for row in self.deals.values():
            reason, at = self.raw_deals[row["deal_id"]]["lost_reason"], row["closed_at"]
            if row["status"] == "lost" and at is not None and words(reason):
                id_ = f"deal:{row['deal_id']}"
                found.append(self._placed(row, id_, at, "lost_reason", reason, named, {"logged_at": at}))
        found.sort(key=lambda item: (item["raised_at"], item["id"]))
        self._compare(found)
        return found

    def _compare(self, found: list[dict]) -> None:
        """Which is the first of its kind; which reason of a loss repeats the last telling before it."""
        kinds = set()
        for place, item in enumerate(found):
            item["first"] = None if item["kind"] is None else item["kind"] not in kinds
            kinds.add(item["kind"])
            if item["found_in"] != "lost_reason":
                continue
            before = [
                one for one in found[:place]
                if one["kind"] == item["kind"] and one["found_in"] != "lost_reason"
                and one["raised_at"] < item["raised_at"]
                and (one["deal_id"] == item["deal_id"]
                     or (one["deal_id"] not in self.deals and item["lead_id"] and one["lead_id"] == item["lead_id"]))
            ]  # fmt: skip
            latest = max((one["raised_at"] for one in before), default=None)
            item["repeats"] = min((one["id"] for one in before if one["raised_at"] == latest), default=None)

    def _placed(self, row: dict, id_: str, raised_at, found_in: str, word, named: dict, cells: dict) -> dict:
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
        category = named.get((found_in, words(word)))
        kind = ("category", category) if category else ("word", words(word)) if words(word) else None
        nothing = dict.fromkeys(("surprised", "competitor", "logged_at", "answered_at", "action", "repeats"))
        return nothing | {
            "id": id_,
            "found_in": found_in,
            "raised_at": raised_at,
            "word": word,
            "kind": kind,
            "category": category or "unmapped",
            "lead_id": lead_id,
            "deal_id": row["deal_id"],
            "deals": at_stake,
            "segment": segment or "unknown",
        } | cells  # fmt: skip

    @cached_property
    def shown(self) -> dict[str, datetime]:
        """Objection, of the log, a call or a lost deal -> when a digest first showed it."""
        found: dict[str, datetime] = {}
        for row in self.rows("select objection_id, shown_at from funnel.core_digests"):
            found[row["objection_id"]] = min(row["shown_at"], found.get(row["objection_id"], row["shown_at"]))
        return found

    def amount(self, deal_ids) -> Decimal | None:
        known = [self.deals[d]["deal_amount"] for d in set(deal_ids) if self.deals[d]["deal_amount"] is not None]
        return sum(known) if known else None


def objections(company: Company) -> list[dict]:
    """All that was told, with what became of it in marketing's digest."""
    days, rows = timedelta(days=company.context["objection_digest_days"]), []
    for item in company.told:
        first = company.shown.get(item["id"])
        age = company.as_of - (item["logged_at"] or item["raised_at"])
        status = "shown" if first else "to show" if age < days else "aged out"
        rows.append({
            "objection_id": item["id"], "found_in": item["found_in"], "raised_at": item["raised_at"],
            "logged_at": item["logged_at"], "week_start_on": company.monday(item["raised_at"]),
            "category": item["category"], "is_unmapped": item["category"] == "unmapped",
            "category_word": item["word"] if company.context["publish_objection_words"] else None,
            "is_first_of_its_kind": item["first"], "repeats_objection_id": item["repeats"],
            "lead_id": item["lead_id"], "deal_id": item["deal_id"],
            "deals_at_stake": "; ".join(sorted(item["deals"])) or None,
            "amount_at_stake_amount": company.amount(item["deals"]), "is_surprised": item["surprised"],
            "competitor": item["competitor"], "first_shown_at": first,
            "digest_status": "repeat" if item["repeats"] else status, "answered_at": item["answered_at"],
        })  # fmt: skip
    return rows


def objections_weekly(company: Company) -> list[dict]:
    """The five largest categories of each week, and the weeks in which nothing was heard."""
    weeks: dict[date, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for item in company.objections():
        weeks[company.monday(item["raised_at"])][item["category"]].append(item)
    expected = defaultdict(set)
    for row in company.rows("select * from agreement.ideal_customer_profile where item = 'expected_objection'"):
        expected[row["version"]].add(words(row["value"]))
    last = max(max(weeks), company.monday(company.as_of - timedelta(microseconds=1)))
    rows = [silent(company, monday) for monday in mondays(min(weeks), last) if monday not in weeks]
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
            answered = sorted((i for i in mine if i["answered_at"]), key=lambda i: i["id"])
            answered.sort(key=lambda i: i["answered_at"], reverse=True)
            firsts = [item["first"] for item in mine if item["first"] is not None]
            told = answered and company.context["publish_marketing_actions"]
            rows.append({
                "week_start_on": monday, "rank": rank, "category": category, "objections": len(mine),
                "week_objections": sum(map(len, categories.values())), "week_categories": len(categories),
                "week_new_kinds": sum(item["first"] is True for items in categories.values() for item in items),
                "surprised": sum(judged), "surprised_known": len(judged),
                "surprised_share": sum(judged) / len(judged) if judged else None,
                "surprised_share_low": low, "surprised_share_high": high,
                "amount_at_stake_amount": company.amount(d for item in mine for d in item["deals"]),
                "segments": "; ".join(sorted({item["segment"] for item in mine})),
                "objection_ids": cut(sorted(item["id"] for item in mine), company.context["objections_listed"]),
                "is_expected": words(category) in expected[version] if known and version else None,
                "is_new": any(firsts) if firsts else None,
                "answered": len(answered), "status": company.week_status(monday),
                "answered_at": answered[0]["answered_at"] if answered else None,
                "marketing_action": answered[0]["action"] if told else None,
                "agreement_version": version,
            })  # fmt: skip
    return rows


def cut(texts: list[str], listed: int) -> str:
    more = len(texts) - listed
    return "; ".join(texts[:listed] + ([f"and {more} more"] if more > 0 else []))


def mondays(first: date, last: date) -> list[date]:
    return [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]


def silent(company: Company, monday: date) -> dict:
    """A week of which nothing else can be said."""
    nothing = ("rank", "category", "surprised_share", "surprised_share_low", "surprised_share_high", "segments",
               "objection_ids", "amount_at_stake_amount", "is_expected", "is_new", "answered_at",
               "marketing_action")  # fmt: skip
    counts = ("objections", "week_objections", "week_categories", "week_new_kinds", "surprised", "surprised_known",
              "answered")  # fmt: skip
    told = {"status": "no objections", "agreement_version": company.version_of_week(monday)}
    return {"week_start_on": monday} | dict.fromkeys(nothing) | dict.fromkeys(counts, 0) | told


def objection_recurrence(company: Company) -> list[dict]:
    """What was heard before and after each thing that marketing did about a category, and in how many conversations."""
    raised = company.objections()
    talks = conversations(company)
    days, horizon = (timedelta(days=company.context[f"recurrence_{name}"]) for name in ("days", "horizon_days"))
    answers: dict[tuple, list] = defaultdict(list)
    for item in raised:
        if item["answered_at"] and item["category"] != "unmapped":
            answers[item["category"], words(item["action"])].append(item)
    at_once: dict[tuple, list] = defaultdict(list)
    for (category, _), items in answers.items():
        at_once[category, min(item["answered_at"] for item in items)].append(items)
    known = max(min(talks), min(item["raised_at"] for item in raised)) if talks else None
    rows = []
    for (category, at), groups in at_once.items():
        firsts = [min(items, key=lambda item: (item["answered_at"], item["id"]))["action"] for items in groups]
        since, until = min(at, max(at - days, known)), min(at + days, company.as_of)
        heard = [item["raised_at"] for item in raised if item["category"] == category]
        row = {"category": category, "answered_at": at, "objections_answered": sum(map(len, groups))}
        told = [action for action in firsts if action] if company.context["publish_marketing_actions"] else []
        row["marketing_action"] = "; ".join(sorted(told)) or None
        for name, start, end in (
            ("before", since, at), ("after", at, until), ("since", at, min(at + horizon, company.as_of)),
            ("later", until, company.as_of + timedelta(seconds=1)),
        ):  # fmt: skip
            row[f"objections_{name}"] = sum(start <= one < end for one in heard)
            row[f"conversations_{name}"] = sum(start <= one < end for one in talks)
        for name, ratio in (("after", "ratio"), ("since", "since_ratio"), ("later", "later_ratio")):
            row |= rate_ratio(row, name, ratio)
        rows.append(row)
    return rows


def rate_ratio(row: dict, period: str, name: str) -> dict:
    """Objections per conversation beside those before the answer: of Poisson counts, the interval on the log scale."""
    (x, n), (x0, n0) = ((row[f"objections_{at}"], row[f"conversations_{at}"]) for at in (period, "before"))
    if not (n and n0 and x0):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    ratio = (x / n) / (x0 / n0)
    if not x:
        return {name: 0.0, f"{name}_low": None, f"{name}_high": None}
    factor = math.exp(Z * math.sqrt(1 / x + 1 / x0))
    return {name: ratio, f"{name}_low": ratio / factor, f"{name}_high": ratio * factor}


def conversations(company: Company) -> list[datetime]:
    """Calls and meetings by people who are not known to be of another team, as long as was agreed at the time."""
    teams = {row["user_id"]: words(row["team"]) for row in company.rows("select user_id, team from funnel.core_users")}
    seconds = dict(
        company.con.execute("select version, conversation_min_seconds from agreement.service_levels").fetchall()
    )
    found = []
    for row in company.rows("select * from funnel.core_activities where duration_seconds is not null"):
        held = [version for at, version in company.versions if at <= row["happened_at"]]
        is_sales = teams.get(row["owner_id"]) in (None, "sales") and not row["is_automated"]
        if held and is_sales and words(row["kind"]) in ("call", "meeting"):
            found += [row["happened_at"]] * (row["duration_seconds"] >= seconds[held[-1]])
    return found


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
    """Deals in scope that met a competitor, by the period of their closing; open ones in the running period."""
    scope = {words(kind) for kind in company.context["deal_types_in_scope"].split(";")}
    spelt: dict[str, Counter] = defaultdict(Counter)
    periods: dict[tuple, list] = defaultdict(list)
    today = (company.as_of - timedelta(microseconds=1)).astimezone(company.zone).date()
    met: dict[str, dict[str, bool]] = defaultdict(dict)
    for deal_id, name, own in company.rivals():
        deal = company.deals[deal_id]
        if words(name) is None or (deal["deal_type"] and words(deal["deal_type"]) not in scope):
            continue
        spelt[words(name)][" ".join(str(name).split())] += 1
        if deal["status"] == "open" or deal["closed_at"] is not None:
            met[deal_id][words(name)] = own or met[deal_id].get(words(name), False)
    for deal_id, name in [(deal_id, name) for deal_id, names in met.items() for name in names]:
        deal = company.deals[deal_id]
        day = today if deal["status"] == "open" else deal["closed_at"].astimezone(company.zone).date()
        for kind, start in (
            ("fiscal_quarter", company.quarter(day)),
            ("fiscal_year", company.year(day)),
            ("all", None),
        ):
            periods[kind, start, name].append(deal)
    closed, naming = Counter(), Counter()
    for deal_id, deal in company.deals.items():
        in_scope = not deal["deal_type"] or words(deal["deal_type"]) in scope
        if deal["status"] in ("won", "lost") and deal["closed_at"] is not None and in_scope:
            day = deal["closed_at"].astimezone(company.zone).date()
            for period in (("fiscal_quarter", company.quarter(day)), ("fiscal_year", company.year(day)), ("all", None)):
                for outcome in (deal["status"], "any"):
                    closed[*period, outcome] += 1
                    naming[*period, outcome] += deal_id in met
    told = any(d["status"] == "won" for deals in periods.values() for d in deals)
    told = told or all(d["status"] != "won" for d in company.deals.values())
    rows = []
    for (kind, start, name), deals in periods.items():
        won, lost, still = ([d for d in deals if d["status"] == s] for s in ("won", "lost", "open"))
        low, high = wilson(len(won), len(won) + len(lost))
        amounts = [d["deal_amount"] for d in won + lost if d["deal_amount"] is not None]
        # no deal is worth 0, and that is known
        won_amount, lost_amount, open_amount = (
            company.amount(d["deal_id"] for d in group) if group else Decimal(0) for group in (won, lost, still)
        )
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
            "won_amount": won_amount, "lost_amount": lost_amount, "open_amount": open_amount,
            "value_win_rate": share, "value_win_rate_low": value_low, "value_win_rate_high": value_high,
            "deals_logged_only": sum(not met[d["deal_id"]][name] for d in deals),
            "closed_deals": closed[kind, start, "any"], "closed_naming": naming[kind, start, "any"],
            **{column: ratio(naming[kind, start, outcome], closed[kind, start, outcome]) for column, outcome in
               (("coverage", "any"), ("won_coverage", "won"), ("lost_coverage", "lost"))},
            "status": "ok" if told else "unavailable: competitors are told of lost deals only",
        })  # fmt: skip
        if not told:
            rows[-1] |= {name: None for name in rows[-1] if "win_rate" in name or name == "won_amount"}
    return rows
