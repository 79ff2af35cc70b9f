"""Companies that never were: what their funnels counted, through the SQL that looks for gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

STEPS = ("lead to MQL", "MQL to handed over", "handed over to SAL", "SAL to SQL", "SQL to opportunity")
STEPS += ("opportunity to won",)
USUAL = np.array([0.25, 0.9, 0.8, 0.6, 0.7, 0.2])
QUARTERS = 9  # eight to compare with, and the one that is judged
FIRST = date(2000, 1, 1)
COLUMNS = {
    "int_gap_cells": "quarter_on transition_order transition entrants reached",
    "int_gap_values": "quarter_on week_start_on transition_order won_amount",
    "int_review_weeks": "week_start_on ended_at",
}


@dataclass(frozen=True)
class Drop:
    """In the last quarter so much less than usual goes on from the step."""

    step: int
    share: float


def funnel(rng: np.random.Generator, leads: int, unrest: float, drop: Drop | None = None) -> np.ndarray:
    """entrants and reached of each quarter and step; unrest: how far rates stray from quarter to quarter (a beta's)."""
    rates = np.tile(USUAL, (QUARTERS, 1))
    if unrest:
        grip = 1 / unrest - 1
        rates = rng.beta(rates * grip, (1 - rates) * grip)
    if drop:
        rates[-1, drop.step] *= 1 - drop.share
    counts = np.zeros((QUARTERS, len(STEPS), 2), dtype=int)
    entrants = rng.poisson(leads, QUARTERS)
    for step in range(len(STEPS)):
        counts[:, step, 0] = entrants
        entrants = counts[:, step, 1] = rng.binomial(entrants, rates[:, step])
    return counts


def named(home: Path, funnels: list[np.ndarray], change=lambda sql: sql) -> list[str | None]:
    """The step that is named of each company, by the SQL that the home was built with, changed or not.

    The companies stand one after the other in time, so that all are judged at once.
    """
    con = _tables()
    rows = [_company(number, counts) for number, counts in enumerate(funnels)]
    for table, columns, of_companies in zip(COLUMNS, COLUMNS.values(), zip(*rows, strict=True), strict=True):
        given = pd.DataFrame([row for rows in of_companies for row in rows], columns=columns.split())
        con.execute(f"insert into candidate.funnel.{table} select {', '.join(columns.split())} from given")
        assert len(given)
    for schema, model in (("funnel", "int_gap_rates"), ("metrics", "funnel_gaps")):
        con.execute(f"create table candidate.{schema}.{model} as {change(compiled(home, model))}")
    rows = con.execute("select week_start_on, transition from candidate.metrics.funnel_gaps where is_named").fetchall()
    found = dict(rows)
    return [found.get(_week(number)) for number in range(len(funnels))]


def compiled(home: Path, model: str) -> str:
    """A model's SQL as dbt compiled it for the home."""
    return next((home / "warehouse/dbt/compiled").rglob(f"{model}.sql")).read_text(encoding="utf-8")


def _tables():
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; attach ':memory:' as candidate")
    for schema in ("run", "funnel", "metrics"):
        con.execute(f"create schema candidate.{schema}")
    con.execute(
        """create table candidate.run.context as
        select 'Asia/Kolkata' as timezone, 90 as maturity_days, 15 as signal_min_cases"""
    )
    con.execute(
        "create table candidate.funnel.int_gap_cells "
        "(quarter_on date, transition_order int, transition varchar, entrants bigint, reached bigint)"
    )
    con.execute(
        "create table candidate.funnel.int_gap_values "
        "(quarter_on date, week_start_on date, transition_order int, won_amount decimal(18, 2))"
    )
    con.execute("create table candidate.funnel.int_review_weeks (week_start_on date, ended_at timestamptz)")
    return con


def _quarter(number: int, place: int) -> date:
    months = 3 * (number * QUARTERS + place)
    return date(FIRST.year + months // 12, 1 + months % 12, 1)


def _week(number: int) -> date:
    """A Monday by which the company's last quarter is ripe and the next company's first is not."""
    day = _quarter(number, QUARTERS) + timedelta(days=100)
    return day - timedelta(days=day.weekday())


def _company(number: int, counts: np.ndarray) -> tuple[list, list, list]:
    """The rows of the tables in COLUMNS."""
    cells, values = [], []
    for place in range(QUARTERS):
        on, lakhs = _quarter(number, place), 100_000 * int(counts[place, -1, 1])
        cells += [(on, step + 1, STEPS[step], *counts[place, step].tolist()) for step in range(len(STEPS))]
        # each deal brings in a lakh
        values += [(on, on + timedelta(days=80), step + 1, lakhs) for step in range(len(STEPS))]
    week = _week(number)
    ended = datetime(week.year, week.month, week.day, tzinfo=UTC) + timedelta(days=7, hours=-5.5)
    return cells, values, [(week, ended)]
