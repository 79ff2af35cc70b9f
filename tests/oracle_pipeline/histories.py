"""What a deal was at each instant: from its source's log of changes, else from what successive exports showed of it.

Instants are aware datetimes in UTC, amounts Decimals, dates dates. None is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

FIELDS = ("stage", "amount", "currency", "expected_close_on", "owner", "forecast_category")
OURS = ("commit", "best case", "pipeline", "omitted", "closed")
ALWAYS = datetime(1900, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True)
class Version:
    """What one export showed of a deal; cells None: the deal was no longer in it."""

    loaded_at: datetime
    cells: dict | None
    updated_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One line of a source's log of changes."""

    at: datetime
    field: str
    old: object
    new: object


@dataclass
class Deal:
    """A deal with all that ever arrived of it, in the order of arrival."""

    deal_id: str
    created_at: datetime
    channel: str
    source: str
    versions: list[Version]
    log: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """What the pipeline is told by."""

    status: str
    stage: str | None
    channel: str
    amount: Decimal | None
    currency: str | None
    due_on: date | None
    category: str | None
    owner: str | None


@dataclass
class Company:
    """The clock, the money and the words that all deals share, and which fields each source keeps a log of."""

    as_of: datetime
    zone: ZoneInfo
    statuses: dict[str, str]
    rates: dict[str, list[tuple[date, Decimal]]]
    reporting: str = "INR"
    max_age_days: int = 7
    year_starts_in: int = 4
    logged: dict[str, set[str]] = field(default_factory=dict)  # source -> fields
    categories: dict[str, str] = field(default_factory=lambda: dict(zip(OURS, OURS)))  # their word -> ours

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def last_day(self) -> date:
        """The day that ends at AS_OF, or that it lies in."""
        return self.day(self.as_of - timedelta(microseconds=1))

    def day_of(self, at: datetime) -> date:
        """The day that a movement counts on: what happens at AS_OF itself is the last day's."""
        return min(self.day(at), self.last_day())

    def end_of(self, day: date) -> datetime:
        """The first instant that is no longer of the day."""
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)

    def converted(self, amount: Decimal | None, currency: str | None, set_on: date) -> Decimal | None:
        """At the rate of the day it was set on; without a rate nobody knows the amount."""
        if amount is None or currency is None:
            return None
        if currency == self.reporting:
            return amount
        dated = [(day, rate) for day, rate in self.rates.get(currency, []) if day <= set_on]
        if not dated or (set_on - max(dated)[0]).days > self.max_age_days:
            return None
        return (amount * max(dated)[1]).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def quarter(self, due_on: date | None) -> str:
        """FY26 ends in 2026."""
        if due_on is None:
            return "none"
        months = due_on.year * 12 + due_on.month - self.year_starts_in
        year, quarter = months // 12 + (self.year_starts_in > 1), months % 12 // 3 + 1
        return f"FY{year % 100:02d}-Q{quarter}"


