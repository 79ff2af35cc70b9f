"""The end of a run, in words: what was published, where, the headline numbers, how to open them."""

from __future__ import annotations

import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from onefunnel.home import Home
from onefunnel.progress import count
from onefunnel.report_forecast import forecasts, pipeline
from onefunnel.report_promises import findings, promises
from onefunnel.review import newest


def closing_words(home: Home, run_folder: Path) -> str:
    """What a person reads last: numbers with their period and unit, and the way to the tables."""
    path = home.published / "onefunnel.duckdb"
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        info = _row(con, "select * from metrics.run_info")
        leads = _row(con, _LEADS)
        deals = con.execute(_DEALS).fetchall()
        cohort = _row(con, _COHORT)
        lists = _row(con, _LISTS)
        year = {metric: (value, status, on) for metric, value, status, on in con.execute(_YEAR).fetchall()}
        zone = ZoneInfo(info["timezone"])
        kept = promises(con, info["as_of_at"].astimezone(zone).date(), info["promise_weeks"])
        outstanding = findings(con)
        in_currency = partial(money, currency=info["reporting_currency"])
        outlook = pipeline(con, in_currency) + forecasts(con, in_currency)
        tables, rows = con.execute(
            "select count(*), sum(estimated_size) from duckdb_tables() where schema_name = 'metrics'"
        ).fetchone()
    return "\n".join(
        [
            "",
            f"{info['company_name']}, as of {_day(info['as_of_at'], zone)} ({info['timezone']}); "
            f"agreement version {info['agreement_version']}",
            *_numbers(leads, deals, cohort, lists, info, zone),
            *_year(year, info["reporting_currency"]),
            *outlook,
            *kept,
            *outstanding,
            *_digest(run_folder / "digest.json"),
            "",
            *_page(home),
            f"  checks: {info['checks_passed']} passed, {info['checks_warned']} warned; "
            f"data faults listed: {count(info['data_faults'])} (metrics.data_faults)",
            f"  published: {path}",
            f"             {home.published / 'parquet'}/*.parquet",
            f"             {count(tables)} tables, {count(rows)} rows; docs/tables.md says what each holds",
            f'  open: .venv/bin/python -c "import duckdb; '
            f"duckdb.connect('{_short(path)}', read_only=True).sql('from metrics.leads').show()\"",
            "        or point any DuckDB driver (DBeaver, Metabase, Superset, Tableau) at that file, read-only",
        ]
    )


_LEADS = """
select
    count(*) as leads,
    count(*) filter (where duplicate_of_lead_id is not null) as again,
    min(created_at) as first_at,
    max(created_at) as last_at,
    count(*) filter (where is_qualified) as qualified,
    count(*) filter (where mql_at is not null) as ever_qualified,
    count(*) filter (where first_handed_over_at is not null) as handed_over,
    count(*) filter (where routing = 'qualified_handed') as qualified_handed,
    count(*) filter (where routing = 'unqualified_handed') as unqualified_handed,
    count(*) filter (where handover_status like 'unavailable%') as handover_unavailable,
    count(*) filter (where opportunity_at is not null) as opportunities,
    count(*) filter (where won_at is not null) as won
from metrics.leads
"""
_DEALS = """
select status, count(*), sum(deal_amount), min(closed_at), max(closed_at) from metrics.deals group by 1 order by 1
"""
_COHORT = """
select period_start_on, cohort_size, reached, rate
from metrics.funnel_cohorts
where period_kind = 'fiscal_quarter' and channel = 'all' and stage = 'opportunity' and status = 'final'
order by period_start_on desc
limit 1
"""
_LISTS = """
select
    (select count(*) from metrics.to_hand_over) as to_hand_over,
    (select count(*) from metrics.return_to_nurture) as return_to_nurture
"""
# the latest fiscal year that is over, else the one that runs
_YEAR = """
select metric, value, status, period_start_on
from metrics.shared_metrics
where period_kind = 'fiscal_year' and dimension = 'total' and period_start_on = (
    select period_start_on
    from metrics.shared_metrics
    where metric = 'revenue' and period_kind = 'fiscal_year' and dimension = 'total'
    order by case when status = 'final' then 0 else 1 end, period_start_on desc
    limit 1
)
"""


