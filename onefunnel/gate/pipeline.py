"""The published pipeline beside the gate's own: deal by deal, week by week and cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pandas as pd

from expectations.pipeline import OF_DEALS
from onefunnel.gate.checks import beside
from onefunnel.gate.movements import INFLOWS, OUTFLOWS, Entry, Replayed, Span
from onefunnel.judge.instants import EPOCH, MICROSECOND

PARTS = (*INFLOWS, *OUTFLOWS)
NOTHING = "0.00"
WEEK = timedelta(days=7)
EXPLAINED, UNEXPLAINED = "of a deal whose own amount is negative", "of no such deal"
Key = tuple[date, str, str]  # week, source, due quarter

# each deal's movements in one order whoever tells them
MOVED = """
    select
        deal_id,
        string_agg(
            strftime(week_start_on, '%Y-%m-%d') || ': ' || movement || ' '
            || strftime(moved_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'), '; ' order by {order}
        ) as moves,
        string_agg(source || ' ' || due_fiscal_quarter, '; ' order by {order}) as cells,
        string_agg(cast(movement_amount as varchar), '; ' order by {order}) as amounts
    from metrics.pipeline_movements group by deal_id
""".format(order="moved_at, movement, source, due_fiscal_quarter, movement_amount")
# the days of a deal: where they are as many as lie between the first and the last one, and add up to them, there is no
# gap; only the others are looked at one by one
OPEN_DAYS = """
    with
    days as (select deal_id, day_on, day_on - date '1970-01-01' as d, deal_amount from metrics.pipeline_daily),
    summed as (
        select deal_id, min(d) as a, max(d) as b, count(*) as n, sum(d) as s, sum(d * d) as q,
            coalesce(sum(deal_amount), 0) as amount_days
        from days group by deal_id
    ),
    judged as (
        select *, n = b - a + 1 and 2 * s = n * (a + b)
            and 6 * q = cast(b * (b + 1) as hugeint) * (2 * b + 1) - cast(a * (a - 1) as hugeint) * (2 * a - 1)
            as is_whole
        from summed
    ),
    placed as (
        select deal_id, day_on, d - row_number() over (partition by deal_id order by d) as island
        from days where deal_id in (select deal_id from judged where not is_whole)
    ),
    islands as (
        select deal_id, min(day_on) as first_on, max(day_on) as last_on from placed group by deal_id, island
        union all
        select deal_id, date '1970-01-01' + cast(a as integer), date '1970-01-01' + cast(b as integer)
        from judged where is_whole
    )
    select
        i.deal_id,
        string_agg(
            strftime(first_on, '%Y-%m-%d') || ' to ' || strftime(last_on, '%Y-%m-%d'), '; ' order by first_on, last_on
        ) as days,
        any_value(cast(cast(j.amount_days as decimal(38, 2)) as varchar)) as amount_days
    from islands as i join judged as j using (deal_id) group by i.deal_id
"""


def deals_frame(con, replayed: Replayed) -> pd.DataFrame:
    """One row per deal of either side: its moves, their cells and amounts, the days it was open, side by side."""
    published = con.execute(f"select * from ({MOVED}) full join ({OPEN_DAYS}) using (deal_id)").df()
    rows = {deal_id: dict.fromkeys(OF_DEALS) for deal_id in replayed.spans}
    for deal_id, spans in replayed.spans.items():
        rows[deal_id] |= {"days": _days(spans), "amount_days": f"{sum(map(_amount_days, spans), Decimal(0)):.2f}"}
    for deal_id, entries in groupby(replayed.entries, lambda entry: entry.deal_id):
        rows.setdefault(deal_id, dict.fromkeys(OF_DEALS)).update(_moves(replayed, entries))
    judged = pd.DataFrame([{"deal_id": key, **row} for key, row in rows.items()], columns=["deal_id", *OF_DEALS])
    return beside(published, judged.astype(object), "deal_id", OF_DEALS)


def _moves(replayed: Replayed, entries: Iterable[Entry]) -> dict[str, str]:
    ordered = sorted(entries, key=lambda e: (e.at, e.movement, e.source, e.quarter, e.amount))
    weeks = [_monday(replayed.past.day_of(entry.at)) for entry in ordered]
    return {
        "moves": "; ".join(f"{week}: {e.movement} {_moment(e.at)}" for week, e in zip(weeks, ordered)),
        "cells": "; ".join(f"{e.source} {e.quarter}" for e in ordered),
        "amounts": "; ".join(f"{e.amount:.2f}" for e in ordered),
    }


def _days(spans: list[Span]) -> str:
    """Neighbouring spans are one."""
    found: list[list[date]] = []
    for span in spans:
        if found and span.first_on == found[-1][1] + timedelta(days=1):
            found[-1][1] = span.last_on
        else:
            found.append([span.first_on, span.last_on])
    return "; ".join(f"{first} to {last}" for first, last in found)


def _amount_days(span: Span) -> Decimal:
    return (span.amount or Decimal(0)) * ((span.last_on - span.first_on).days + 1)


def weeks_frame(con, replayed: Replayed) -> pd.DataFrame:
    """One row per week, source and due quarter that any side has something of; amounts as text.

    comes_to: the opening with what moved; closed_before: the closing of the week before; moved: the week's parts,
    beside what pipeline_movements and the gate have of it; on_last_day: what pipeline_daily says at the week's end.
    """
    weeks = _weeks(con)
    last_on = replayed.past.last_day
    closings = {key: row["closing"] for key, row in weeks.items()}
    movements, rejudged, days = _from_movements(con), _rejudged(replayed), _from_days(con, last_on)
    follow = {(week + WEEK, *cell) for (week, *cell), closing in closings.items() if closing != NOTHING}
    follow = {key for key in follow if key[0] <= last_on}
    rows = []
    for key in sorted({*weeks, *follow, *movements, *rejudged, *days}):
        week, *cell = key
        row = weeks.get(key, {"opening": NOTHING, "closing": NOTHING, "comes_to": NOTHING, "parts": {}})
        parts, theirs = row["parts"], rejudged.get(key, {})
        rows.append({
            "cell_id": f"{week} {cell[0]} {cell[1]}",
            **{name: row[name] for name in ("opening", "closing", "comes_to")},
            "closed_before": closings.get((week - WEEK, *cell), NOTHING),
            "moved": _text(parts),
            "moved_by_movements": _text(movements.get(key, {})),
            "rejudged_moved": _text(theirs),
            "on_last_day": days.get(key, NOTHING),
            "times_needed": 1 if key not in weeks else int(week <= last_on and _is_something(row)),
            "negative_outflows": _below_zero(parts, theirs),
        })  # fmt: skip
    columns = ["cell_id", "opening", "closing", "comes_to", "closed_before", "moved", "moved_by_movements",
               "rejudged_moved", "on_last_day", "times_needed", "negative_outflows"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _weeks(con) -> dict[Key, dict]:
    """The waterfall as it is published."""
    parts = ", ".join(f"cast({name}_amount as varchar)" for name in PARTS)
    signed = [*(f"+ {name}_amount" for name in INFLOWS), *(f"- {name}_amount" for name in OUTFLOWS)]
    rows = con.execute(
        f"""select week_start_on, source, due_fiscal_quarter, cast(opening_amount as varchar),
            cast(closing_amount as varchar), cast(opening_amount {" ".join(signed)} as varchar), {parts}
        from metrics.pipeline_waterfall_weekly"""
    )
    return {
        (week, source, quarter): {
            "opening": opening, "closing": closing, "comes_to": comes_to,
            "parts": {name: Decimal(told) for name, told in zip(PARTS, told) if Decimal(told)},
        }
        for week, source, quarter, opening, closing, comes_to, *told in rows.fetchall()
    }  # fmt: skip


def _from_movements(con) -> dict[Key, dict[str, Decimal]]:
    rows = con.execute(
        """select week_start_on, source, due_fiscal_quarter, movement, sum(movement_amount)
        from metrics.pipeline_movements group by all"""
    )
    found: dict[Key, dict[str, Decimal]] = {}
    for week, source, quarter, movement, amount in rows.fetchall():
        found.setdefault((week, source, quarter), {})[movement] = -amount if movement in OUTFLOWS else amount
    return found


def _rejudged(replayed: Replayed) -> dict[Key, dict[str, Decimal]]:
    found: dict[Key, dict[str, Decimal]] = {}
    for entry in replayed.entries:
        parts = found.setdefault((_monday(replayed.past.day_of(entry.at)), entry.source, entry.quarter), {})
        amount = -entry.amount if entry.movement in OUTFLOWS else entry.amount
        parts[entry.movement] = parts.get(entry.movement, Decimal(0)) + amount
    return found


def _from_days(con, last_on: date) -> dict[Key, str]:
    """What stood open at the end of each week, on its Sunday or the last day of all; nothing where it comes to 0."""
    rows = con.execute(
        """select cast(date_trunc('week', day_on) as date), source, due_fiscal_quarter,
            cast(sum(deal_amount) as varchar)
        from metrics.pipeline_daily where isodow(day_on) = 7 or day_on = ? group by all having sum(deal_amount) <> 0""",
        [last_on],
    )
    return {(week, source, quarter): amount for week, source, quarter, amount in rows.fetchall()}


def _text(parts: dict[str, Decimal]) -> str:
    return ", ".join(f"{name} {parts[name]:.2f}" for name in PARTS if parts.get(name)) or "nothing"


def _is_something(row: dict) -> bool:
    return bool(row["parts"]) or row["closing"] != NOTHING or row["opening"] != NOTHING


def _below_zero(parts: dict[str, Decimal], rejudged: dict[str, Decimal]) -> str:
    """Only a deal whose own amount is below zero makes an outflow negative, and the lake then says the same."""
    below = [name for name in OUTFLOWS if parts.get(name, 0) < 0]
    if not below:
        return "none"
    return EXPLAINED if all(rejudged.get(name) == parts[name] for name in below) else UNEXPLAINED


def balance_frame(con, replayed: Replayed) -> pd.DataFrame:
    """One row per source and due quarter: the last closing, and what the deals that are open at AS_OF come to."""
    last_week = _monday(replayed.past.last_day)
    closing = {key[1:]: row["closing"] for key, row in _weeks(con).items() if key[0] == last_week}
    rows = [
        (
            f"{source} {quarter}",
            closing.get((source, quarter), NOTHING),
            f"{replayed.balances.get((source, quarter), 0):.2f}",
        )
        for source, quarter in sorted({*closing, *replayed.balances})
    ]
    return pd.DataFrame(rows, columns=["cell_id", "last_closing", "open_deals_come_to"])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _moment(at: int) -> str:
    return f"{EPOCH + at * MICROSECOND:%Y-%m-%dT%H:%M:%S.%fZ}"
