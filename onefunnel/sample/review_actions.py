"""The sheet of the weekly review: one action from each side, who does it by when, and when it was done."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from onefunnel.sample import staff
from onefunnel.sample.clock import AS_OF, DAY, EXPORTED, NEVER, START, on, stream
from onefunnel.sample.tables import Table

SALES = (
    ("handed over to SAL", "Call every fair lead of last week before Thursday noon"),
    ("handed over to SAL", "Accept or return every handed lead that is older than two days"),
    ("handed over to SAL", "Enter a reason for every lead that was sent back"),
    ("SAL to SQL", "Ask for budget and date in the first conversation and write both down"),
    ("SQL to opportunity", "Put an amount and a closing date on every confirmed enquiry"),
    ("opportunity to won", "Visit the three largest offers that are due this quarter"),
    ("opportunity to won", "Review all offers whose date has moved twice"),
    ("opportunity to won", "Bring the service engineer to the two technical trials"),
)
MARKETING = (
    ("lead to MQL", "Stop the two search campaigns that bring students and job seekers"),
    ("lead to MQL", "Ask for plant size and role on the price list form"),
    ("MQL to handed over", "Hand over qualified leads on the day they qualify"),
    ("handed over to SAL", "Write what the lead asked for into each handover"),
    ("SQL to opportunity", "Send sales the one-page comparison with motor-driven pumps"),
    ("opportunity to won", "Publish the case study of the dairy in Kolhapur"),
    ("opportunity to won", "Rework the warranty sheet with service"),
    ("lead to MQL", "Invite the dealers' customers to the webinar on seals"),
)
WEEK = 7 * DAY
FIRST = START + 2 * DAY  # the first whole week begins on a Monday, 3 April 2023
KEPT = 0.93  # so many reviews end with an action of a side


def table(w: SimpleNamespace) -> Table:
    """review_actions.csv; the review of the week before AS_OF has not been held when the files are pulled."""
    rng = stream(w.seed, "review actions")
    columns = ["week", "side", "action", "owner_id", "due_on", "against_gap", "done_on"]
    newest = FIRST + (AS_OF - FIRST) // WEEK * WEEK - WEEK
    rows: list[tuple] = []
    for week in range(FIRST, newest, WEEK):
        for side, choices, owners in (("sales", SALES, staff.REPS), ("marketing", MARKETING, staff.MARKETERS)):
            row = _row(rng, week, side, choices, owners)
            # the newest outcome is there to be read
            if rng.random() < KEPT or week + WEEK == newest:
                rows.append(row)
    return Table("review_actions", columns, rows)


def _row(rng: np.random.Generator, week: int, side: str, choices: tuple, owners: tuple) -> tuple:
    """Agreed on the Monday after the week, due by the Friday; most are done in time, some late, a few never."""
    gap, action = choices[int(rng.integers(len(choices)))]
    due = week + WEEK + 4 * DAY
    roll, days = rng.random(), int(rng.integers(0, 4))
    done = due - days * DAY if roll < 0.68 else due + (3 + 4 * days) * DAY if roll < 0.86 else NEVER
    done = done if done <= EXPORTED else NEVER
    owner = str(owners[int(rng.integers(len(owners)))])
    days_told = on(np.array([week, due, done]))
    return (days_told[0], side, action, owner, days_told[1], gap, days_told[2])
