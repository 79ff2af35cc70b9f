"""What both sides signed: the criteria of each version, and the version in force at an instant."""

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal

from onefunnel.judge.words import normal, title_words, whole_number

CRITERIA = ("industry", "company size", "intent", "role", "geography")


@dataclass
class Version:
    """One signed version, in force from starts_at; its criteria answer True, False or None."""

    number: int
    starts_at: int
    industries: set[str]
    bands: dict[str, list[tuple]]
    precedence: str | None
    places: dict[str, set[str]]
    industry_words: dict[str, str]
    role_words: list[tuple[str, bool | None]]
    behaviours: list[tuple[str, int, int]]  # kind, minimum count, microseconds back
    _roles: dict[str, bool | None] = field(default_factory=dict)

    def industry_fits(self, word: str | None) -> bool | None:
        """Whether the source's word is one of the agreed industries; None when unmapped."""
        ours = self.industry_words.get(normal(word) or "")
        return None if ours is None else ours in self.industries

    def company_size_fits(self, employees: int | None, revenue: Decimal | None) -> bool | None:
        """Whether the known sizes lie in their bands; the precedence decides a disagreement."""
        sizes = {"employee_count": employees, "annual_revenue": revenue}
        known = {
            rule: any(low <= sizes[rule] <= high for low, high in bands)
            for rule, bands in self.bands.items()
            if sizes[rule] is not None
        }
        if len(set(known.values())) == 2:
            return known.get(self.precedence)
        return next(iter(known.values()), None)

    def role_fits(self, title: str | None) -> bool | None:
        """The authority of the first rule whose words stand in the title; None when none do."""
        if title not in self._roles:
            padded = f" {title_words(title)} "
            found = (says for words, says in self.role_words if f" {words} " in padded)
            self._roles[title] = next(found, None)
        return self._roles[title]

    def geography_fits(self, place: dict[str, str | None]) -> bool | None:
        """Whether every listed field has a listed value; True where nothing is listed."""
        answers = [
            None if normal(place[name]) is None else normal(place[name]) in values
            for name, values in self.places.items()
        ]
        if False in answers:
            return False
        return None if None in answers else True


@dataclass
class Agreement:
    """The signed versions in order, and the lists that hold whatever the version."""

    versions: list[Version]
    settings: dict[str, str]
    handover_rules: dict[str, list[tuple[str, str]]]  # source -> (marks_by, value)
    recycled_statuses: set[str]
    recycling_dispositions: set[str]

    def __post_init__(self) -> None:
        self.zone = self.settings.get("timezone") or "Asia/Kolkata"
        self.currency = (self.settings.get("reporting_currency") or "INR").upper()
        self.fx_max_age_days = whole_number(self.settings.get("fx_max_age_days"))
        self.starts = sorted({version.starts_at for version in self.versions})
        self._by_start = [
            max((v for v in self.versions if v.starts_at <= start), key=lambda v: v.number) for start in self.starts
        ]

    def in_force(self, at: int) -> Version | None:
        """The newest version in force at the instant; None before the first one."""
        place = bisect_right(self.starts, at)
        return self._by_start[place - 1] if place else None

    def handover_rule(self, source: str) -> list[tuple[str, str]]:
        """The rows that say how the source marks a handover: its own, else those for `*`."""
        return self.handover_rules.get(source) or self.handover_rules.get("*", [])
