"""What onefunnel itself recorded: loads of the lake under its own name, which no export delivers.

digests: when the daily digest showed an objection to marketing; written by onefunnel/digest.py.
forecasts: what was published as forecast, the first of each week; written by onefunnel/forecast/freeze.py.
"""

from __future__ import annotations

from onefunnel.entities import entities

NAME = "onefunnel"
FILLS: dict[str, list[str]] = {}
# text as we write it ourselves: instants in UTC, amounts with two places
FORECASTS = (
    "week_start_on as_of_at as_of_on quarter_week horizon fiscal_quarter method segment expected_amount low_amount "
    "high_amount closed_amount weighted_pipeline_amount new_deals_amount past_pattern_amount blend_weight past_origins "
    "revenue_basis interval_status status frozen_at run_id"
).split()


def lake_entities() -> list[str]:
    return ["digests", "forecasts"]


def lake_columns(entity: str) -> list[str]:
    """The columns that staging reads of this entity."""
    return FORECASTS if entity == "forecasts" else list(entities()[entity]["columns"])
