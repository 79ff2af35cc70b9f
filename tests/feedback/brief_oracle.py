"""The rep's brief in plain Python from the words of its description: records only, none of the models behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from tests.feedback.criteria_oracle import Criteria, at_instant, changes_of, money
from tests.feedback.oracle import Company, words

NEVER = datetime.max.replace(tzinfo=UTC)


class Briefs:
    """Every handover's brief: a list of dictionaries of the columns that are recounted."""

    def __init__(self, company: Company):
        self.company = company
        self.days = timedelta(days=company.context["lead_brief_days"])
        self.window = company.context["lead_brief_objection_days"]
        self.listed = company.context["lead_brief_listed"]
        self.handovers = company.rows("select * from metrics.handovers order by handover_id")
        self.leads = {row["lead_id"]: row for row in company.rows("select * from funnel.core_leads")}
        self.people = self._identity("people", "person_id")
        self.accounts = self._identity("accounts", "account_id")
        self.by_id = {row["handover_id"]: row for row in self.handovers}
        self.users = {row["user_id"]: row["name"] for row in company.rows("select * from funnel.core_users")}
        self.criteria = Criteria(company, self.leads)
        self.deal_changes = changes_of(
            company, "funnel.int_deal_changes_as_of", "deal_id", ("old", "new", "source_row")
        )
        self.touches = self._told_touches()
        self.of_person, self.of_account = defaultdict(list), defaultdict(list)
        for touch in self.touches:
            self.of_person[touch["person"]].append(touch)
            self.of_account[touch["account"]].append(touch)
        self.objections = self._objections()
        self.profile = defaultdict(lambda: defaultdict(list))
        for row in company.rows("select * from agreement.ideal_customer_profile"):
            self.profile[row["version"]][row["item"]].append(row["value"])
        self.stages = {
            row["source_word"]: row for row in company.rows("select * from agreement.stages where entity = 'deal'")
        }

    def _identity(self, table: str, key: str) -> dict:
        return {(r["entity"], r["record_id"]): r[key] for r in self.company.rows(f"select * from identity.{table}")}

    # touches
    def _person_of(self, touch: dict, addresses: dict):
        for entity, key in (("lead", "lead_id"), ("contact", "contact_id")):
            if touch[key] is not None and (entity, touch[key]) in self.people:
                return self.people[entity, touch[key]], self.accounts[entity, touch[key]]
        return addresses.get(words(touch["email"]), (None, None))

    def _addresses(self) -> dict:
        """Addresses of one person, all of whose records are one account's."""
        owners, houses = defaultdict(set), defaultdict(set)
        for key, person in self.people.items():
            houses[person].add(self.accounts[key])
        for entity in ("lead", "contact"):
            for row in self.company.rows(f"select {entity}_id as id, email from funnel.core_{entity}s"):
                if row["email"] is not None:
                    owners[words(row["email"])].add(self.people[entity, row["id"]])
        single = {email: next(iter(who)) for email, who in owners.items() if len(who) == 1}
        return {email: (who, next(iter(houses[who]))) for email, who in single.items() if len(houses[who]) == 1}

    def _told_touches(self) -> list[dict]:
        withdrawn = defaultdict(list)
        for lead_id, lead in self.leads.items():
            left, given = lead["consent_withdrawn_at"], lead["consent_given_at"]
            if left is not None:
                withdrawn[self.people["lead", lead_id]].append((left, given if given and given > left else NEVER))
        told, addresses = [], self._addresses()
        for row in self.company.rows("select * from funnel.core_touches"):
            person, account = self._person_of(row, addresses)
            at = row["happened_at"]
            if person and row["kind"] and not any(a <= at < b for a, b in withdrawn[person]):
                told.append({"person": person, "account": account, "kind": words(row["kind"]), "at": at})
        return told

    # words
    def cut(self, texts: list[str], nothing: str | None = "none") -> str | None:
        more = len(texts) - self.listed
        return "; ".join(texts[: self.listed] + ([f"and {more} more"] if more > 0 else [])) or nothing

    def behaviours(self, touches: list[dict]) -> tuple[str, datetime | None]:
        kinds = defaultdict(list)
        for touch in touches:
            kinds[touch["kind"]].append(touch["at"])
        texts = []
        for kind in sorted(sorted(kinds), key=lambda kind: max(kinds[kind]), reverse=True):
            n, last = len(kinds[kind]), self.criteria.day(max(kinds[kind]))
            texts.append(
                f"{kind.replace('_', ' ')}, {last}" if n == 1 else f"{kind.replace('_', ' ')} x {n}, last {last}"
            )
        return "; ".join(texts) or "none", max((t["at"] for t in touches), default=None)

    # deals
    def deal_then(self, deal: dict, at: datetime) -> dict:
        deal_id = deal["deal_id"]
        changes = {f: self.deal_changes.get((deal_id, f), []) for f in ("stage", "amount", "currency")}
        raw = self.company.raw_deals[deal_id]
        stage, moved_at = at_instant(changes["stage"], at, raw["stage"])
        amount, amount_at = at_instant(changes["amount"], at, raw["amount"])
        currency, currency_at = at_instant(changes["currency"], at, raw["currency"])
        ours = self.stages[words(stage)]
        closed_at = deal["closed_at"]
        is_told = closed_at is not None and closed_at <= at
        status = ours["status"] if changes["stage"] else deal["status"] if is_told else "open"
        amount = self.criteria.in_rupees(
            amount, currency, max(amount_at or deal["created_at"], currency_at or deal["created_at"])
        )
        return {
            "id": deal_id, "status": status, "amount": amount, "stage": ours["stage"], "type": deal["deal_type"],
            "created_at": deal["created_at"],
            "closed_at": None if status == "open" else closed_at if is_told else moved_at,
            "reason": deal["lost_reason"] if is_told and deal["status"] == "lost" else None,
        }  # fmt: skip

    def deal_text(self, deal: dict) -> str:
        kind = f"{deal['status']} {deal['type']} deal" if deal["type"] else f"{deal['status']} deal"
        amount = money(deal["amount"]) if deal["amount"] is not None else "no amount"
        if deal["status"] == "open":
            return f"{kind} since {self.criteria.day(deal['created_at'])}, {amount}, {deal['stage']}"
        reason = f", {deal['reason'] or 'no reason known'}" if deal["status"] == "lost" else ""
        return f"{kind} on {self.criteria.day(deal['closed_at'])}, {amount}{reason}"

    def deals(self, account: str, at: datetime) -> dict:
        mine = [d for d in self.company.deals.values() if d["account_id"] == account and d["created_at"] <= at]
        then = sorted((self.deal_then(d, at) for d in mine), key=lambda d: d["id"])
        then.sort(key=lambda d: d["closed_at"] or d["created_at"], reverse=True)
        row = {"company_deals": len(then), "company_deal_history": self.cut([self.deal_text(d) for d in then])}
        row["company_deal_ids"] = "; ".join(d["id"] for d in then[: self.listed]) or None
        for status in ("won", "lost", "open"):
            amounts = [d["amount"] for d in then if d["status"] == status and d["amount"] is not None]
            row[f"company_{status}_deals"] = sum(d["status"] == status for d in then)
            row[f"company_{status}_amount"] = sum(amounts) if amounts else None
        now = [d for d in self.company.deals.values() if d["account_id"] == account and d["status"] == "open"]
        row["current_company_open_deal_owners"] = "; ".join(sorted({self.seller(d["deal_id"]) for d in now})) or None
        return row

    def seller(self, deal_id: str) -> str:
        """The name of whose the deal is, as far as that is known."""
        owner = self.company.deals[deal_id]["owner_id"]
        return self.users.get(owner) or owner or "nobody"

    def returned(self, handover: dict) -> str | None:
        """With what words sales gave the lead back before this handover."""
        lead_id, number = handover["handover_id"].rsplit("#", 1)
        before = self.by_id.get(f"{lead_id}#{int(number) - 1}")
        known = before and before["recycled_at"] and before["disposed_at"]
        return before["disposition"] if known and before["disposed_at"] <= handover["handed_over_at"] else None

    # objections
    def _objections(self) -> list[dict]:
        logged = {r["objection_id"]: r for r in self.company.rows("select * from funnel.core_objections")}
        calls = {r["activity_id"]: r for r in self.company.rows("select * from funnel.core_activities")}
        found = []
        for item in self.company.objections():
            kind, _, id_ = item["id"].partition(":")
            record = calls[id_] if kind == "activity" else {"deal_id": id_} if kind == "deal" else logged[item["id"]]
            deal = self.company.deals.get(record.get("deal_id"), {})
            places = (
                ("deal", deal.get("deal_id")), ("lead", record.get("lead_id") or deal.get("lead_id")),
                ("company", record.get("company_id")), ("contact", record.get("contact_id")),
            )  # fmt: skip
            accounts = [self.accounts[place] for place in places if place in self.accounts]
            item |= {"account": accounts[0] if accounts else None, "found": kind}
            item["known_at"] = max(item["raised_at"], record.get("logged_at") or item["raised_at"])
            found.append(item)
        return sorted(found, key=lambda item: item["id"])

    def objected(self, account: str, at: datetime) -> dict:
        mine = [item for item in self.objections if item["account"] == account and item["known_at"] <= at]
        mine.sort(key=lambda item: item["raised_at"], reverse=True)
        texts = []
        for item in mine:
            place = {"activity": " in a call", "deal": " with a lost deal"}.get(item["found"], "")
            answer = item["answered_at"]
            told = f", answered {self.criteria.day(answer)}" if answer is not None and answer <= at else ""
            texts.append(f"{item['category']}{place} on {self.criteria.day(item['raised_at'])}{told}")
        answers = defaultdict(lambda: NEVER)
        for item in self.objections:
            if item["answered_at"] is not None and item["category"] != "unmapped":
                answers[item["category"]] = min(answers[item["category"]], item["answered_at"])
        texts_of = defaultdict(dict)
        for item in self.objections:
            if item.get("action") is not None and item["answered_at"] <= at and item["category"] != "unmapped":
                mine_then = texts_of[item["category"]]
                mine_then[item["answered_at"]] = max(mine_then.get(item["answered_at"], ""), item["action"])
        mentioned = sorted({item["category"] for item in mine})
        last = {c: max(texts_of[c]) for c in mentioned if texts_of[c]}
        texts_told = [f"{c} on {self.criteria.day(when)}: {texts_of[c][when]}" for c, when in last.items()]
        answered = [f"{c} since {self.criteria.day(answers[c])}" for c in mentioned if answers[c] <= at]
        return {
            "company_objections": len(mine), "company_objection_history": self.cut(texts),
            "company_objection_ids": "; ".join(item["id"] for item in mine[: self.listed]) or None,
            "company_answered_objections": "; ".join(answered) or None,
            "company_objection_answers": "; ".join(texts_told) or None,
        }  # fmt: skip

    def expected(self, segment: str | None, version: int | None, at: datetime) -> dict:
        heard = Counter(
            item["category"] for item in self.objections
            if item["known_at"] <= at and at - item["raised_at"] < timedelta(days=self.window)
            and item["category"] != "unmapped" and segment in (None, item["segment"])
        )  # fmt: skip
        profile = {words(value) for value in self.profile[version]["expected_objection"]}
        ranked = sorted(heard, key=lambda category: (-heard[category], category))
        told = {}
        for is_expected in (True, False):
            texts = [f"{c} {heard[c]}" for c in ranked if (words(c) in profile) == is_expected]
            told[is_expected] = f"in {self.window} days: {self.cut(texts)}" if texts else None
        values = "; ".join(sorted(self.profile[version]["expected_objection"]))
        fallback = f"none in {self.window} days, expected only: {values}" if values else None
        return {
            "expected_objections": (told[True] or fallback) if version else None,
            "unexpected_objections": told[False] if version else None,
            "segment_objections": sum(heard.values()),
        }

    # the brief
    def brief(self, handover: dict, is_open: bool) -> dict:
        lead_id, at, version = handover["lead_id"], handover["handed_over_at"], handover["agreement_version"]
        person, account = self.people["lead", lead_id], self.accounts["lead", lead_id]
        mine = [t for t in self.of_person[person] if timedelta() <= at - t["at"] < self.days]
        theirs = [
            t for t in self.of_account[account] if t["person"] != person and timedelta() <= at - t["at"] < self.days
        ]
        segment = self.criteria.segment(lead_id, at)
        row = {"handover_id": handover["handover_id"], "segment": segment}
        row["previously_recycled_because"] = self.returned(handover)
        row["behaviours"], row["last_behaviour_at"] = self.behaviours(mine)
        row["colleagues_behaviours"], row["colleagues_last_behaviour_at"] = self.behaviours(theirs)
        row |= self.deals(account, at) | self.objected(account, at) | self.expected(segment, version, at)
        row |= {"since_behaviours": None, "since_last_behaviour_at": None}
        if is_open:
            since = [t for t in self.of_person[person] if t["at"] > at]
            row["since_behaviours"], row["since_last_behaviour_at"] = self.behaviours(since)
        return row | self.criteria.told(lead_id, version, at)
