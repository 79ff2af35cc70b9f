"""Homes with hand-made published tables: a review without a pipeline, as plain or as extreme as a test wants it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from onefunnel.home import Home

WEEK = date(2026, 3, 23)
COLUMNS = {
    "week_start_on": "date",
    "section": "varchar",
    "position": "integer",
    "figure": "varchar",
    "dimension": "varchar",
    "dimension_value": "varchar",
    "period_kind": "varchar",
    "from_on": "date",
    "until_on": "date",
    "unit": "varchar",
    "value": "double",
    "value_low": "double",
    "value_high": "double",
    "value_amount": "decimal(18,2)",
    "low_amount": "decimal(18,2)",
    "high_amount": "decimal(18,2)",
    "numerator": "double",
    "denominator": "double",
    "before": "double",
    "before_amount": "decimal(18,2)",
    "target": "double",
    "target_amount": "decimal(18,2)",
    "words": "varchar",
    "status": "varchar",
    "agreement_version": "integer",
}
LAKH = 100_000
# source -> lakh generated this week, deals, lakh the week before, lakh a week in thirteen weeks
SOURCES = {
    "Marketplace": (27.76, 7, 31.2, 22.1),
    "Dealers": (33.82, 3, 4.1, 12.9),
    "Referral": (20.51, 3, 0, 14.4),
    "Email": (20.61, 2, 9.9, 3.2),
    "Paid search": (15.62, 1, 41.0, 19.7),
    "Trade fairs": (0, 0, 12.5, 18.3),
}
WATERFALL = {
    "opening": 3600,
    "created": 118.32,
    "reopened": 4.1,
    "pulled_in": 61,
    "increased": 12.4,
    "reclassified": -1.5,
    "decreased": 22.7,
    "pushed_out": 61,
    "won": 48.2,
    "lost": 95.6,
    "scrubbed": 3.3,
}
OBJECTIONS = {
    "price": (15, 117.6, "price list with total cost of ownership (14 Mar 2026)", "expected"),
    "incumbent supplier": (14, 90.26, None, "expected"),
    "delivery time": (11, 64, "stock levels shown on the product pages (2 Mar 2026)", "expected"),
    "technical proof": (6, 16.8, None, "not expected"),
    "warranty terms": (1, 8.25, None, "new"),
}
METRICS = {
    "lead_to_opportunity_rate": ("Lead-to-opportunity rate", "rate", 0.078, 0.071),
    "opportunity_to_close_rate": ("Win rate", "rate", 0.281, 0.302),
    "sales_cycle_days_median": ("Sales cycle, median", "days", 47.5, 44.0),
    "cac": ("Customer acquisition cost", "amount", 184_000, 151_000),
    "marketing_influenced_revenue": ("Marketing-influenced revenue", "amount", 31_200_000, 40_100_000),
    "repeat_purchase_rate": ("Repeat purchase rate", "rate", 0.412, 0.405),
    "referral_rate": ("Referral rate", "rate", None, None),
    "pipeline_coverage": ("Pipeline coverage", "ratio", 3.5, 4.1),
    "customers": ("Customers", "count", 1217, 1180),
}


def row(section: str, position: int, figure: str, week: date = WEEK, **given) -> dict:
    """One row of weekly_review: of the week, of all, an amount, unless told otherwise."""
    usual = {
        "week_start_on": week,
        "section": section,
        "position": position,
        "figure": figure,
        "dimension": "(all)",
        "dimension_value": "(all)",
        "period_kind": "week",
        "from_on": week,
        "until_on": week + timedelta(days=6),
        "unit": "amount",
        "status": "ok",
        "agreement_version": 2,
    }
    assert set(given) <= set(COLUMNS), set(given) - set(COLUMNS)
    return dict.fromkeys(COLUMNS) | usual | given


def lakh(number: float | None) -> Decimal | None:
    return None if number is None else (Decimal(str(number)) * LAKH).quantize(Decimal("0.01"))


def quarter(week: date = WEEK, expected=822.42, low=619.77, high=1179.06, target=740, closed=0, commit=229.3) -> list:
    """The quarter that runs and the next, in lakh; what is None is not available."""
    rows, share = [], Decimal("0.95")
    spans = [
        ("FY27-Q1", "this_quarter", date(2026, 4, 1), date(2026, 6, 30), 1),
        ("FY27-Q2", "next_quarter", date(2026, 7, 1), date(2026, 9, 30), Decimal("1.1")),
    ]
    for place, (name, horizon, from_on, until_on, factor) in enumerate(spans):
        of = {"dimension": "fiscal_quarter", "dimension_value": name, "from_on": from_on, "until_on": until_on}
        numbers = {
            "forecast": expected,
            "target": target,
            "commit": commit,
            "best_naive": expected and 677.2,
            "closed": closed,
            "open_pipeline": 2623.7,
        }
        for order, (figure, number) in enumerate(numbers.items(), 1):
            amount = number if number is None else lakh(number) * factor
            more = {"period_kind": "fiscal_quarter", "value_amount": amount}
            more["before_amount"] = amount if amount is None else amount * share
            more["status"] = "unavailable: not enough history" if amount is None else "ok"
            if figure == "forecast" and amount is not None:
                more |= {"low_amount": lakh(low), "high_amount": lakh(high), "status": "published"}
            if figure in ("forecast", "closed"):
                more["target_amount"] = None if target is None else lakh(target) * factor
            if figure == "best_naive":
                more["words"] = "average_four"
            rows.append(row("quarter", 10 * place + order, figure, week, **of | more))
        made = {"from_on": week + timedelta(days=9), "until_on": week + timedelta(days=9), "period_kind": "instant"}
        rows.append(
            row("quarter", 10 * place + 7, "horizon", week, **of | made, unit="text", words=horizon, status="published")
        )
    past = {"dimension": "fiscal_quarter", "dimension_value": "FY26-Q4", "period_kind": "fiscal_quarter"}
    past |= {"from_on": date(2026, 1, 1), "until_on": date(2026, 3, 31)}
    rows.append(
        row("quarter", 21, "previous_quarter", week, **past, value_amount=lakh(510.37), target_amount=lakh(880))
    )
    return rows


def generated(week: date = WEEK, sources: dict | None = None) -> list[dict]:
    """What each source brought, in lakh, and all of them."""
    sources = SOURCES if sources is None else sources
    told = {"(all)": tuple(round(sum(part), 2) for part in zip(*sources.values(), strict=True)) or (0, 0, 0, 0)}
    rows = []
    for place, (source, (amount, deals, before, average)) in enumerate((told | sources).items()):
        of = {"dimension": "(all)" if source == "(all)" else "source", "dimension_value": source}
        long = {"from_on": week - timedelta(days=84), "period_kind": "weeks_13"}
        rows += [
            row(
                "generated",
                3 * place + 1,
                "generated",
                week,
                **of,
                value_amount=lakh(amount),
                before_amount=lakh(before),
            ),
            row("generated", 3 * place + 2, "generated_deals", week, **of, unit="count", value=deals),
            row("generated", 3 * place + 3, "generated_13_weeks", week, **of | long, value_amount=lakh(average)),
        ]
    return rows


def advanced(week: date = WEEK, sources: dict | None = None, waterfall: dict | None = None) -> list[dict]:
    """What became of the deals that were open, in lakh, and the waterfall, whose closing is reckoned."""
    sources = {name: (600, 40, 31, 5, 16) for name in SOURCES} if sources is None else sources
    moves = WATERFALL if waterfall is None else waterfall
    told = {"(all)": tuple(sum(part) for part in zip(*sources.values(), strict=True)) or (0, 0, 0, 0, 0)} | sources
    rows = []
    for place, (source, (opened, forward, moved, won, lost)) in enumerate(told.items()):
        of = {"dimension": "(all)" if source == "(all)" else "source", "dimension_value": source}
        parts = {"advanced": forward, "open": opened, "moved_on": moved, "won": won, "lost": lost}
        for order, (figure, amount) in enumerate(parts.items(), 1):
            rows.append(
                row(
                    "advanced",
                    5 * place + order,
                    figure,
                    week,
                    **of,
                    value_amount=lakh(amount),
                    numerator=3,
                    before_amount=lakh(amount * 0.9),
                )
            )
    signs = dict.fromkeys(moves, 1) | dict.fromkeys(("decreased", "pushed_out", "won", "lost", "scrubbed"), -1)
    closing = round(sum(signs[name] * amount for name, amount in moves.items()), 2)
    for order, (name, amount) in enumerate((moves | {"closing": closing}).items(), 1):
        rows.append(row("advanced", 1000 + order, f"waterfall_{name}", week, value_amount=lakh(amount)))
    return rows


def gap(week: date = WEEK, named: bool = True) -> list[dict]:
    """The named gap, or none beyond noise."""
    span = {"from_on": date(2025, 10, 1), "until_on": date(2025, 12, 31), "period_kind": "fiscal_quarter"}
    if not named:
        return [row("gap", 1, "funnel_gap", week, **span, status="no gap beyond noise", dimension="transition")]
    sentence = "Of 1,212 leads handed over in FY26-Q3 31 % were accepted by sales, in the eight quarters before 42 %."
    money = {"value_amount": lakh(61.3), "low_amount": lakh(18.2), "high_amount": lakh(104.9)}
    of = {"dimension": "transition", "dimension_value": "handover to accepted"}
    return [row("gap", 1, "funnel_gap", week, **span, **of, **money, numerator=133, words=sentence)]


def actions(week: date = WEEK, last: str | None = "Call every demo request within the hour", this=None) -> list[dict]:
    rows = []
    for place, side in enumerate(("marketing", "sales")):
        of = {"dimension": "side", "dimension_value": side, "unit": "text"}
        after = {"from_on": week + timedelta(days=7), "until_on": week + timedelta(days=13)}
        status = ("done" if place else "overdue") if last else "none"
        rows.append(row("actions", 2 * place + 1, "last_action", week, **of, words=last, status=status))
        rows.append(
            row(
                "actions",
                2 * place + 2,
                "this_action",
                week,
                **of | after,
                words=this,
                status="open" if this else "none",
            )
        )
    return rows


def sla(week: date = WEEK, due: int = 50) -> list[dict]:
    """Each promise in the week and in thirteen weeks; due: how many there were to keep."""
    rows = []
    promises = {
        "definition_met": ("marketing", 0.74, 0.8),
        "contact": ("sales", 0.92, 0.9),
        "disposition": ("sales", 0.81, 0.85),
        "objection_logged": ("sales", 0.88, 0.9),
        "objection_shown": ("marketing", 1.0, 1.0),
    }
    for place, (measure, (side, rate, target)) in enumerate(promises.items()):
        of = {"dimension": "measure", "dimension_value": measure, "unit": "rate", "words": side, "target": target}
        for order, (kind, from_on, times) in enumerate(
            [("week", week, 1), ("weeks_13", week - timedelta(days=84), 13)], 1
        ):
            given = {"period_kind": kind, "from_on": from_on, "denominator": due * times}
            if due:
                met = round(rate * due * times)
                given |= {"numerator": met, "value": met / (due * times), "before": rate - 0.03}
            else:
                given |= {"numerator": 0, "status": "nothing due"}
            rows.append(row("sla", 2 * place + order, "rate", week, **of | given))
    return rows


def objections(week: date = WEEK, told: dict | None = None) -> list[dict]:
    told = OBJECTIONS if told is None else told
    total = sum(times for times, *_ in told.values())
    rows = [
        row(
            "objections",
            1,
            "objections",
            week,
            unit="count",
            value=total,
            before=41,
            status="ok" if told else "no objections",
        )
    ]
    for place, (category, (times, stake, answer, status)) in enumerate(told.items(), 2):
        of = {"dimension": "category", "dimension_value": category, "unit": "count", "value": times}
        more = {"value_amount": lakh(stake), "words": answer, "status": status, "before": 3}
        rows.append(row("objections", place, "objections", week, **of | more))
    return rows


def metrics(week: date = WEEK, unavailable: bool = False) -> list[dict]:
    span = {"from_on": date(2025, 10, 1), "until_on": date(2025, 12, 31), "period_kind": "fiscal_quarter"}
    rows = []
    for place, (metric, (_, unit, value, before)) in enumerate(METRICS.items(), 1):
        value, before = (None, None) if unavailable else (value, before)
        status = "final" if value is not None else "unavailable: no referrals recorded"
        given = {"unit": unit, "status": status}
        if unit == "amount":
            given |= {"value_amount": value and Decimal(value), "before_amount": before and Decimal(before)}
        else:
            given |= {"value": value, "before": before}
        rows.append(row("metrics", place, metric, week, **span, **given))
    return rows


def record(week: date = WEEK, known: bool = True) -> list[dict]:
    scores = {
        "blend": (0.143, 0.047, 0.62, 4),
        "average_four": (0.13, 0.041, 0.31, 4),
        "last_quarter": (0.18, 0, 0.7, 4),
    }
    scores["sales_commit"] = (None, None, None, 0)
    rows = []
    for place, (method, numbers) in enumerate(scores.items()):
        for order, (figure, unit) in enumerate(
            [("wape", "ratio"), ("bias", "ratio"), ("coverage_80", "rate"), ("quarters", "count")]
        ):
            number = numbers[order] if known else (0 if figure == "quarters" else None)
            of = {"dimension": "method", "dimension_value": method, "unit": unit, "value": number}
            span = {"from_on": date(2025, 4, 1), "until_on": date(2026, 3, 31), "period_kind": "fiscal_quarters"}
            status = "ok" if number else "not enough history"
            rows.append(row("record", 4 * place + order + 1, figure, week, **of | span, status=status))
    return rows


def health(week: date = WEEK, sources=("crm", "export_desk", "finance")) -> list[dict]:
    day = {"from_on": week + timedelta(days=8), "until_on": week + timedelta(days=8), "period_kind": "instant"}
    facts = {"agreement_version": 2, "checks_passed": 146, "checks_warned": 3, "data_faults": 175}
    rows = [
        row("health", place, name, week, **day, unit="count", value=number)
        for place, (name, number) in enumerate(facts.items(), 1)
    ]
    for place, name in enumerate(sources, 11):
        of = {"dimension": "source", "dimension_value": name, "unit": "hours", "value": 3.0 + place}
        said = "newest record 31 Mar 2026, newest load 31 Mar 2026"
        rows.append(row("health", place, "freshness", week, **of | day, words=said))
    return rows


def review(week: date = WEEK, **sections: list[dict]) -> list[dict]:
    """A whole week as the sample company has it; a section given by name replaces the usual one."""
    usual = {
        "quarter": quarter,
        "generated": generated,
        "advanced": advanced,
        "gap": gap,
        "actions": actions,
        "sla": sla,
        "objections": objections,
        "metrics": metrics,
        "record": record,
        "health": health,
    }
    assert set(sections) <= set(usual)
    return [one for name, make in usual.items() for one in (sections[name] if name in sections else make(week))]


def home(folder: Path, rows: list[dict], *, live: bool = False, run: str = "run-1", **facts) -> Home:
    """A home that has published the rows, by a run of that name; facts: columns of run_info."""
    place = Home(folder.resolve())
    path = place.published / "versions" / run / "onefunnel.duckdb"
    path.parent.mkdir(parents=True)
    info = {
        "run_id": run,
        "as_of_at": datetime(2026, 3, 31, 18, 30, tzinfo=UTC),
        "built_at": datetime(2026, 3, 31, 18, 40, tzinfo=UTC),
        "agreement_version": 2,
        "company_name": "Sahyadri Fluid Systems",
        "reporting_currency": "INR",
        "timezone": "Asia/Kolkata",
        "checks_passed": 146,
        "checks_warned": 3,
        "data_faults": 175,
    } | facts
    with duckdb.connect(str(path)) as con:
        con.execute("set timezone = 'UTC'")
        con.execute("create schema metrics")
        _table(con, "weekly_review", COLUMNS, rows)
        types = {int: "bigint", str: "varchar", datetime: "timestamptz"}
        _table(con, "run_info", {name: types[type(value)] for name, value in info.items()}, [info])
        named = [{"metric": metric, "name": told[0]} for metric, told in METRICS.items()]
        _table(con, "metric_definitions", {"metric": "varchar", "name": "varchar"}, named)
    link = place.published / "onefunnel.duckdb"
    link.unlink(missing_ok=True)
    link.symlink_to(path)
    place.run_dir(run).mkdir(parents=True)
    (place.run_dir(run) / "run.json").write_text(json.dumps({"run_id": run, "is_live": live}), encoding="utf-8")
    return place


def _table(con, name: str, columns: dict[str, str], rows: list[dict]) -> None:
    con.execute(f"create table metrics.{name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
    if rows:
        marks = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
        con.execute(f"insert into metrics.{name} values {marks}", [row[column] for row in rows for column in columns])
