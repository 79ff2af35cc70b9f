"""Whose a touch is, by which channel it came, and whether it may earn credit."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from tests.oracle.reading import Company, words

UNMAPPED = ("unmapped", False)
CONDITIONS = ("lead_source", "campaign_type", "touch_kind", "utm_source", "utm_medium", "platform")


class ChannelRules:
    """Glossary, channel: the agreement's rules in their order. A rule with a condition on anything but what is
    `known` of this sort of thing never matches it; else each of its conditions must equal the thing's word."""

    def __init__(self, frame: pd.DataFrame, known: tuple[str, ...]):
        self.known, self.rules, self.seen = known, [], {}
        for row in sorted(frame.itertuples(index=False), key=lambda rule: int(rule.rule_order)):
            conditions = {name: words(getattr(row, name)) for name in CONDITIONS if words(getattr(row, name))}
            if set(conditions) <= set(known):
                self.rules.append((conditions, (row.channel, bool(row.is_marketing))))

    def of(self, **facts: str | None) -> tuple[str, bool]:
        """(channel, is it marketing's)."""
        key = tuple(facts.get(name) for name in self.known)
        if key not in self.seen:
            said = {name: words(value) for name, value in facts.items()}
            fits = (to for conditions, to in self.rules if all(said[name] == word for name, word in conditions.items()))
            self.seen[key] = next(fits, UNMAPPED)
        return self.seen[key]


def campaign_types(company: Company) -> dict[str, str | None]:
    return {row.campaign_id: row.type for row in company.rows("core_campaigns")}


class Identity:
    """Glossary, attribution: "touches of the buying account" - whose a touch is, by the first rule that says so."""

    def __init__(self, company: Company):
        self.accounts = {(row.entity, row.record_id): row.account_id for row in company.rows("identity.accounts")}
        self.people = {(row.entity, row.record_id): row.person_id for row in company.rows("identity.people")}
        self.records = {("lead", row.lead_id) for row in company.rows("core_leads")}
        self.records |= {("contact", row.contact_id) for row in company.rows("core_contacts")}
        self.by_email = self._emails(company)

    def _emails(self, company: Company) -> dict[str, tuple]:
        """E-mail -> (account, person), where it is of one person whose records are of one account."""
        holders, accounts = defaultdict(set), defaultdict(set)
        for (entity, record), person in self.people.items():
            accounts[person].add(self.accounts.get((entity, record)))
        for entity in ("lead", "contact"):
            for row in company.rows(f"core_{entity}s"):
                record = getattr(row, f"{entity}_id")
                if plain_email(row.email):
                    holders[plain_email(row.email)].add(self.people.get((entity, record)))
        single = {email: next(iter(persons)) for email, persons in holders.items() if len(persons) == 1}
        return {
            email: (next(iter(accounts[person])), person)
            for email, person in single.items()
            if len(accounts[person]) == 1 and None not in accounts[person]
        }

    def named(self, touch) -> tuple:
        """(account, person, rule) by lead, else contact, else e-mail; an id that is set but unknown goes on."""
        for entity in ("lead", "contact"):
            record = (entity, getattr(touch, f"{entity}_id"))
            if record in self.records:
                return self.accounts.get(record), self.people.get(record), entity
        found = self.by_email.get(plain_email(touch.email))
        return (*found, "e-mail") if found else (None, None, None)

    def everybody(self, touches: list) -> list[tuple]:
        """As named(); else by visitor: where all its touches named otherwise are of exactly one account."""
        found, visitors = [self.named(touch) for touch in touches], defaultdict(set)
        for touch, (account, _, rule) in zip(touches, found):
            if rule and touch.anonymous_id is not None:
                visitors[touch.anonymous_id].add(account)
        single = {
            visitor: next(iter(seen)) for visitor, seen in visitors.items() if len(seen) == 1 and None not in seen
        }
        return [
            (single[touch.anonymous_id], None, "visitor") if not rule and touch.anonymous_id in single else (a, p, rule)
            for touch, (a, p, rule) in zip(touches, found)
        ]


def plain_email(email: str | None) -> str | None:
    return None if email is None else email.strip().lower() or None


class Consent:
    """A touch after its person withdrew consent in any lead record, and did not give it again since, earns nothing."""

    def __init__(self, company: Company, people: dict):
        self.withdrawals = defaultdict(list)
        for row in company.rows("core_leads"):
            if row.consent_withdrawn_at is not None:
                person = people.get(("lead", row.lead_id))
                self.withdrawals[person].append((row.consent_withdrawn_at, row.consent_given_at))

    def lacks(self, person: str | None, at: int) -> bool:
        return person is not None and any(
            withdrawn <= at and not (given is not None and withdrawn < given <= at)
            for withdrawn, given in self.withdrawals.get(person, ())
        )


def account_touches(company: Company) -> pd.DataFrame:
    """One row per touch: whose, by which channel, and is_eligible = known account, agreed kind, consent."""
    identity, types = Identity(company), campaign_types(company)
    consent = Consent(company, identity.people)
    rules = ChannelRules(company["agreement.channels"], ("campaign_type", "touch_kind", "utm_source", "utm_medium"))
    kinds = {words(row.kind): row.only_with_utm for row in company.rows("agreement.attribution_touch_kinds")}
    touches, found = company.rows("core_touches"), []
    for touch, (account, person, rule) in zip(touches, identity.everybody(touches)):
        kind = words(touch.kind)
        channel, marketing = rules.of(
            campaign_type=types.get(touch.campaign_id),
            touch_kind=touch.kind,
            utm_source=touch.utm_source,
            utm_medium=touch.utm_medium,
        )
        eligible = account is not None and kind in kinds and touch.happened_at is not None
        eligible = eligible and (not kinds[kind] or touch.utm_source is not None)
        eligible = eligible and not consent.lacks(person, touch.happened_at)
        found.append(
            (touch.touch_id, touch.happened_at, kind, touch.campaign_id, channel, marketing, account, person, rule,
             eligible)
        )  # fmt: skip
    columns = ["touch_id", "happened_at", "kind", "campaign_id", "channel", "is_marketing", "account_id", "person_id",
               "identified_by", "is_eligible"]  # fmt: skip
    return pd.DataFrame(found, columns=columns, dtype=object)
