"""What moved the pipeline and on which days it was open, deal by deal from what the lake says that each was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from onefunnel.gate.past import OPEN, SCRUBBED, Past, State

INFLOWS = ("created", "reopened", "pulled_in", "increased", "reclassified")
OUTFLOWS = ("decreased", "pushed_out", "won", "lost", "scrubbed")


class Entry(NamedTuple):
    """One movement: which cell it is of, and its amount, signed as it enters the closing; at: microseconds."""

    deal_id: str
    at: int
    movement: str
    source: str
    quarter: str
    amount: Decimal


class Span(NamedTuple):
    """Days at whose end a deal was open, the first and the last one, with its amount on each of them."""

    first_on: date
    last_on: date
    amount: Decimal | None


@dataclass
class Replayed:
    """The pipeline as the gate has it: entries of all deals, spans by deal_id, what is open in each cell at AS_OF."""

    past: Past
    entries: list[Entry]
    spans: dict[str, list[Span]]
    balances: dict[tuple[str, str], Decimal]


def replay(past: Past) -> Replayed:
    """Every deal in scope, from its creation to AS_OF."""
    entries, spans = [], {}
    for deal_id in sorted(past.deals):
        states = list(past.states(deal_id))
        entries += _entries(deal_id, states)
        if told := _spans(past, states):
            spans[deal_id] = told
    return Replayed(past, entries, spans, _balances(past))


def _balances(past: Past) -> dict[tuple[str, str], Decimal]:
    """From the deals as they stand, not from what moved: those in no closed stage, not deleted and not omitted."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for key, deal in past.deals.items():
        is_open = deal.gone_at is None and deal.status not in ("won", "lost") and not past.is_omitted(deal, past.as_of)
        if is_open and deal.deal_amount is not None:
            found[past.origins[key].at(past.as_of), past.quarter(deal, past.as_of)] += deal.deal_amount
    return found


def _entries(deal_id: str, states: list[tuple[int, State]]) -> list[Entry]:
    """In the order in which they count."""
    found: list[Entry] = []
    before, has_been = None, False
    for at, now in states:
        is_first = now.amount is not None and not has_been
        has_been = has_been or is_first
        moves = _first(now) if is_first else _step(before, now)
        found += [Entry(deal_id, at, *move) for move in moves]
        before = now
    return found


def _first(now: State) -> list[tuple]:
    """A deal's first amount is its creation, whatever it has become by then."""
    return [("created", now.source, now.quarter, now.amount), *_end(now)]


def _end(now: State) -> list[tuple]:
    return [] if now.status == OPEN or now.amount is None else [(now.status, now.source, now.quarter, -now.amount)]


def _step(before: State | None, now: State) -> list[tuple]:
    """From what it was to what it is. From one closing to another leads through the pipeline, to a deletion not."""
    if before is None or (before.status != OPEN and now.status in (before.status, SCRUBBED)):
        return []
    back = [("reopened", before.source, before.quarter, before.amount)] if before.status != OPEN else []
    return [*(move for move in back if before.amount is not None), *_change(before, now), *_end(now)]


def _change(before: State, now: State) -> list[tuple]:
    """The amount in the cell it was in, another source or currency, then another quarter."""
    if before.amount is None or now.amount is None:
        state, sign = (before, -1) if now.amount is None else (now, 1)
        return _differs(state, sign * (state.amount or Decimal(0)))
    if (before.source, before.currency) == (now.source, now.currency):
        moves = _differs(before, now.amount - before.amount)
    else:
        moves = [
            ("reclassified", before.source, before.quarter, -before.amount),
            ("reclassified", now.source, before.quarter, now.amount),
        ]
    if before.quarter != now.quarter:
        moves.append(("pushed_out", now.source, before.quarter, -now.amount))
        moves.append(("pulled_in", now.source, now.quarter, now.amount))
    return moves


def _differs(state: State, by: Decimal) -> list[tuple]:
    return [("increased" if by > 0 else "decreased", state.source, state.quarter, by)] if by else []


def _spans(past: Past, states: list[tuple[int, State]]) -> list[Span]:
    """What it was last on a day is what it was at its end."""
    days = {past.day_of(at): state for at, state in states}
    starts = sorted(days)
    ends = [*(day - timedelta(days=1) for day in starts[1:]), past.last_day]
    return [Span(day, end, days[day].amount) for day, end in zip(starts, ends) if days[day].status == OPEN]
