"""The page that leads to all others: every week with its headline, what was corrected since, what waits today."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from onefunnel.home import Home
from onefunnel.pages.index_quality import published_has
from onefunnel.pages.index_run import newest_stop
from onefunnel.pages.kept import corrections
from onefunnel.pages.published import Published
from onefunnel.pages.words import UNKNOWN, days, money
from onefunnel.pages.write import FOLDER, NAVIGATION, write_page

SHOWN = 13  # weeks that stand open; older ones are folded, year by year
CORRECTED = 40  # corrections that are listed one by one
# per reviewed week: the forecast of the quarter that ran, what came in, what moved on, the sentence of the gap
HEADLINES = """
with forecasts as (
    select *, row_number() over (partition by week_start_on order by position) as place
    from metrics.weekly_review
    where section = 'quarter' and figure = 'forecast'
)

select
    w.week_start_on,
    max(f.dimension_value) as fiscal_quarter,
    max(f.value_amount) as forecast_amount,
    max(f.low_amount) as low_amount,
    max(f.high_amount) as high_amount,
    max(f.target_amount) as target_amount,
    max(case when w.section = 'generated' and w.figure = 'generated' then w.value_amount end) as generated_amount,
    max(case when w.section = 'advanced' and w.figure = 'advanced' then w.value_amount end) as advanced_amount,
    max(case when w.section = 'gap' then w.dimension_value end) as gap,
    max(case when w.section = 'gap' then w.status end) as gap_status,
    max(case when w.section = 'gap' then w.value_amount end) as gap_amount
from metrics.weekly_review as w
left join forecasts as f on w.week_start_on = f.week_start_on and f.place = 1
where w.section = 'gap' or w.dimension_value = '(all)' or w.section = 'quarter'
group by w.week_start_on
"""
COUNTS = """
select
    (select count(*) from metrics.to_hand_over) as to_hand_over,
    (select count(*) from metrics.return_to_nurture) as return_to_nurture,
    (select count(*) from metrics.data_faults) as faults,
    (select count(*) from metrics.data_faults where action = 'excluded') as excluded
"""
ABOUT = {
    "latest.html": "what both heads go through in the 45 minutes of Monday",
    "forecast.html": "what leadership can plan on: the quarter and the next, with their range and the methods' record",
    "agreement.html": "what both sides signed, what changed from version to version, and the ideal customer",
    "lists.html": "leads to hand over to sales and leads to return to nurture, by name of the company",
    "dictionary.html": "every published table and column in words, and what it is made from",
    "quality.html": "what the checks found, what became of every delivered row, what is wrong in the sources",
}


def write(home: Home, run_id: str, published: Published) -> list[Path]:
    """index.html: it works without any week, and lists what stands in the folder beside it."""
    folder = home.root / FOLDER
    weeks = weeks_of(folder, published)
    corrected = corrections(home, published) if published_has(published, "weekly_review") else []
    return [
        write_page(
            home,
            "index.html",
            "index.html",
            published,
            facts=published.facts,
            zone=published.zone,
            as_of_on=published.as_of_on,
            stop=newest_stop(home, published.facts["run_id"]),
            counts=published.rows(COUNTS)[0],
            newest=weeks[:SHOWN],
            older=by_year(weeks[SHOWN:]),
            weeks=len(weeks),
            corrections=corrected[:CORRECTED],
            corrections_left=len(corrected[CORRECTED:]),
            pages=[(href, name, ABOUT[href]) for href, name in NAVIGATION if href in ABOUT],
        )
    ]


def weeks_of(folder: Path, published: Published) -> list[dict]:
    """Every week that has a page or a headline, newest first."""
    found: dict[date, dict] = {}
    if published_has(published, "weekly_review"):
        found = {row["week_start_on"]: _headline(row, published.currency) for row in published.rows(HEADLINES)}
    written = {path.stem for path in folder.glob("*.html") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", path.stem)}
    weeks = sorted({*found, *map(date.fromisoformat, written)}, reverse=True)
    blank = {
        "quarter": None,
        "forecast": UNKNOWN,
        "range": None,
        "generated": UNKNOWN,
        "advanced": UNKNOWN,
        "gap": UNKNOWN,
    }
    return [
        blank
        | found.get(week, {})
        | {
            "days": days(week, week + timedelta(days=6)),
            "href": f"{week}.html" if str(week) in written else None,
            "year": week.year,
        }
        for week in weeks
    ]


def by_year(weeks: list[dict]) -> list[tuple[int, list[dict]]]:
    """(calendar year of the Monday, its weeks), in the order of the weeks."""
    return [(year, list(rows)) for year, rows in groupby(weeks, key=lambda week: week["year"])]


def _headline(row: dict, currency: str) -> dict:
    low, high = row["low_amount"], row["high_amount"]
    gap = row["gap_status"] or UNKNOWN
    if row["gap"] and row["gap"] != "(all)":
        gap = f"{row['gap']}, {money(row['gap_amount'], currency)} a quarter"
    return {
        "quarter": row["fiscal_quarter"],
        "forecast": money(row["forecast_amount"], currency),
        "range": f"{money(low, currency)} to {money(high, currency)}" if low is not None and high is not None else None,
        "target": money(row["target_amount"], currency),
        "generated": money(row["generated_amount"], currency),
        "advanced": money(row["advanced_amount"], currency),
        "gap": gap,
    }
