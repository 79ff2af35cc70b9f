"""How each lead's person and firm are spelled in the exports."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import indian_ids, names, words
from onefunnel.sample.clock import stream

FREE_MAIL = ("gmail.com", "gmail.com", "yahoo.co.in", "rediffmail.com")


def spell(seed: int, leads: SimpleNamespace, firms: SimpleNamespace) -> SimpleNamespace:
    """E-mail, phone, company name, website, GSTIN, industry, size, turnover and source as typed."""
    rng = stream(seed, "spelling")
    return SimpleNamespace(
        email=_emails(rng, leads, firms),
        phone=_phones(rng, leads, firms),
        company=_companies(rng, leads, firms),
        website=[
            f"https://www.{firms.slug[f]}.example" if w else ""
            for f, w in zip(leads.firm.tolist(), (rng.random(leads.n) < 0.35).tolist())
        ],
        gstin=_gstins(rng, leads, firms),
        employees=_employees(rng, leads),
        revenue=_revenue(rng, leads),
        source=_sources(rng, leads),
        industry=[industry(w) for w in leads.word_later.tolist()],
        title=[title(t) for t in leads.title_later.tolist()],
    )


def industry(word: int) -> str:
    """The source word behind an index; empty for -1."""
    return words.WORDS[word][0] if word >= 0 else ""


def title(index: int) -> str:
    """The job title behind an index; empty for -1."""
    return words.TITLES[index][0] if index >= 0 else ""


def number(value: int) -> str:
    """A head count as typed; empty for -1."""
    return str(value) if value >= 0 else ""


def _emails(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> list[str]:
    """A person keeps one address; a duplicate shouts it, or uses the private one."""
    first = rng.integers(0, len(names.FIRST_NAMES), leads.n)[leads.person].tolist()
    last = rng.integers(0, len(names.SURNAMES), leads.n)[leads.person].tolist()
    private = (rng.random(leads.n) < np.where(leads.serious, 0.25, 0.5))[leads.person]
    again = leads.duplicate_of >= 0
    other = again & (rng.random(leads.n) < 0.4)
    marketplace = leads.source == words.SOURCE_NAMES.index("indiamart")
    blank = ~again & (rng.random(leads.n) < np.where(marketplace, 0.16, 0.05))
    mails = []
    for i in range(leads.n):
        name, person = (names.FIRST_NAMES[first[i]], names.SURNAMES[last[i]]), int(leads.person[i])
        if blank[i]:
            mails.append("")
            continue
        if private[i] != other[i]:
            mail = f"sample.{name[0]}{name[1]}.{person}@{FREE_MAIL[person % 4]}"
        else:
            mail = f"{name[0]}.{name[1]}@{firms.slug[leads.firm[i]]}.example"
        mails.append(mail.upper() if again[i] and not other[i] else mail)
    return mails


def _phones(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> list[str]:
    """Indian mobiles in five spellings; abroad fictitious numbers or none; an eighth left blank."""
    indian = indian_ids.phones(leads.person * 37 + 11, rng.integers(0, 5, leads.n))
    blank = (rng.random(leads.n) < 0.12).tolist()
    abroad = firms.abroad[leads.firm].tolist()
    return [
        "" if b else f"+1 202 555 01{i % 100:02d}" if a else text
        for i, (b, a, text) in enumerate(zip(blank, abroad, indian))
    ]


def _companies(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> list[str]:
    style = np.where(leads.duplicate_of >= 0, rng.integers(1, 5, leads.n), 0)
    style = np.where((style == 0) & (rng.random(leads.n) < 0.06), 5, style)
    spellings = (
        lambda n: n,
        str.upper,
        lambda n: n.replace("Pvt Ltd", "Private Limited"),
        lambda n: n.replace("Pvt Ltd", "Pvt. Ltd.").replace("Private Limited", "(P) Ltd"),
        lambda n: "M/s " + n,
        lambda n: "",
    )
    return [spellings[s](firms.name[f]) for s, f in zip(style.tolist(), leads.firm.tolist())]


def _gstins(rng: np.random.Generator, leads: SimpleNamespace, firms: SimpleNamespace) -> list[str]:
    """A fifth of Indian firms give a GSTIN; a branch's has its own state and the firm's PAN."""
    told = firms.has_gstin[leads.firm] & ~firms.abroad[leads.firm] & (rng.random(leads.n) < 0.22)
    return np.where(told, registrations(firms, leads.firm, leads.branch), "").tolist()


def registrations(firms: SimpleNamespace, firm: np.ndarray, branch: np.ndarray) -> np.ndarray:
    """The GSTIN of each (firm, at its branch?)."""
    city = np.where(branch, firms.branch_city[firm], firms.city[firm])
    return indian_ids.gstins(np.array([c[2] for c in names.CITIES])[city], firms.pan[firm])


def _employees(rng: np.random.Generator, leads: SimpleNamespace) -> list[str]:
    """The current head count; some with a thousands comma where nothing ever changed it."""
    comma = (leads.employees_at > leads.created + 2**40) & (rng.random(leads.n) < 0.3)
    return [f"{v:,}" if c and v >= 0 else number(v) for v, c in zip(leads.employees_later.tolist(), comma.tolist())]


def _revenue(rng: np.random.Generator, leads: SimpleNamespace) -> list[str]:
    """Turnover as typed; a few in crore, lakh or with a rupee sign and Indian grouping."""
    style = rng.choice(4, leads.n, p=[0.9, 0.04, 0.03, 0.03])
    texts = []
    for value, s, dollars in zip(leads.revenue.tolist(), style.tolist(), leads.in_dollars.tolist()):
        texts.append("" if value < 0 else str(value) if dollars else rupees(value, s))
    return texts


def rupees(value: int, style: int) -> str:
    """A rupee amount: 0 plain, 1 `₹4,50,000`, 2 in Cr when exact, 3 in L."""
    if style == 1:
        head, tail = divmod(value, 1000)
        groups = []
        while head >= 100:
            head, low = divmod(head, 100)
            groups.insert(0, f"{low:02d}")
        groups.insert(0, str(head))
        return f"₹{','.join(groups)},{tail:03d}" if value >= 1000 else f"₹{value}"
    if style == 2 and value % 100_000 == 0:
        return f"{value // 10_000_000}.{value % 10_000_000 // 100_000:02d} Cr"
    if style == 3 and value % 1000 == 0:
        return f"{value // 100_000}.{value % 100_000 // 1000:02d} L"
    return str(value)


def _sources(rng: np.random.Generator, leads: SimpleNamespace) -> list[str]:
    spoken = [s[2] for s in words.SOURCES.values()]
    which = rng.integers(0, 6, leads.n).tolist()
    blank = (rng.random(leads.n) < 0.015).tolist()
    return ["" if b else spoken[s][w % len(spoken[s])] for s, w, b in zip(leads.source.tolist(), which, blank)]
