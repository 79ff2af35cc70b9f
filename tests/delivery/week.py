"""A week's review by hand: its rows, its page, the run that published it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from onefunnel.home import Home

COLUMNS = """
week_start_on date, section varchar, position integer, figure varchar, dimension varchar, dimension_value varchar,
period_kind varchar, from_on date, until_on date, unit varchar, value double, value_low double, value_high double,
value_amount decimal(18, 2), low_amount decimal(18, 2), high_amount decimal(18, 2), numerator double,
denominator double, before double, before_amount decimal(18, 2), target double, target_amount decimal(18, 2),
words varchar, status varchar, agreement_version integer
"""
MONDAY = date(2026, 3, 23)
GAP = "of 100 MQLs 8 fewer were handed over than in the 8 quarters before <& 'so'>: 14 leads lost"
# breaks into two sheets whatever else
PAGE = """<!doctype html><html lang="en"><head><title>Review</title><style>@page { size: A4 }</style></head>
<body><h1 style="break-after: page">Week {week}</h1><p>second sheet</p></body></html>"""


def row(section: str, figure: str, week: date = MONDAY, **more) -> dict:
    days = {"from_on": week, "until_on": week + timedelta(days=6), "period_kind": "week"}
    told = {"week_start_on": week, "section": section, "position": 1, "figure": figure, "dimension_value": "(all)"}
    return told | days | {"status": "ok"} | more


def rows(week: date = MONDAY) -> list[dict]:
    """8.22 crore expected of 7.40; 6.70 lakh generated in 3 deals; a gap; three promises."""
    quarter = {"dimension_value": "FY27-Q1", "from_on": date(2026, 4, 1), "until_on": date(2026, 6, 30)}
    later = {"dimension_value": "FY27-Q2", "from_on": date(2026, 7, 1), "until_on": date(2026, 9, 30), "position": 0}
    amounts = {"low_amount": Decimal(61976829), "high_amount": Decimal(117906300), "before_amount": Decimal(80000000)}
    told = [
        row("quarter", "horizon", words="next_quarter", **later),
        row("quarter", "horizon", words="this_quarter", position=7, **quarter),
        row("quarter", "forecast", value_amount=Decimal(1), **later),
        row(
            "quarter", "forecast", value_amount=Decimal(82242455), target_amount=Decimal(74000000), **amounts, **quarter
        ),
        row("quarter", "target", value_amount=Decimal(74000000), **quarter),
        row("quarter", "closed", value_amount=Decimal(0), **quarter),
        row("quarter", "commit", value_amount=Decimal(22930000), **quarter),
        row("generated", "generated", value_amount=Decimal(670000), before_amount=Decimal(6661000)),
        row("generated", "generated", value_amount=Decimal(5), dimension_value="Webinar"),
        row("generated", "generated_deals", value=3.0),
        row("advanced", "advanced", value_amount=Decimal(4004000), before_amount=Decimal(2814000)),
        row("gap", "funnel_gap", words=GAP),
    ]
    promised = {"definition_met": (0.5, 4, 0.75), "contact": (None, 0, 0.9), "disposition": (1.0, 9, 0.85)}
    for measure, (rate, due, aim) in promised.items():
        given = {"dimension_value": measure, "value": rate, "denominator": due, "target": aim}
        told.append(row("sla", "rate", **given) | ({} if due else {"status": "nothing due"}))
        told.append(row("sla", "rate", **given | {"value": 0.123, "period_kind": "weeks_13"}))
    return [one | {"week_start_on": week} for one in told]


def published(home: Path, review: str, run_id: str = "r1", as_of: str = "2026-03-30 02:00:00+00", **more) -> Home:
    """A home with a published review, its newest page, and the run; review: the text under the key of sources.yml."""
    (home / "runs" / run_id).mkdir(parents=True, exist_ok=True)
    sources = home / "sources.yml"
    listed = "sources:\n  - {name: crm, kind: csv_folder, folder: x, entities: {leads: l.csv}}\n"
    sources.write_text(f"{review}\n{listed}", encoding="utf-8")
    run = {"run_id": run_id, "is_live": True, "sources_file": str(sources)} | more
    (home / "runs" / run_id / "run.json").write_text(json.dumps(run), encoding="utf-8")
    (home / "review").mkdir(exist_ok=True)
    (home / "published").mkdir(exist_ok=True)
    path = home / "published" / "onefunnel.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema metrics")
        con.execute(
            f"create table metrics.run_info as select '{run_id}' as run_id, timestamptz '{as_of}' as as_of_at, "
            "'Asia/Kolkata' as timezone, 'INR' as reporting_currency, 'Hand & Made' as company_name"
        )
        con.execute(f"create table metrics.weekly_review ({COLUMNS})")
        for week in (MONDAY - timedelta(days=7), MONDAY):
            (home / "review" / f"{week}.html").write_text(PAGE.replace("{week}", str(week)), encoding="utf-8")
            for one in rows(week):
                listed = ", ".join(f"? as {column}" for column in one)
                con.execute(f"insert into metrics.weekly_review by name select {listed}", list(one.values()))
    return Home(home)
