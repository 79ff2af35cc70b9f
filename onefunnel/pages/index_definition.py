"""One version of the definition in plain sentences, as a head of sales would say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from onefunnel.agreement import Agreement
from onefunnel.agreement.expand import in_version, roles_in, words
from onefunnel.pages.words import indian, money

SIZES = {"employee_count": "number of employees", "annual_revenue": "annual turnover"}
# a touch's kind as people say it; another kind goes by its own word
KINDS = {
    "page_view": "a visit to a page",
    "pricing_page": "a visit to the pricing page",
    "demo_request": "a request for a demonstration",
    "form_fill": "a form filled in",
    "email_click": "a click in an e-mail",
    "webinar": "a webinar",
    "fair": "a visit at a trade fair",
    "campaign_member": "an answer to a campaign",
    "call_in": "an incoming call",
    "whatsapp_in": "an incoming WhatsApp message",
}
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Definition:
    """What a version says of each criterion; empty lists where a draft does not say it."""

    version: int
    industries: list[str]
    sizes: dict[str, str]
    precedence: str | None
    behaviours: dict[str, str]
    levels: list[str]
    levels_without: list[str]
    places: dict[str, list[str]]
    titles: dict[str, tuple[str, bool]] = field(default_factory=dict)
    source_words: dict[str, str] = field(default_factory=dict)

    @property
    def criteria(self) -> int:
        """How many criteria a lead must meet in this version."""
        return sum(map(bool, (self.industries, self.sizes, self.behaviours, self.levels, self.places)))


def definition(agreement: Agreement, version: int) -> Definition:
    """The version's definition out of the agreement's rows."""
    rows = [line for line in agreement.rows["qualification"] if line.version == version]
    currency = agreement.settings.reporting_currency
    places: dict[str, list[str]] = {}
    for line in rows:
        if line.criterion == "geography":
            places.setdefault(line.rule, []).append(line.value)
    roles = roles_in(version, agreement)
    held = in_version(version, agreement.rows["industries"], lambda line: words(line.source_word))
    return Definition(
        version=version,
        industries=[line.value for line in rows if line.criterion == "industry"],
        sizes={line.rule: band(line.rule, line.minimum, line.maximum, currency) for line in rows if line.rule in SIZES},
        precedence=next((SIZES[line.value] for line in rows if line.rule == "precedence"), None),
        behaviours={
            kind_of_touch(line.kind): f"{times(line.minimum_count)} within {several_days(line.within_days)}"
            for line in agreement.rows["intent_behaviours"]
            if line.version == version
        },
        levels=list(dict.fromkeys(line.level for line in roles if line.has_authority)),
        levels_without=list(dict.fromkeys(line.level for line in roles if not line.has_authority)),
        places=places,
        titles={line.words: (line.level, line.has_authority) for line in roles},
        source_words={line.source_word: line.industry for line in held.values()},
    )


def band(rule: str, minimum: Decimal | None, maximum: Decimal | None, currency: str) -> str:
    """100 to 5,000 employees; ₹25 crore to ₹1,000 crore turnover; from ₹25 crore turnover."""

    def shown(number: Decimal) -> str:
        if rule == "annual_revenue":
            return plain_money(number, currency)
        return indian(int(number)) if currency == "INR" else f"{int(number):,}"

    noun = "employees" if rule == "employee_count" else "annual turnover"
    if minimum is None:
        return f"up to {shown(maximum)} {noun}"
    if maximum is None:
        return f"{shown(minimum)} {noun} or more"
    return f"{shown(minimum)} to {shown(maximum)} {noun}"


def plain_money(amount: Decimal, currency: str) -> str:
    """₹25 crore, ₹1.5 crore: as money is said, without zeros that say nothing."""
    shown = money(amount, currency)
    number, _, unit = shown.partition(" ") if currency == "INR" else (shown, "", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {unit}".strip()


def kind_of_touch(kind: str) -> str:
    """An incoming call, for call_in."""
    return KINDS.get(kind.lower().replace(" ", "_"), kind.replace("_", " "))


def times(number: int) -> str:
    """once, twice, 3 times."""
    return TIMES.get(number, f"{number} times")


def several_days(number: int) -> str:
    """1 day, 90 days."""
    return f"{number} {'day' if number == 1 else 'days'}"


def listed(items: list[str], last: str = "and") -> str:
    """a; a and b; a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