def _year(year: dict, currency: str) -> list[str]:
    """One line on the money of a fiscal year: revenue, marketing's part, what a customer cost."""
    if "revenue" not in year or year["revenue"][0] is None:
        return []
    revenue, status, start = year["revenue"]
    cac, cac_status, _ = year["cac"]
    told = f"CAC {money(cac, currency)}" if cac is not None else f"CAC {cac_status}"
    noted = " (media only)" if cac is not None and cac_status == "media CAC" else ""
    return [
        f"  fiscal year from {start:%d %b %Y}{'' if status == 'final' else ', so far'}: "
        f"revenue {money(revenue, currency)}, {money(year['marketing_sourced_revenue'][0], currency)} "
        f"of it sourced by marketing; {told}{noted}"
    ]


def _digest(note: Path) -> list[str]:
    """One line on what marketing was shown by this run."""
    facts = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {"objections": 0}
    if not facts["objections"]:
        return ["  digest: no new objections"]
    plural = "s" if facts["objections"] > 1 else ""
    return [f"  digest: {count(facts['objections'])} new objection{plural} -> {facts['path']}"]


def _numbers(leads: dict, deals: list, cohort: dict, lists: dict, info: dict, zone: ZoneInfo) -> list[str]:
    total = leads["leads"]
    lines = [
        f"  {count(total)} leads, created {_day(leads['first_at'], zone)} to {_day(leads['last_at'], zone)}; "
        f"{count(leads['again'])} are of a person who had asked before",
        f"  {count(leads['qualified'])} of them qualified ({_share(leads['qualified'], total)}) "
        f"at their handover, or today where there was none; {count(leads['ever_qualified'])} at some time (MQL)",
    ]
    if leads["handover_unavailable"] == total:
        lines.append("  handed over: unavailable: no handover time")
    else:
        lines.append(
            f"  {count(leads['handed_over'])} handed over to sales ({_share(leads['handed_over'], total)}); with sales "
            f"now: {count(leads['qualified_handed'])} that meet the definition, "
            f"{count(leads['unqualified_handed'])} that do not"
        )
    lines.append(
        f"  {count(leads['opportunities'])} became an opportunity, {count(leads['won'])} were won "
        f"(deals not dated before their lead)"
    )
    if cohort:
        lines.append(
            f"  lead-to-opportunity rate of the fiscal quarter from {cohort['period_start_on']:%d %b %Y}: "
            f"{_share(cohort['reached'], cohort['cohort_size'])} ({count(cohort['reached'])} of "
            f"{count(cohort['cohort_size'])}) within {info['maturity_days']} days"
        )
    told = [f"{count(n)} {status} ({money(amount, info['reporting_currency'])})" for status, n, amount, *_ in deals]
    lines.append(f"  deals: {', '.join(told)}")
    closed = {status: (n, first, last) for status, n, _, first, last in deals if status in ("won", "lost")}
    if closed:
        first, last = min(f for _, f, _ in closed.values() if f), max(at for *_, at in closed.values() if at)
        rate = _share(closed.get("won", (0,))[0], sum(n for n, *_ in closed.values()))
        lines.append(
            f"  opportunity-to-close rate, by count, of deals closed {_day(first, zone)} to {_day(last, zone)}: {rate}"
        )
    lines.append(
        f"  to do: {count(lists['to_hand_over'])} qualified leads wait for handover, "
        f"{count(lists['return_to_nurture'])} handed leads should go back to nurture"
    )
    return lines


def money(amount, currency: str) -> str:
    """INR in crore and lakh with Indian grouping, other currencies in full."""
    if amount is None:
        return "no amount"
    if currency != "INR":
        return f"{currency} {amount:,.0f}"
    if abs(amount) >= 10_000_000:
        return f"₹{amount / 10_000_000:,.2f} crore"
    return f"₹{amount / 100_000:,.2f} lakh"


def _page(home: Home) -> list[str]:
    """The first thing to open: the week's review, where it could be written."""
    path = newest(home)
    return [f"  this week's review: {path} (in any browser; make review writes it again)"] if path.exists() else []


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "no denominator"


def _day(instant: datetime | None, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%d %b %Y") if instant else "never"


def _row(con, sql: str) -> dict:
    found = con.execute(sql).fetchone()
    return dict(zip([column[0] for column in con.description], found, strict=True)) if found else {}


def _short(path) -> str:
    relative = os.path.relpath(path)
    return relative if not relative.startswith("..") else str(path)
