"""The weekly review told again: its figures from the tables that they are of, in Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from onefunnel.gate.checks import beside
from onefunnel.gate.review_figures import WEEK, Figure, by_week, sunday
from onefunnel.gate.review_quarters import metrics_again, quarters_again

OF_FIGURES = ("said", "before", "target", "dates")
OUTCOMES = ("open", "advanced", "moved_on", "won", "lost")
MOVEMENTS = (
    *("opening", "created", "reopened", "pulled_in", "increased", "reclassified", "decreased", "pushed_out"),
    *("won", "lost", "scrubbed", "closing"),
)
OBJECTIONS = "select week_start_on, category from metrics.objections where repeats_objection_id is null"
PROMISES = ("definition_met", "contact", "disposition", "objection_logged", "objection_shown")


def review_frame(con, judged) -> pd.DataFrame:
    """One row per figure of either side: OF_FIGURES, and rejudged_ of each, for the sections that are numbers."""
    weeks = weeks_of(con, judged)
    retold = [
        *_generated(con, weeks),
        *_advanced(con, weeks),
        *_waterfall(con, weeks),
        *_promises(con, weeks),
        *_objections(con, weeks, judged.settings.objections_top),
        *_gaps(con, weeks),
        *metrics_again(con, weeks, judged.settings),
        *quarters_again(con, weeks, judged.settings),
    ]
    return beside(_published(con), _frame(retold), "record_id", OF_FIGURES)


def actions_frame(con) -> pd.DataFrame:
    """One row per week and figure of the section actions: how many sides it has, and of how many it may be shown."""
    return con.execute(
        """
        select week_start_on, figure, count(distinct dimension_value) as sides, count(*) filter (
            coalesce(words, '') not like '%@%'
            and status in ('done', 'open', 'overdue', 'none', 'agreed', 'unavailable: no review actions')
            and (words is null or status not in ('none', 'unavailable: no review actions'))
        ) as sides_that_hold
        from metrics.weekly_review where section = 'actions' group by all
        """
    ).df()


def weeks_of(con, judged) -> list[date]:
    """Every week from the first of the pipeline to the last that was over by AS_OF; at least that one."""
    today = judged.as_of.tz_convert(judged.settings.timezone).date()
    newest = today - timedelta(days=today.weekday()) - WEEK
    first = con.execute("select min(week_start_on) from metrics.pipeline_waterfall_weekly").fetchone()[0] or newest
    first = min(first, newest)
    return [first + n * WEEK for n in range((newest - first) // WEEK + 1)]


def _published(con) -> pd.DataFrame:
    rows = con.execute(
        """
        select week_start_on, section, figure, dimension_value, period_kind, value, value_amount, before, before_amount,
            target, target_amount, from_on, until_on
        from metrics.weekly_review where section not in ('actions', 'record', 'health') and figure <> 'horizon'
        """
    ).fetchall()
    return _frame([Figure(*row[:5], *_either(row[5:11]), row[11:]) for row in rows])


def _either(cells: tuple) -> list:
    """Of each number and amount the one that is there; of objections the number is what is told."""
    return [number if number is not None else amount for number, amount in zip(cells[::2], cells[1::2], strict=True)]


def _frame(figures: list[Figure]) -> pd.DataFrame:
    return pd.DataFrame([figure.row() for figure in figures], columns=["record_id", *OF_FIGURES])


def _generated(con, weeks: list[date]):
    cells = by_week(con, "select week_start_on, source, generated_amount, deals from metrics.pipeline_generated_weekly")
    for week in weeks:
        lately = [cells[week - n * WEEK] for n in range(13)]
        for source in {"(all)", *(name for cell in lately for name in cell)}:
            now, before = (_brought(cells[at], source) for at in (week, week - WEEK))
            average = sum(_brought(cell, source)[0] for cell in lately) / 13
            dates, quarter = (week, sunday(week)), (week - 12 * WEEK, sunday(week))
            yield Figure(week, "generated", "generated", source, "week", now[0], before[0], None, dates)
            yield Figure(week, "generated", "generated_deals", source, "week", now[1], before[1], None, dates)
            yield Figure(week, "generated", "generated_13_weeks", source, "weeks_13", average, None, None, quarter)


def _brought(cell: dict, source: str) -> tuple[Decimal, int]:
    """Amount and deals of the source, or of all of them."""
    rows = list(cell.values()) if source == "(all)" else [cell[source]] if source in cell else []
    return sum((amount for amount, _ in rows), Decimal(0)), sum(deals for _, deals in rows)


def _advanced(con, weeks: list[date]):
    listed = ", ".join(f"{outcome}_amount" for outcome in OUTCOMES)
    cells = by_week(con, f"select week_start_on, source, {listed} from metrics.pipeline_advanced_weekly")
    for at in list(cells):
        columns = zip(*cells[at].values(), strict=True)
        cells[at]["(all)"] = [_total(column) for column in columns]
    for week in weeks:
        for source, amounts in (cells.get(week) or {"(all)": [Decimal(0)] * len(OUTCOMES)}).items():
            before = cells.get(week - WEEK, {}).get(source) or [None] * len(OUTCOMES)
            for outcome, amount, was in zip(OUTCOMES, amounts, before, strict=True):
                yield Figure(week, "advanced", outcome, source, "week", amount, was, None, (week, sunday(week)))


def _total(amounts) -> Decimal | None:
    """Their sum; None when none of them is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _waterfall(con, weeks: list[date]):
    listed = ", ".join(f"{movement}_amount" for movement in MOVEMENTS)
    sums: dict = defaultdict(lambda: [Decimal(0)] * len(MOVEMENTS))
    rows = con.execute(f"select week_start_on, {listed} from metrics.pipeline_waterfall_weekly").fetchall()
    for week, *amounts in rows:
        sums[week] = [total + amount for total, amount in zip(sums[week], amounts, strict=True)]
    for week in weeks:
        before = sums[week - WEEK] if week > weeks[0] else [None] * len(MOVEMENTS)
        for movement, amount, was in zip(MOVEMENTS, sums[week], before, strict=True):
            dates = (week, sunday(week))
            yield Figure(week, "advanced", f"waterfall_{movement}", "(all)", "week", amount, was, None, dates)


