"""Invoices, expenses and ad spend as the accounts department keeps them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample.clock import AS_OF, DAY, EXPORTED, START, into_office, midnight, stream

GST = 0.18
PLATFORM = {"GG": "google_ads", "FB": "meta_ads", "LI": "linkedin_ads", "IM": "indiamart"}
TEAM_COST = (
    ("sales", "salaries", 1_150_000),
    ("marketing", "salaries", 480_000),
    ("sales", "tools", 62_000),
    ("marketing", "tools", 88_000),
    ("marketing", "events", 120_000),
    ("sales", "events", 45_000),
)


def invoices(
    seed: int,
    deals: SimpleNamespace,
    amount: np.ndarray,
    company: np.ndarray,
    won: np.ndarray,
    companies: SimpleNamespace,
) -> list[tuple]:
    """(issued_at, company row or -1, deal row or -1, amount, status, currency), by date."""
    rng = stream(seed, "invoices")
    rows = []
    for deal in np.flatnonzero(won & ~deals.desk & (deals.closed_at <= EXPORTED)).tolist():
        parts = int(rng.integers(1, 4))
        cuts = rng.dirichlet(np.full(parts, 4.0))
        for part, share in enumerate(cuts):
            issued = deals.closed_at[deal] + int((12 + 28 * part + rng.integers(0, 20)) * DAY)
            rows.append((issued, int(company[deal]), deal, round(float(amount[deal] * share), 2), "INR"))
    rows += _repeat_orders(rng, companies)
    rows += [
        (int(START + rng.integers(0, 1096) * DAY), -1, -1, float(rng.integers(900, 24_000)), "USD")
        for _ in range(max(3, companies.n // 40))
    ]
    rows = sorted(r for r in rows if r[0] <= EXPORTED)
    status = rng.choice(["paid", "sent", "overdue", "cancelled"], len(rows), p=[0.78, 0.12, 0.08, 0.02])
    status[:1] = "cancelled"
    return [
        (midnight(np.int64(at)), who, deal, value, state, currency)
        for (at, who, deal, value, currency), state in zip(rows, status.tolist())
    ]


def _repeat_orders(rng: np.random.Generator, companies: SimpleNamespace) -> list[tuple]:
    """Spares and repeat orders without a deal, from the day a company became a customer."""
    rows = []
    for company in np.flatnonzero(companies.customer_since < AS_OF).tolist():
        since = max(START, int(companies.customer_since[company]) + 60 * DAY)
        years = max(0, AS_OF - since) / (365 * DAY)
        pace = companies.orders_a_year[company]
        for at in (since + rng.random(rng.poisson(pace * years)) * years * 365 * DAY).tolist():
            value = round(float(np.exp(rng.normal(11.6, 0.8))), 2)
            rows.append((int(into_office(rng, np.array([int(at)]))[0]), company, -1, value, "INR"))
    return rows


def expenses(seed: int) -> list[tuple[str, str, str, str, str]]:
    """(month, team, kind, amount, currency) for 36 months; salaries rise every April."""
    rng = stream(seed, "expenses")
    rows = []
    for m in range(36):
        month = f"{2023 + (3 + m) // 12}-{(3 + m) % 12 + 1:02d}-01"
        for team, kind, base in TEAM_COST:
            value = base * 1.08 ** (m // 12) * (1 + rng.normal(0, 0.03 if kind != "events" else 0.25))
            rows.append((month, team, kind, f"{max(value, base * 0.2):.2f}", "INR"))
    return rows


def ad_spend(seed: int, campaigns: SimpleNamespace, dollar: dict[int, float]) -> list[tuple]:
    """(platform, account, campaign_id, day, amount, currency, time_zone, impressions, clicks).

    The marketplace bills monthly; one platform bills in dollars and counts UTC days.
    """
    rng = stream(seed, "ad spend")
    rows = []
    for code, _, _, start, end, budget in campaigns.rows:
        platform = PLATFORM.get(code.split("-")[1][:2])
        if platform is None:
            continue
        days = np.arange(start, min(end + DAY, EXPORTED), DAY)
        if platform == "indiamart":
            first = [d for d in days.tolist() if _day_of_month(d) == 1]
            rows += [(platform, "IM-SFS", code, d, f"{budget / 6:.2f}", "INR", "Asia/Kolkata", "", "") for d in first]
        else:
            rows += _daily(rng, platform, code, days, budget, dollar)
    return sorted(rows, key=lambda r: (r[3], r[0], r[2]))


def _day_of_month(at: int) -> int:
    return int(str(np.datetime64(at + 19_800, "s"))[8:10])


def _daily(
    rng: np.random.Generator,
    platform: str,
    code: str,
    days: np.ndarray,
    budget: int,
    dollar: dict[int, float],
) -> list[tuple]:
    weekday = ((days + 19_800) // DAY + 3) % 7
    weight = np.where(weekday == 6, 0.4, 1.0) * rng.gamma(20, 1 / 20, len(days))
    spend = budget * weight / weight.sum()
    impressions = rng.poisson(spend * 3.1)
    clicks = rng.binomial(impressions, 0.012)
    in_dollars = platform == "linkedin_ads"
    rate = np.median(list(dollar.values())) if in_dollars else 1.0
    return [
        (
            platform,
            f"SFS-{platform[:2].upper()}",
            code,
            d,
            f"{s / rate:.2f}",
            "USD" if in_dollars else "INR",
            "UTC" if in_dollars else "Asia/Kolkata",
            i,
            c,
        )
        for d, s, i, c in zip(days.tolist(), spend.tolist(), impressions.tolist(), clicks.tolist())
    ]
