"""What sales commits to: nothing committed is no unknown category, and what is not known is counted."""

from __future__ import annotations

import pandas as pd
import pytest

from onefunnel.forecast import History, Quarters, forecast, instant
from onefunnel.forecast.facts import HORIZONS

AS_OF = "2024-05-10T00:00:00Z"


def commit(categories: list, segments=None, commit_since=None) -> dict[str, tuple]:
    """segment -> (expected paisa, status) of sales' commit this quarter, of open due deals of 100 paisa each."""
    states = pd.DataFrame(
        {
            "deal_id": [f"D{n}" for n in range(len(categories))],
            "at": pd.Timestamp("2024-05-01", tz="UTC"),
            "status": "open",
            "stage_order": 1,
            "amount": 100,
            "expected_close_on": pd.Timestamp("2024-06-20"),
            "segment": segments or "micro",
            "category": categories,
        }
    )
    history = History(states, commit_since=None if commit_since is None else instant(commit_since))
    rows, _ = forecast(history, Quarters(), instant(AS_OF))
    rows = rows[(rows["method"] == "sales_commit") & (rows["horizon"] == HORIZONS[0])]
    return {
        row["segment"]: (None if pd.isna(row["expected_amount"]) else row["expected_amount"], row["status"])
        for row in rows.to_dict("records")
    }


@pytest.mark.parametrize(
    "categories, told",
    [
        (["commit", "pipeline"], (100, "ok")),
        (["pipeline", "best case"], (0, "nothing committed yet")),
        (["commit", None, None], (100, "short history: category of 2 deals not known")),
        (["pipeline", None], (0, "short history: category of 1 deal not known")),
        ([None, None], (None, "unavailable: category of 2 deals not known")),
    ],
)
def test_what_is_committed_what_is_not_and_what_nobody_knows(categories, told):
    assert commit(categories)["all"] == told


def test_each_segment_says_what_it_leaves_out():
    assert commit(["commit", None, "pipeline"], ["micro", "small", "medium"]) == {
        "all": (100, "short history: category of 1 deal not known"),
        "micro": (100, "ok"),
        "small": (0, "short history: category of 1 deal not known"),
        "medium": (0, "nothing committed yet"),
    }


def test_before_the_categories_have_a_history_nothing_is_said():
    assert commit(["commit"], commit_since="2024-06-01")["all"] == (None, "no history of categories")
