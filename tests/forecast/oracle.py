"""The blend's parts at one origin once more, deal by deal in plain Python, sharing no code with the package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

ZONE = ZoneInfo("Asia/Kolkata")
WEEKS_OF_AGES = (1, 2, 4, 8, 16, 32)


def quarter(number: int) -> datetime:
    """The start of a quarter that is so many after April 2015."""
    months = 3 + 3 * number
    return datetime(2015 + months // 12, months % 12 + 1, 1, tzinfo=ZONE)


@dataclass
class Window:
    """One past or present window: what stood at its origin, and what came of it."""

    stood: list[tuple[tuple, int]] = field(default_factory=list)
    closed: int = 0
    still: int = 0
    came: dict[tuple, int] = field(default_factory=dict)
    new: int = 0
    created: int = 0
    due: float = 0.0
    commit: int = 0


class Oracle:
    """Everything is read off lists of each deal's states."""

    def __init__(self, states: pd.DataFrame):
        self.deals = [rows.to_dict("records") for _, rows in states.sort_values("at").groupby("deal_id")]

    def states(self, at: datetime):
        """(number of the deal, its states before an instant), for those that have one."""
        for number, rows in enumerate(self.deals):
            before = [row for row in rows if row["at"] < at]
            if before:
                yield number, before

    def won(self, start: datetime, at: datetime) -> dict[int, int]:
        """Deal -> paisa of what is won at an instant and became so since `start`."""
        found = {}
        for number, rows in self.states(at):
            if rows[-1]["status"] == "won" and _since(rows, lambda row: row["status"]) >= start:
                found[number] = rows[-1]["amount"]
        return found

    def win_rate(self, at: datetime, stage: int) -> float:
        """Of the deals that were once open in a stage and are won or lost by an instant, the share won."""
        ends = [
            rows[-1]["status"]
            for _, rows in self.states(at)
            if any(row["status"] == "open" and row["stage_order"] == stage for row in rows)
        ]
        closed = [status for status in ends if status in ("won", "lost")]
        return closed.count("won") / len(closed) if closed else 0.0

    def window(self, number: int, offset: timedelta) -> Window:
        """This quarter's window of quarter `number`, `offset` after its start."""
        start, end = quarter(number), quarter(number + 1)
        at = min(start + offset, end)
        window, cell_of = Window(), {}
        window.created = sum(at - timedelta(days=91) <= rows[0]["at"] < at for rows in self.deals)
        for deal, rows in self.states(at):
            if rows[-1]["status"] == "open":
                since = _since(rows, lambda row: (row["status"], row["stage_order"]))
                age = sum(at - since >= timedelta(weeks=weeks) for weeks in WEEKS_OF_AGES)
                cell_of[deal] = (rows[-1]["stage_order"], age, rows[-1]["segment"])
                window.stood.append((cell_of[deal], rows[-1]["amount"]))
                if start.date() <= rows[-1]["expected_close_on"].date() < end.date():
                    window.due += rows[-1]["amount"] * self.win_rate(at, rows[-1]["stage_order"])
                    window.commit += rows[-1]["amount"] * (rows[-1]["category"] == "commit")
        window.closed = sum(self.won(start, at).values())
        at_the_end = self.won(start, end)
        window.still = sum(at_the_end.values()) - window.closed
        for deal, amount in at_the_end.items():
            if deal in cell_of:
                window.came[cell_of[deal]] = window.came.get(cell_of[deal], 0) + amount
        window.new = window.still - sum(window.came.values())
        return window


def _since(rows: list[dict], what) -> datetime:
    last = len(rows) - 1
    while last and what(rows[last - 1]) == what(rows[-1]):
        last -= 1
    return rows[last]["at"]


def rates(train: list[Window], cells: set[tuple]) -> dict[tuple, float]:
    """Cell -> the share of its amount that closes, in all as much as closed before."""
    stood = [one for window in train[-12:] for one in window.stood]
    came = [one for window in train[-12:] for one in window.came.items()]
    base, total = sum(amount for _, amount in stood), sum(amount for _, amount in came)
    if not base:
        return dict.fromkeys(cells, 0.0)
    prior = 10 * sum(amount**2 for _, amount in stood) / base
    drawn = {cell: _drawn(cell, stood, came, prior, total / base) for cell in cells | {cell for cell, _ in stood}}
    told = sum(amount * drawn[cell] for cell, amount in stood)
    return {cell: drawn[cell] * total / told if total else drawn[cell] for cell in cells}


def _drawn(cell: tuple, stood: list, came: list, prior: float, found: float) -> float:
    """Drawn to stage x age, that to the stage, that to all."""
    for depth in (1, 2, 3):
        value, of = (sum(amount for at, amount in some if at[:depth] == cell[:depth]) for some in (came, stood))
        found = (value + prior * found) / (of + prior)
    return found


def parts(windows: list[Window], now: int) -> tuple[float, float, float]:
    """(open pipeline, deals to come, past pattern) of window `now` before weighing."""
    train, stood = windows[:now], windows[now].stood
    rate = rates(train, {cell for cell, _ in stood})
    opened = sum(amount * rate[cell] for cell, amount in stood)
    recent = train[-12:]
    brought, before = (sum(some) / len(recent) for some in zip(*((window.new, window.created) for window in recent)))
    pattern = windows[now - 4] if now >= 4 else train[-1]
    return opened, brought * (windows[now].created + 10) / (before + 10), pattern.still


def blend(windows: list[Window], now: int) -> tuple[float, float]:
    """(expected, weight) of window `now` from those before it."""
    above = below = squares = 0.0
    past = []
    for i in range(1, now):
        opened, new, pattern = parts(windows, i)
        size = windows[i].closed + (opened + new + pattern) / 2
        if size > 0:
            past.append(((opened + new - pattern) / size, (windows[i].still - pattern) / size))
    squares = sum(apart**2 for apart, _ in past)
    weight = 0.5
    if squares:
        prior = 2 * squares / len(past)
        above = sum(apart * missed for apart, missed in past) + prior / 2
        below = squares + prior
        weight = min(max(above / below, 0.0), 1.0)
    opened, new, pattern = parts(windows, now)
    return windows[now].closed + weight * (opened + new) + (1 - weight) * pattern, weight


def others(windows: list[Window], now: int) -> dict[str, float | None]:
    """What the other methods expect of window `now`; None while they cannot say."""
    window, train = windows[now], windows[:now]
    still = {
        "last_quarter": train[-1].still if train else None,
        "average_four": sum(past.still for past in train[-4:]) / 4 if now >= 4 else None,
        "same_quarter_last_year": windows[now - 4].still if now >= 4 else None,
        "stage_weighted": window.due,
        "sales_commit": window.commit,
    }
    return {method: None if value is None else window.closed + value for method, value in still.items()}
