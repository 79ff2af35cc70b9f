"""A difference between published and expected rows is seen and shown."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.oracle import comparing
from tests.oracle.hand import money, rows

METRICS = pd.DataFrame(
    rows(
        "metric period_kind period_start_on dimension dimension_value value numerator denominator unit status",
        ("revenue", "month", date(2025, 4, 1), "total", "all", 1e9 + 0.01, 1e9 + 0.01, np.nan, "amount", "final"),
        ("cpa_lead", "month", date(2025, 4, 1), "total", "all", 10 / 3, 10.0, 3.0, "amount", "final"),
    )
)
CREDIT = pd.DataFrame(
    rows(
        "model deal_id milestone touch_id channel campaign_id credit_share credit_amount",
        ("first", "D1", "won", "t1", "Search", "P1", money("1.000000000"), money("5.00")),
        ("first", "D2", "won", None, "no marketing touch", None, money("1.000000000"), None),
    ),
    dtype=object,
)


def changed(frame: pd.DataFrame, row: int, column: str, value) -> pd.DataFrame:
    found = frame.copy().astype(object)
    found.loc[row, column] = value
    return found


def test_equal_tables_have_no_differences():
    assert comparing.metric_differences(METRICS.astype(object).where(METRICS.notna(), None), METRICS) == ""
    assert comparing.credit_differences(CREDIT, CREDIT) == ""
    assert comparing.metric_differences(changed(METRICS, 1, "value", 10 / 3 * (1 + 1e-13)), METRICS) == ""


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (0, "numerator", 1e9 + 0.02, "revenue: 1 differs"),
        (0, "denominator", 1.0, "revenue: 1 differs"),
        (1, "value", 10 / 3 * (1 + 1e-11), "cpa_lead: 1 differs"),
        (1, "denominator", None, "cpa_lead: 1 differs"),
        (1, "status", "maturing", "cpa_lead: 1 differs"),
        (1, "dimension_value", "other", "cpa_lead: 1 missing, 1 not expected"),
    ],
)
def test_a_changed_metric_is_shown(row, column, value, said):
    assert comparing.metric_differences(changed(METRICS, row, column, value), METRICS).startswith(said)


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (0, "credit_share", money("0.999999999"), "first: 1 differs"),
        (0, "credit_amount", money("5.01"), "first: 1 differs"),
        (1, "credit_amount", money("0"), "first: 1 differs"),
        (1, "touch_id", "t2", "first: 1 missing, 1 not expected"),
        (0, "channel", "search", "first: 1 differs"),
    ],
)
def test_a_changed_credit_is_shown(row, column, value, said):
    assert comparing.credit_differences(changed(CREDIT, row, column, value), CREDIT).startswith(said)


def test_a_row_published_twice_is_seen():
    with pytest.raises(AssertionError, match="same key"):
        comparing.metric_differences(pd.concat([METRICS, METRICS]), METRICS)
