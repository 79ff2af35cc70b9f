"""A company's forecast by hand: whatever the report reads, with round numbers that one can add up in one's head."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

CRORE = 10_000_000
TODAY = date(2026, 5, 13)
WEEK = 6  # 42 days of the quarter are over
NAMES = ("", "Asha Pumps", "Bela Boilers", "Chetak Tools", "Devi Dyes")


def info(currency: str = "INR", on: date = TODAY) -> dict:
    return {
        "run_id": "r1", "as_of_at": at(on), "built_at": at(on), "agreement_version": 2, "timezone": "Asia/Kolkata",
        "company_name": "Hand & Made Ltd", "reporting_currency": currency,
    }  # fmt: skip


def at(on: date) -> datetime:
    """Six in the evening in India."""
    return datetime(on.year, on.month, on.day, 12, 30, tzinfo=UTC)


def forecast(expected, on=TODAY, week=WEEK, **more) -> dict:
    """A row of the blend's total of FY27-Q1; expected: (closed, open deals, new deals, past pattern), or a status."""
    row = {
        "origin": "published" if on == TODAY else "backtest", "is_current": on == TODAY, "as_of_on": on,
        "as_of_at": at(on), "quarter_week": week, "horizon": "this quarter", "fiscal_quarter": "FY27-Q1",
        "method": "blend", "segment": "all", "past_origins": 9, "revenue_basis": "bookings", "status": "ok",
    }  # fmt: skip
    if isinstance(expected, str):
        return row | {"status": expected, "closed_amount": 0} | more
    closed, weighted, new, pattern = expected
    whole = sum(expected)
    low, high = max(closed, whole * 3 // 4), whole * 5 // 4
    amounts = {
        "expected_amount": whole, "closed_amount": closed, "weighted_pipeline_amount": weighted,
        "new_deals_amount": new, "past_pattern_amount": pattern, "low_amount": low, "high_amount": high,
        "interval_status": "ok",
    }  # fmt: skip
    return row | amounts | more


def naive(method: str, amount, **more) -> dict:
    return forecast((0, 0, 0, amount), low_amount=None, high_amount=None, method=method) | more


def deal(number: int, expected, amount=100_000, **more) -> tuple[dict, dict]:
    """(row of forecast_deals, row of open_deals) of an open deal."""
    key = {"deal_id": f"crm:D{number}", "company_name": NAMES[number], "stage": "negotiation"}
    key |= {"record_url": f"https://crm.example/D{number}"}
    risk = {"owner_name": "Uma", "times_slipped": 0, "is_past_due": False, "days_past_due": 0, "is_stalled": False}
    risk |= {"days_seen_in_stage": 12.5, "deal_amount": amount}
    part = {"horizon": "this quarter", "fiscal_quarter": "FY27-Q1", "open_amount": amount, "expected_amount": expected}
    part |= {"expected_close_on": date(2026, 6, 1), "status": "ok"}
    return key | part, key | risk | more


def target(amount, **more) -> dict:
    row = {
        "fiscal_quarter": "FY27-Q1", "starts_on": date(2026, 4, 1), "ends_on": date(2026, 6, 30),
        "revenue_basis": "bookings", "target_amount": amount, "remaining_amount": amount, "due_amount": 3 * amount,
        "coverage": 3.0, "needed_coverage": 3.4, "position": "behind", "status": "ok",
    }  # fmt: skip
    return row | more


def company(scale: int = 1, currency: str = "INR") -> dict[str, list[dict]]:
    """This quarter 4 + 3 + 2 + 1 = 10 of 12 crore, a month before 1 + 4 + 3 + 0 = 8; the next 6 of 9 (x scale)."""
    unit = scale * CRORE
    before = TODAY - timedelta(days=30)
    weeks = [forecast((unit, 4 * unit, 3 * unit, 0), on=before, week=WEEK - 4)]
    weeks += [forecast((unit, 5 * unit, 3 * unit, 0), on=TODAY - timedelta(days=7 * i), week=WEEK - i) for i in (2, 1)]
    this = forecast((4 * unit, 3 * unit, 2 * unit, unit))
    ahead = {"horizon": "next quarter", "fiscal_quarter": "FY27-Q2"}
    rows = [*weeks, this, forecast((0, unit, 4 * unit, unit), **ahead)]
    rows += [naive("last_quarter", 7 * unit), naive("average_four", 11 * unit), naive("sales_commit", 5 * unit)]
    rows += [naive("last_quarter", 7 * unit, **ahead)]
    parts, opens = zip(
        deal(1, unit // 2, 2 * unit, times_slipped=2),
        deal(2, unit // 4, unit, is_past_due=True, days_past_due=20),
        deal(3, unit, 3 * unit),
        deal(4, None, 9 * unit, is_stalled=True),
    )
    moves = [("created", 2, before - timedelta(days=9)), ("won", -1, TODAY), ("created", 5, TODAY)]
    movements = [
        {"movement_id": f"m{i}", "deal_id": f"crm:D{i}", "moved_at": at(on) - timedelta(hours=1), "movement": word,
         "movement_amount": amount * unit, "due_fiscal_quarter": "FY27-Q1"}
        for i, (word, amount, on) in enumerate(moves)
    ]  # fmt: skip
    past = {"fiscal_quarter": "FY26-Q4", "actual_amount": 6 * unit}
    rows += [forecast((0, 9 * unit, 0, 0), on=date(2026, 1, 1), week=0, **past)]
    rows += [forecast((5 * unit, unit, 0, 0), on=date(2026, 3, 26), week=12, **past)]
    return {
        "run_info": [info(currency)],
        "revenue_forecast": rows,
        "forecast_deals": list(parts),
        "open_deals": list(opens),
        "pipeline_movements": movements,
        "target_attainment": [
            target(12 * unit),
            target(9 * unit, fiscal_quarter="FY27-Q2", starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30)),
            target(8 * unit, fiscal_quarter="FY26-Q4", attained_share=0.75, status="final", position="missed"),
        ],
        "forecast_accuracy": [
            {"method": "blend", "horizon": "this quarter", "quarter_week": "all", "origins": 52, "quarters": 4,
             "wape": 0.25, "bias": -0.05, "coverage_80": 0.5, "best_naive_method": "last_quarter",
             "best_naive_wape": 0.2, "is_best": False, "status": "ok"},
        ],
        "target_miss": [
            {"fiscal_quarter": "FY26-Q4", "factor": "volume", "lacking_amount": 2 * unit, "sentence": "volume: leads 5",
             "quarter_sentence": f"missed the target by {currency} 2.00 crore"},
        ],
    }  # fmt: skip