class History:
    """One deal through time, as it is known at the company's AS_OF."""

    def __init__(self, deal: Deal, company: Company):
        self.deal, self.company = deal, company
        dated = self._dated()
        # of a record that was written again since, the earliest version that is there stands for it
        known = [(at, version) for at, version in dated if at <= company.as_of] or dated[:1]
        self.is_known = bool(known) and deal.created_at <= company.as_of
        self.gone_at = known[-1][0] if known and known[-1][1].cells is None else None
        self.living = [(at, version) for at, version in known if version.cells is not None]
        self.values = {name: self._values(name) for name in FIELDS} if self.living else {}

    def _dated(self) -> list[tuple[datetime, Version]]:
        """From when each version holds: its own date, else creation for the first and arrival for later ones.

        What came back after a deletion holds from its return at the earliest."""
        found, was_gone = [], False
        for number, version in enumerate(self.deal.versions):
            if version.cells is None:
                at, was_gone = version.loaded_at, True
            else:
                at = version.updated_at or (self.deal.created_at if number == 0 else version.loaded_at)
                at = max(at, version.loaded_at) if was_gone else at
            found.append((at, version))
        return [pair for _, _, pair in sorted((at, n, (at, v)) for n, (at, v) in enumerate(found))]

    def _values(self, name: str) -> list[tuple[datetime, object]]:
        """(from, value) in order of time; the first one has no beginning."""
        if name in self.company.logged.get(self.deal.source, ()):
            log = sorted((change for change in self.deal.log if change.field == name), key=lambda change: change.at)
            if not log:
                return [(ALWAYS, self.living[-1][1].cells[name])]
            return [(ALWAYS, log[0].old), *((change.at, change.new) for change in log)]
        (first_at, first), *_ = self.living
        told = [(ALWAYS, first.cells[name])]
        words = {version.cells[name] for _, version in self.living} - {None}
        was_open = first.closed_at is not None and self.deal.created_at < first.closed_at <= first_at
        if name == "stage" and len(words) > 1 and self._is_closed(first) and was_open:
            told = [(ALWAYS, None), (first.closed_at, first.cells[name])]
        # a category that is first told of a closed deal is no word about the time before it closed
        if name == "forecast_category" and self._is_closed(first) and len(self.living) > 1 and first.cells[name]:
            said_at = min(max(first_at, first.closed_at or first_at), self.living[1][0])
            told = [(ALWAYS, None), (said_at, first.cells[name])]
        for (before_at, before), (at, version) in pairwise(self.living):
            if version.cells[name] != before.cells[name]:
                is_dated = name == "stage" and self._is_closed(version) and version.closed_at is not None
                closed = is_dated and before_at < version.closed_at <= at
                told.append((version.closed_at if closed else at, version.cells[name]))
        return told

    def _is_closed(self, version: Version) -> bool:
        return self._status_of(version.cells["stage"]) != "open"

    def _is_said_early(self, closed_at: datetime) -> bool:
        """Whether the record had said that it closed by AS_OF, with a date that is still to come."""
        version = self.living[-1][1]
        said_at = min(version.loaded_at, version.updated_at or version.loaded_at)
        return closed_at > self.company.as_of >= said_at

    def _status_of(self, word: str | None) -> str:
        return self.company.statuses.get(word, "open")

    def _held(self, name: str, at: datetime) -> tuple[datetime, object]:
        """(since when, what) the field held at the instant; of several at one instant the last one."""
        return [pair for pair in self.values[name] if pair[0] <= at][-1]

    def has_log(self, name: str) -> bool:
        """Whether more is known of the field than what its record says."""
        return len(self.values[name]) > 1

    def instants(self) -> list[datetime]:
        """When anything of the deal may have changed, from its creation to AS_OF."""
        changed = {at for told in self.values.values() for at, _ in told}
        changed |= {self.deal.created_at, self.gone_at, self.living[-1][1].closed_at}
        return sorted(at for at in changed if at is not None and self.deal.created_at <= at <= self.company.as_of)

    def state(self, at: datetime) -> State:
        word, category = self._held("stage", at)[1], self.company.categories.get(self._held("forecast_category", at)[1])
        status, closed_at = self._status_of(word), self.living[-1][1].closed_at
        is_later = closed_at is not None and at < closed_at and not self._is_said_early(closed_at)
        if status != "open" and not self.has_log("stage") and is_later:
            # when it closed is all that is known of its stages
            status, word = "open", None
        # of a record that has closed, if only since, the category is no word about the time before
        if not self.has_log("forecast_category") and self._is_closed(self.living[-1][1]):
            category = None
        is_gone = self.gone_at is not None and self.gone_at <= at
        if is_gone or (status == "open" and category == "omitted"):
            status = "scrubbed"
        return State(
            status=status,
            stage=word,
            channel=self.deal.channel,
            amount=self._amount(at),
            currency=self._held("currency", at)[1],
            due_on=self._held("expected_close_on", at)[1],
            category=category,
            owner=self._held("owner", at)[1],
        )

    def _amount(self, at: datetime) -> Decimal | None:
        (amount_at, amount), (currency_at, currency) = self._held("amount", at), self._held("currency", at)
        set_at = max(amount_at, currency_at)
        set_at = self.deal.created_at if set_at == ALWAYS else set_at
        return self.company.converted(amount, currency, self.company.day(set_at))
