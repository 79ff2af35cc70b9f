"""The firms out there, the company's campaigns and the rates of exchange."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import indian_ids, names, words
from onefunnel.sample.clock import DAY, START, ist, stream

WORD_SHARES = np.array(
    [words.INDUSTRY_WORDS[i][0] / len(words.INDUSTRY_WORDS[i][1]) if i else 0.0 for _, i, *_ in words.WORDS]
)
WORD_FITS = np.array([w[2:] for w in words.WORDS])
CENTRAL_FIT = np.array([w[1] in words.FIT_INDUSTRIES for w in words.WORDS])


def firms(seed: int, leads: int) -> SimpleNamespace:
    """Firms with industry, size, place and PAN; serious ones mostly fit, the last tenth abroad."""
    rng = stream(seed, "firms")
    n = max(60, int(leads * 0.62))
    serious = rng.random(n) < 0.45
    abroad = np.arange(n) >= int(n * 0.9)
    employees = np.exp(rng.normal(np.where(serious, 5.75, 4.3), np.where(serious, 0.95, 1.2)))
    employees = np.maximum(2, np.round(employees)).astype(np.int64)
    revenue = employees * np.exp(rng.normal(np.log(14e5), 0.55, n))  # rupees
    name, slug = _firm_names(rng, n, abroad)
    return SimpleNamespace(
        n=n,
        serious=serious,
        abroad=abroad,
        employees=employees,
        revenue=np.maximum(1, np.round(revenue / 1e5)).astype(np.int64) * 100_000,
        word=_industry_words(rng, serious),
        name=name,
        slug=slug,
        city=rng.choice(len(names.CITIES), n, p=_city_shares()),
        branch_city=rng.integers(0, len(names.CITIES), n),
        has_branch=(rng.random(n) < 0.2) & ~abroad,
        foreign_city=rng.integers(0, len(names.ABROAD), n),
        pan=indian_ids.pans(rng, n),
        has_gstin=rng.random(n) < 0.85,
    )


def _city_shares() -> np.ndarray:
    weights = np.array([3.0 if state in ("Maharashtra", "Gujarat") else 1.5 for _, state, _ in names.CITIES])
    return weights / weights.sum()


def _industry_words(rng: np.random.Generator, serious: np.ndarray) -> np.ndarray:
    """The index in words.WORDS of each firm's industry; serious firms mostly in an agreed one."""
    every = WORD_SHARES / WORD_SHARES.sum()
    fitting = np.where(CENTRAL_FIT, WORD_SHARES, 0)
    chosen = rng.choice(len(every), len(serious), p=every)
    better = rng.choice(len(every), len(serious), p=fitting / fitting.sum())
    return np.where(serious & (rng.random(len(serious)) < 0.75), better, chosen)


def _firm_names(rng: np.random.Generator, n: int, abroad: np.ndarray) -> tuple[list, list]:
    """Different names, and a different domain stem for each."""
    prefixes, cores = len(names.FIRM_PREFIXES), len(names.FIRM_CORES)
    stems = rng.permutation(prefixes * cores)[np.arange(n) % (prefixes * cores)]
    suffix = rng.integers(0, len(names.FIRM_SUFFIXES), n)
    full, slugs, seen = [], [], {}
    for stem, end, far in zip(stems.tolist(), suffix.tolist(), abroad.tolist()):
        first = (
            names.FOREIGN_PREFIXES[stem % len(names.FOREIGN_PREFIXES)] if far else names.FIRM_PREFIXES[stem // cores]
        )
        ends = names.FOREIGN_SUFFIXES if far else names.FIRM_SUFFIXES
        base = f"{first} {names.FIRM_CORES[stem % cores]}"
        again = seen[base] = seen.get(base, 0) + 1
        base += "" if again == 1 else f" {'I' * again if again < 4 else again}"
        full.append(f"{base} {ends[end]}".strip())
        slugs.append(base.lower().replace(" ", ""))
    return full, slugs


def campaigns() -> SimpleNamespace:
    """The campaigns, and which one a lead of a source belongs to at an instant (`at`)."""
    rows, lines = [], {}
    halves = [ist(2023 + (3 + 6 * h) // 12, (3 + 6 * h) % 12 + 1, 1) for h in range(7)]
    for code, source, kind, budget, title in _LINES:
        steps = []
        for h in range(6):
            steps.append(len(rows))
            season = f"{'H1' if h % 2 == 0 else 'H2'} FY{24 + h // 2}"
            rows.append(
                (
                    f"CMP-{code}-{h + 1}",
                    f"{title} {season}",
                    kind,
                    halves[h],
                    halves[h + 1] - DAY,
                    budget,
                )
            )
        lines.setdefault(source, []).append(steps)
    fair_rows = []
    for code, title, start, days, budget in _fairs():
        fair_rows.append(len(rows))
        rows.append((code, title, "Trade Fair", start, start + (days - 1) * DAY, budget))
    return SimpleNamespace(
        rows=rows,
        halves=np.array(halves),
        lines=lines,
        fairs=fair_rows,
        ids=[r[0] for r in rows],
        starts=np.array([r[3] for r in rows]),
    )


# code, source, type, budget of a half year, name
_LINES = (
    ("IM1", "indiamart", "Marketplace", 450_000, "IndiaMART Star pumps"),
    ("IM2", "indiamart", "Marketplace", 380_000, "IndiaMART Leader valves"),
    ("GG1", "google", "Search Ads", 720_000, "Search centrifugal pumps"),
    ("GG2", "google", "Search Ads", 540_000, "Search control valves"),
    ("GG3", "google", "Search Ads", 300_000, "Search dosing systems"),
    ("LI1", "linkedin", "Social Ads", 420_000, "LinkedIn plant heads"),
    ("LI2", "linkedin", "Social Ads", 300_000, "LinkedIn consultants"),
    ("FB1", "meta", "Social Ads", 180_000, "Meta retargeting"),
    ("WA1", "whatsapp", "WhatsApp", 60_000, "WhatsApp catalogue broadcast"),
    ("EM1", "website", "Email", 40_000, "Pump selection newsletter"),
    ("WB1", "website", "Webinar", 90_000, "Seal-less pumps webinar series"),
)


def _fairs() -> list[tuple]:
    """Three fairs a fiscal year: code, name, first day, days, budget."""
    found = []
    for year in (2023, 2024, 2025):
        found += [
            (
                f"CMP-TF{year}A",
                f"Chem & Process Fair Ahmedabad {year}",
                ist(year, 6, 14),
                4,
                900_000,
            ),
            (f"CMP-TF{year}B", f"Water Expo Chennai {year}", ist(year, 11, 22), 3, 650_000),
            (
                f"CMP-TF{year}C",
                f"Pumps & Valves Mumbai {year + 1}",
                ist(year + 1, 2, 19),
                4,
                1_200_000,
            ),
        ]
    return found


def fx(seed: int) -> list[tuple[int, str, float]]:
    """(day, currency, rupees) for business days from a week before the first month."""
    rng = stream(seed, "fx")
    days = np.arange(START - 7 * DAY, ist(2026, 4, 5), DAY)
    weekday = ((days + 19_800) // DAY + 3) % 7
    days = days[weekday < 5]
    rows = []
    for currency, rate, drift in (("USD", 82.2, 0.0000752), ("EUR", 89.4, 0.0001)):
        path = rate * np.exp(np.cumsum(rng.normal(drift, 0.0022, len(days))))
        rows += [(int(d), currency, round(float(r), 4)) for d, r in zip(days, path)]
    return rows
