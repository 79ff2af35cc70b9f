"""Moments, days and rows of hand-made companies."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.oracle.days import instant


def at(text: str) -> int:
    """'2025-04-01', '2025-04-01 10:00' in UTC."""
    return instant(datetime.fromisoformat(text))


def on(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def rows(columns: str, *lines: tuple) -> list[dict]:
    return [dict(zip(columns.split(), line, strict=True)) for line in lines]


def money(text: str) -> Decimal:
    return Decimal(text)


MODELS = rows(
    "model item value",
    ("all", "lookback_days", "90"),
    ("time_decay", "half_life_days", "7"),
    ("u_shaped", "first", "40"),
    ("u_shaped", "lead_created", "40"),
    ("u_shaped", "rest", "20"),
    ("w_shaped", "first", "30"),
    ("w_shaped", "lead_created", "30"),
    ("w_shaped", "opportunity_created", "30"),
    ("w_shaped", "rest", "10"),
    ("full_path", "first", "22.5"),
    ("full_path", "lead_created", "22.5"),
    ("full_path", "opportunity_created", "22.5"),
    ("full_path", "won", "22.5"),
    ("full_path", "rest", "10"),
)
SETTINGS = {
    "timezone": "UTC",
    "as_of_at": at("2025-07-10"),
    "reporting_currency": "INR",
    "fiscal_year_start_month": 4,
    "maturity_days": 30,
    "fx_max_age_days": 2,
    "revenue_basis": "bookings",
    "deal_types_in_scope": "new; repeat; expansion",
    "marketing_sourced_rule": "first_touch",
    "clv_prior_years": 1,
    "clv_margin_percent": 50,
    "clv_horizon_years": 2,
    "clv_discount_percent": 0,
    "clv_half_life_days": 20,
    "invoice_statuses_not_counted": "cancelled; void",
}
