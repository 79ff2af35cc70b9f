"""What makes firms and persons hard to tell apart: groups, namesakes, consultants, shared numbers and slips.

Each function bends what others have drawn, with a random stream of its own; the truth keeps the firm of every record.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import indian_ids, names
from onefunnel.sample.clock import stream

# shares of Indian firms, persons, leads or companies
SUBSIDIARIES, NAMESAKES_ELSEWHERE, NAMESAKES_IN_TOWN, RECEPTIONS = 0.03, 0.02, 0.01, 0.03
CONSULTED = 0.04  # about half of them write from a private address, where nothing shows
BUILDER_PAGES, NAME_SLIPS, GSTIN_SLIPS = 0.025, 0.02, 0.02
PAGES = (
    "https://sites.google.com/view/{}",
    "https://www.indiamart.com/{}/",
    "https://{}.wixsite.com/home",
    "https://www.facebook.com/{}",
    "https://{}.business.site",
)


def bend_firms(seed: int, firms: SimpleNamespace) -> None:
    """Subsidiaries take the parent's domain, half of them its brand; namesakes live elsewhere or in the same city."""
    rng = stream(seed, "lookalike firms")
    home = int(firms.n * 0.9)
    count = [max(1, int(home * s)) for s in (SUBSIDIARIES, NAMESAKES_ELSEWHERE, NAMESAKES_IN_TOWN)]
    pairs = rng.permutation(home)[: 2 * sum(count)].reshape(-1, 2).tolist()
    for k, (model, other) in enumerate(pairs):
        if k < count[0]:
            firms.slug[other] = firms.slug[model]
            if k % 2:
                firms.name[other] = _branded(firms.name[model], firms.name[other])
            continue
        in_town = k >= count[0] + count[1]
        step = 0 if in_town else 1 + int(rng.integers(0, len(names.CITIES) - 1))
        firms.city[other] = (firms.city[model] + step) % len(names.CITIES)
        place = names.CITIES[firms.city[other]][0].lower().replace(" ", "")
        firms.name[other] = firms.name[model]
        firms.slug[other] = firms.slug[model] + ("works" if in_town else place)


def _branded(model: str, other: str) -> str:
    """The other firm's name under the model's first word, unless that would be the model's name."""
    name = " ".join([model.split()[0], *other.split()[1:]])
    return other if name.split()[1:2] == model.split()[1:2] else name


def bend_spelling(seed: int, leads: SimpleNamespace, firms: SimpleNamespace, spelled: SimpleNamespace) -> None:
    """Consultants, receptions, builders' pages and slips in the cells of leads; an address is one person's."""
    rng = stream(seed, "lookalike leads")
    home = ~firms.abroad[leads.firm]
    _consult(rng, leads, firms, spelled, home)
    _receive(rng, leads, firms, spelled, home)
    for i in np.flatnonzero(rng.random(leads.n) < BUILDER_PAGES).tolist():
        spelled.website[i] = page(firms.slug[leads.firm[i]], i)
    for i in np.flatnonzero(rng.random(leads.n) < NAME_SLIPS).tolist():
        spelled.company[i] = _slip(rng, spelled.company[i])
    spelled.gstin[:] = mistype(rng, spelled.gstin)
    taken: dict[str, int] = {}
    for i, person in enumerate(leads.person.tolist()):
        spelled.email[i] = own_address(spelled.email[i], person, taken)


def _consult(
    rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace, spelled: SimpleNamespace, home: np.ndarray
) -> None:
    """Some persons write from a dealer's domain and name the client; the deal would be with the client."""
    dealers = rng.choice(int(firms.n * 0.9), max(3, leads.n // 400), replace=False)
    chosen = (rng.random(leads.n) < CONSULTED)[leads.person] & home
    dealer = dealers[rng.integers(0, len(dealers), leads.n)[leads.person]]
    shows = (rng.random(leads.n) < 0.15).tolist()
    for i in np.flatnonzero(chosen).tolist():
        address, slug = spelled.email[i], firms.slug[dealer[i]]
        if not address.lower().endswith(".example"):
            continue
        local = address.split("@")[0]
        spelled.email[i] = f"{local}@{slug.upper() if address.isupper() else slug}.example"
        if address.isupper():
            spelled.email[i] = spelled.email[i].upper()
        spelled.company[i] = spelled.company[i] or firms.name[leads.firm[i]]
        if shows[i]:
            spelled.website[i] = f"https://www.{slug}.example"


def _receive(
    rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace, spelled: SimpleNamespace, home: np.ndarray
) -> None:
    """In some firms most colleagues give the reception's number, in half of them a landline that nobody has."""
    has = rng.random(firms.n) < RECEPTIONS
    landline = (rng.random(firms.n) < 0.5)[leads.firm].tolist()
    gives = has[leads.firm] & home & (rng.random(leads.n) < 0.6)
    numbers = indian_ids.phones((leads.n + leads.firm) * 37 + 11, rng.integers(0, 5, leads.n))
    for i in np.flatnonzero(gives).tolist():
        spelled.phone[i] = f"020 1{leads.firm[i]:07d}" if landline[i] else numbers[i]


def bend_companies(seed: int, companies: SimpleNamespace, firms: SimpleNamespace, cells: dict[str, list]) -> None:
    """Some accounts show a builder's page for a website, or a mistyped GSTIN."""
    rng = stream(seed, "lookalike companies")
    for i in np.flatnonzero(rng.random(companies.n) < BUILDER_PAGES).tolist():
        cells["website"][i] = page(firms.slug[companies.firm[i]], i)
    cells["gstin"] = mistype(rng, cells["gstin"])


def page(slug: str, number: int) -> str:
    """A page on a host that many firms share."""
    return PAGES[number % len(PAGES)].format(slug)


def mistype(rng: np.random.Generator, gstins: list[str]) -> list[str]:
    """The GSTINs, a few with one digit of the PAN wrong, so that the check character no longer fits."""
    wrong = rng.random(len(gstins)) < GSTIN_SLIPS
    place = rng.integers(7, 11, len(gstins))
    return [
        g if not g or not bad else f"{g[:at]}{(int(g[at]) + 1) % 10}{g[at + 1 :]}"
        for g, bad, at in zip(gstins, wrong.tolist(), place.tolist())
    ]


def _slip(rng: np.random.Generator, name: str) -> str:
    """The name with two neighbouring letters of a long word swapped, or one left out."""
    words = name.split(" ")
    long = [k for k, w in enumerate(words[:2]) if len(w) >= 6]
    if not long:
        return name
    k = long[0]
    at, word = int(rng.integers(2, len(words[k]) - 2)), words[k]
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[k] = swapped if rng.random() < 0.5 else word[:at] + word[at + 1 :]
    return " ".join(words)


def own_address(address: str, person: int, taken: dict[str, int]) -> str:
    """The address, with the person's number in it when somebody else has it already."""
    if address and taken.setdefault(address.lower(), person) != person:
        local, host = address.split("@")
        address = f"{local}.{person}@{host}"
        taken[address.lower()] = person
    return address
