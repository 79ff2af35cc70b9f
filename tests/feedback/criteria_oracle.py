"""How a lead met or missed each criterion, said in plain Python from the words of the agreement: none of the models."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.feedback.oracle import Company, words

FIELDS = ("country", "state", "city")


def changes_of(company: Company, table: str, key: str, names: tuple[str, str, str]) -> dict:
    """(record, field) -> its changes in order: when, before, after."""
    old, new, order = names
    found = defaultdict(list)
    for row in company.rows(f'select *, "{old}" as o, "{new}" as n from {table} order by changed_at, {order}'):
        found[row[key], row["field"].strip().lower()].append((row["changed_at"], row["o"], row["n"]))
    return found


def at_instant(changes: list, instant: datetime, now):
    """(value, since when): the last change's by the instant, else what the first one replaced, else now's."""
    place = bisect_right(changes, instant, key=lambda change: change[0])
    if place:
        return changes[place - 1][2], changes[place - 1][0]
    return (changes[0][1] if changes else now), None


def grouped(number) -> str:
    """1234567 -> '12,34,567'."""
    head, tail = str(int(number))[:-3], str(int(number))[-3:]
    parts = []
    while head:
        parts.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*parts, tail])


def money(amount) -> str:
    """Crore and lakh with two places of a rupee amount, cut; below a lakh whole rupees."""
    for unit, name in ((10_000_000, "crore"), (100_000, "lakh")):
        if amount >= unit:
            hundredths = int(Decimal(amount) * 100 // unit)
            return f"INR {grouped(hundredths // 100)}.{hundredths % 100:02d} {name}"
    return f"INR {grouped(amount)}"


class Criteria:
    """What each lead was at an instant, and how the version then in force judges it."""

    def __init__(self, company: Company, leads: dict):
        self.company, self.leads = company, leads
        self.changes = changes_of(
            company, "funnel.int_lead_changes", "lead_id", ("old_value", "new_value", "change_order")
        )
        self.rates = company.rows("select * from funnel.int_fx_rates")
        self.segments = company.rows("select * from agreement.segments order by rule_order")
        self.roles = company.rows("select * from agreement.roles order by version, rule_order")
        self.sizes = {row["version"]: row for row in company.rows("select * from agreement.company_size")}
        self.behaviours = company.rows("select * from agreement.intent_behaviours")
        self.industries = {
            (row["version"], row["source_word"]): row["industry"]
            for row in company.rows("select * from agreement.industries")
        }
        self.fitting = {
            (row["version"], row["industry"]) for row in company.rows("select * from agreement.industries_that_fit")
        }
        self.places = defaultdict(lambda: defaultdict(set))
        for row in company.rows("select * from agreement.geography"):
            self.places[row["version"]][row["field"]].add(row["value"])
        self.touching = {r["ids_of"] for r in company.rows("select * from run.delivered where entity = 'touches'")}
        self.of_lead = self._touches_of_leads()

    def _touches_of_leads(self) -> dict:
        """By the lead they name, else by the address: the first lead that has it, until a second one comes."""
        addressed = defaultdict(list)
        for lead_id, lead in self.leads.items():
            if lead["email"] is not None:
                addressed[lead["ids_of"], words(lead["email"])].append((lead["created_at"], lead_id))
        found = defaultdict(list)
        for row in self.company.rows("select * from funnel.core_touches"):
            lead_id, at = row["lead_id"], row["happened_at"]
            if lead_id is None and row["email"] is not None:
                owners = sorted(addressed.get((row["ids_of"], words(row["email"])), []))
                if owners and (len(owners) == 1 or at < owners[1][0]):
                    lead_id = owners[0][1]
            found[lead_id].append((words(row["kind"]), at))
        return found

    def day(self, at: datetime) -> str:
        local = at.astimezone(self.company.zone)
        return f"{local.day} {local:%b %Y}"

    def in_rupees(self, amount, currency: str | None, set_at: datetime) -> Decimal | None:
        """The amount at the rate of the local day on which it was set."""
        if amount is None:
            return None
        day = set_at.astimezone(self.company.zone).date()
        rates = [r["rate"] for r in self.rates if r["currency"] == currency and r["from_on"] <= day < r["until_on"]]
        if currency != "INR" and not rates:
            return None
        value = Decimal(str(amount)) * (1 if currency == "INR" else rates[0])
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def attribute(self, lead_id: str, field: str, at: datetime):
        return at_instant(self.changes.get((lead_id, field), []), at, self.leads[lead_id][field])[0]

    def employees(self, lead_id: str, at: datetime) -> int | None:
        value = self.attribute(lead_id, "employee_count", at)
        return None if value is None else int(str(value).replace(",", ""))

    def segment(self, lead_id: str, at: datetime) -> str | None:
        count = self.employees(lead_id, at)
        for rule in self.segments:
            assert rule["industry"] is None, "the oracle reads sizes only"
            low, high = rule["min_employees"], rule["max_employees"]
            if count is not None and (low is None or count >= low) and (high is None or count <= high):
                return rule["segment"]
        return None

    def told(self, lead_id: str, version: int | None, at: datetime) -> dict:
        criteria = ("industry", "company_size", "intent", "role", "geography")
        if version is None:
            return {f"how_{name}": "unknown: no agreement in force" for name in criteria}
        return {f"how_{name}": getattr(self, name)(lead_id, version, at) for name in criteria}

    def industry(self, lead_id: str, version: int, at: datetime) -> str:
        given = self.attribute(lead_id, "industry", at)
        ours = self.industries.get((version, words(given)))
        if given is None:
            return "unknown: no industry given"
        if ours is None:
            return f"unknown: {given}, a word without an agreed industry"
        named = given if words(given) == ours else f"{given} -> {ours}"
        fits = (version, ours) in self.fitting
        return f"fits: {named}" if fits else f"does not fit: {named}, not among those agreed"

    def company_size(self, lead_id: str, version: int, at: datetime) -> str:
        band, lead = self.sizes[version], self.leads[lead_id]
        assert not self.changes.get((lead_id, "annual_revenue")), "the oracle reads one turnover"
        turnover = self.in_rupees(lead["annual_revenue"], lead["annual_revenue_currency"], lead["created_at"])
        texts, verdicts = [], []
        for value, write, unit, low, high in (
            (self.employees(lead_id, at), grouped, "{} employees", "min_employees", "max_employees"),
            (turnover, money, "turnover {}", "min_revenue_amount", "max_revenue_amount"),
        ):
            if value is not None:
                verdicts.append(band[low] <= value <= band[high])
                place = "within" if verdicts[-1] else "outside"
                texts.append(f"{unit.format(write(value))}, {place} {write(band[low])} to {write(band[high])}")
        if not texts:
            return "unknown: no size given"
        assert band["precedence"] == "employee_count"
        if len(set(verdicts)) == 2:
            texts.append("employees decide")
        return f"{'fits' if verdicts[0] else 'does not fit'}: {'; '.join(texts)}"

    def intent(self, lead_id: str, version: int, at: datetime) -> str:
        if self.leads[lead_id]["ids_of"] not in self.touching:
            return "unknown: its source tells of no behaviour"
        met, missed = [], []
        for rule in self.behaviours:
            within = timedelta(days=rule["within_days"])
            mine = [t for kind, t in self.of_lead[lead_id] if kind == rule["kind"] and timedelta() <= at - t < within]
            if rule["version"] != version or not mine:
                continue
            name, n, first, last = rule["kind"].replace("_", " "), len(mine), self.day(min(mine)), self.day(max(mine))
            if n >= rule["minimum_count"]:
                span = f"on {last}" if first == last else f"from {first} to {last}"
                met.append((max(mine), rule["kind"], f"{name} {span}" if n == 1 else f"{name} x {n} {span}"))
            else:
                text = f"{name} {n} of {rule['minimum_count']} in {rule['within_days']} days, last {last}"
                missed.append((max(mine), rule["kind"], text))
        texts = sorted(met or missed, key=lambda one: one[1])
        texts.sort(key=lambda one: one[0], reverse=True)
        told = "; ".join(text for *_, text in texts)
        return f"fits: {told}" if met else f"does not fit: {told or 'no agreed behaviour'}"

    def role(self, lead_id: str, version: int, at: datetime) -> str:
        title = self.attribute(lead_id, "job_title", at)
        if title is None:
            return "unknown: no title given"
        plain = " ".join(re.findall(r"[^\W_]+", title.lower()))
        for rule in self.roles:
            if rule["version"] == version and f" {rule['words']} " in f" {plain} ":
                named = rule["level"] if rule["level"] == rule["words"] else f"{rule['level']} ({rule['words']})"
                return f"fits: {named}" if rule["has_authority"] else f"does not fit: {named}, without authority"
        return "unknown: no agreed role in the title"

    def geography(self, lead_id: str, version: int, at: datetime) -> str:
        agreed, lead = self.places[version], self.leads[lead_id]
        if not agreed:
            return "fits: no place is asked for"
        assert set(agreed) == {"country"}, "the oracle reads countries only"
        named = ", ".join(part for part in (lead["state"], lead["country"] or "no country given") if part)
        if lead["country"] is None:
            return f"unknown: {named}"
        fits = words(lead["country"]) in agreed["country"]
        return f"fits: {named}" if fits else f"does not fit: {named}, not among those agreed"
