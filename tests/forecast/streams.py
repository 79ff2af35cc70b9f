"""Random streams of deal states for the tests: opened, moved, re-valued, re-dated, closed, re-opened, deleted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from onefunnel.forecast.history import STATUSES

SEGMENTS = np.array(["micro", "small", "medium"])


def stream(seed: int, deals: int = 60, start: str = "2021-01-10", days: int = 1100) -> pd.DataFrame:
    """The frame `states`, in no order: one to eight states a deal, some on the first instant of a quarter."""
    rng = np.random.default_rng(seed)
    rows = []
    for deal in range(deals):
        at = pd.Timestamp(start, tz="Asia/Kolkata") + pd.Timedelta(minutes=int(rng.integers(0, days * 1440)))
        segment, due = SEGMENTS[rng.integers(3)], at.normalize().tz_localize(None)
        for step in range(rng.integers(1, 9)):
            rows.append(
                {
                    "deal_id": f"D{deal}",
                    "at": at,
                    "status": "open" if step == 0 else rng.choice([*STATUSES, "open", "won"]),
                    "stage_order": int(rng.integers(1, 6)),
                    "amount": int(rng.integers(0, 10**9)),
                    "expected_close_on": due + pd.Timedelta(days=int(rng.integers(0, 200))),
                    "segment": segment,
                    "category": rng.choice(["commit", "pipeline"]),
                }
            )
            at += pd.Timedelta(minutes=int(rng.integers(1, 100 * 1440)))
            if rng.random() < 0.2:
                at = _quarter_start(at)
    states = pd.DataFrame(rows).assign(at=lambda frame: frame["at"].dt.tz_convert("UTC"))
    return states.sample(frac=1, random_state=seed).reset_index(drop=True)


def _quarter_start(at: pd.Timestamp) -> pd.Timestamp:
    following = at.tz_localize(None) + pd.offsets.QuarterBegin(startingMonth=1)
    return pd.Timestamp(following.normalize(), tz="Asia/Kolkata")
