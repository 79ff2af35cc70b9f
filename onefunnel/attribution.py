"""Removal effects of channels: how many conversions would be lost without each, by an absorbing Markov chain."""

from __future__ import annotations


def write_markov(con) -> None:
    """attribution.markov_removal holds milestone, channel and removal_units (1e-9)."""
    con.execute("create schema if not exists attribution")
    con.execute(
        "create or replace table attribution.markov_removal (milestone varchar, channel varchar, removal_units bigint)"
    )
