"""Which words of a firm's name tell it from another, and when two names may be the same."""

from __future__ import annotations

import re
from typing import NamedTuple

from onefunnel.identity.places import city, plain


class Name(NamedTuple):
    """core: the words that carry identity; form: the kind of legal form, or None; city: of a branch suffix, or None."""

    core: str
    form: str | None
    city: str | None


# words at the end of a name that say its legal form; Ltd and Pvt Ltd are mixed up too often to tell firms apart
FORMS = {
    **dict.fromkeys("pvt private ltd limited opc".split(), "company"),
    "llp": "llp",
    **dict.fromkeys("co company".split(), "firm"),
    **dict.fromkeys("llc inc incorporated corp".split(), "us"),
    **dict.fromkeys("gmbh ag kg".split(), "german"),
    **dict.fromkeys("fze fzc fzco dmcc wll".split(), "gulf"),
    **dict.fromkeys("plc pte pty bv nv sa srl spa bhd sdn est".split(), "foreign"),
}
# names made of these alone are borne by hundreds of firms of one city; Industries, Enterprises or Traders stay in a
# core, for Jain Traders and Jain Industries are two firms
COMMON = frozenset(
    "shree shri sri sai om jai jay new ganesh laxmi lakshmi balaji krishna national india indian international global "
    "universal general modern super royal "
    "industries industry industrial enterprise enterprises engineer engineers engineering trader traders trading works "
    "agency agencies corporation associate associates service services solution solutions system systems product "
    "products export exports import imports group brothers bros sons technologies technology consultant consultants "
    "contractor contractors projects manufacturing manufacturer manufacturers equipment equipments".split()
)
# what people type when they do not want to say
NO_NAME = frozenset(
    "na n a none nil no null nan not available applicable unknown other others self own personal individual private "
    "home house student freelancer proprietor proprietorship company firm business test testing demo abc xyz abcd "
    "asdf tbd tbc".split()
)
SMALL_WORDS = frozenset(("and", "the"))


def read(typed: str, cities: frozenset[str]) -> Name | None:
    """The parts of a name; None when it names nobody. `cities` are the ones a branch suffix may hold."""
    name, branch = _without_branch(typed, cities)
    name = re.sub(r"^\s*(m\s*/\s*s|messrs)\b\.?", " ", name.casefold())
    name = re.sub(r"\(\s*(p|pvt|private)\s*\.?\s*\)", " pvt ", name).replace("&", " and ")
    words = _join_letters(plain(name).split())
    core, form = _without_form(words)
    core = [w for w in core if w not in SMALL_WORDS]
    if not core or all(w in NO_NAME for w in core) or len("".join(core)) < 2 or "".join(core).isdigit():
        return None
    return Name(" ".join(core), form, branch)


def _without_branch(typed: str, cities: frozenset[str]) -> tuple[str, str | None]:
    """`Name - City`, `Name, City` and `Name (City)` in two."""
    found = re.fullmatch(r"(.*\S)\s*(?:\s[-–—]\s*|,\s*|\()([^-–—,()]+)\)?\s*", typed)
    place = city(found[2]) if found else None
    return (found[1], place) if place and place in cities else (typed, None)


def _join_letters(words: list[str]) -> list[str]:
    """`a b c industries` and `l l p` as `abc industries` and `llp`."""
    joined: list[str] = []
    run = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and run:
            joined[-1] += word
        else:
            joined.append(word)
        run = single
    return joined


def _without_form(words: list[str]) -> tuple[list[str], str | None]:
    """The words before the legal form, and its kind: the last word's, `Co` yielding to the others."""
    kinds = []
    while len(words) > 1 and (words[-1] in FORMS or (words[-1] == "p" and kinds)):
        kinds.append(FORMS.get(words[-1], "company"))
        words = words[:-1]
        if words[-1] == "and" and len(words) > 1:
            words = words[:-1]
    told = [k for k in kinds if k != "firm"] or kinds
    return words, told[0] if told else None


def distinctive(core: str) -> bool:
    """Whether the core, with its city, can stand for one firm."""
    return len(core.replace(" ", "")) >= 4 and not all(w in COMMON or len(w) == 1 for w in core.split())


def alike(one: str, other: str) -> bool:
    """Whether two cores may be one firm: all the words of one in the other, but for a slip in a long word."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    if len(short) < len(long):
        return len(short) > 1 and set(short) <= set(long) and not _numbered(set(long) - set(short))
    return all(a == b or _one_slip(a, b) for a, b in zip(short, long))


def _numbered(words: set[str]) -> bool:
    """Whether a number is among the words: Padma Chem II is another firm."""
    return any(w.isdigit() or re.fullmatch(r"[ivx]+", w) for w in words)


def _one_slip(a: str, b: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours swapped, in words of five letters or more."""
    if min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b if len(a) > len(b) else rest_b[1:] == rest_a
    return rest_a[1:] == rest_b[1:] or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])


def fits_label(core: str, label: str) -> bool:
    """Whether the first label of a domain looks like this name: run together, its first word, or its initials."""
    words = core.split()
    run, label = "".join(words), plain(label).replace(" ", "")
    if len(words) > 2 and label == "".join(w[0] for w in words):
        return True
    if min(len(label), len(run)) >= 4 and (run.startswith(label) or label.startswith(run)):
        return True
    return len(words[0]) >= 4 and words[0] not in COMMON and label.startswith(words[0])