def _promises(con, weeks: list[date]):
    """Sales' from its teams; what is promised is weighted by what was due."""
    kept: dict = defaultdict(lambda: defaultdict(lambda: [0, 0, 0.0, 0, 0.0]))
    rows = con.execute(
        """select measure, week_start_on, met, due, pending + unavailable, target from metrics.sla_weekly
        where owner_id = '(all)' and team <> '(all)'"""
    ).fetchall()
    for measure, week, met, due, others, target in rows:
        cell, records = kept[measure][week], due or others
        asked = [due * (target or 0), records, records * (target or 0)]
        kept[measure][week] = [was + more for was, more in zip(cell, [met, due, *asked], strict=True)]
    for week in weeks:
        for measure in PROMISES:
            for kind, length in (("week", 1), ("weeks_13", 13)):
                now, was = (_summed(kept[measure], week - n * WEEK, length) for n in (0, length))
                rate, before = (part[0] / part[1] if part[1] else None for part in (now, was))
                last = kept[measure].get(week)
                target = now[2] / now[1] if now[1] else last[4] / last[3] if last and last[3] else None
                dates = (week - (length - 1) * WEEK, sunday(week))
                yield Figure(week, "sla", "rate", measure, kind, rate, before, target, dates)


def _summed(weeks: dict, until: date, length: int) -> list:
    cells = [weeks[until - n * WEEK] for n in range(length) if until - n * WEEK in weeks]
    return [sum(column) for column in zip(*cells, strict=True)] or [0] * 5


def _objections(con, weeks: list[date], top: int):
    heard: dict = defaultdict(Counter)
    for week, category in con.execute(OBJECTIONS).fetchall():
        heard[week][category] += 1
    ranks = "select week_start_on, category, rank from metrics.objections_weekly where category is not null"
    listed = by_week(con, ranks)
    first = min(heard, default=None)
    for week in weeks:
        now, was, dates = heard[week], heard[week - WEEK], (week, sunday(week))
        told = now.total() if first and first <= week else None
        before = was.total() if first and first < week else None
        yield Figure(week, "objections", "objections", "(all)", "week", told, before, None, dates)
        # which of several that are as frequent is listed is the log's affair
        rarest = min(sorted(now.values(), reverse=True)[:top], default=0)
        for category in listed[week]:
            count = now[category] if now[category] >= rarest else -1
            yield Figure(week, "objections", "objections", category, "week", count, was[category], None, dates)


def _gaps(con, weeks: list[date]):
    """The dearest of the gaps whose interval lies above zero."""
    columns = "gap_amount, low_amount, from_on, until_on"
    gaps = by_week(con, f"select week_start_on, transition, {columns} from metrics.funnel_gaps")
    for week in weeks:
        real = {step: gap for step, gap in gaps[week].items() if gap[1] is not None and gap[1] > 0}
        named = max(real, key=lambda step: real[step][0], default="(all)")
        *_, first, last = next(iter(gaps[week].values()), [None, None])
        dates = (first or week, last or sunday(week))
        kind, amount = ("fiscal_quarter" if first else "week"), real[named][0] if real else None
        yield Figure(week, "gap", "funnel_gap", named, kind, amount, None, None, dates)
