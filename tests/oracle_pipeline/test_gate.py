"""The gate's own book of each deal and a plain reading of the glossary agree, on random lakes written as files."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from onefunnel.gate.deals import read_deals
from onefunnel.gate.movements import Replayed, replay
from onefunnel.gate.past import read_past
from onefunnel.judge.instants import micros
from onefunnel.judge.read import read_lake
from onefunnel.judge.rules import Agreement
from tests.oracle_pipeline import ledger
from tests.oracle_pipeline.models import lake_rows
from tests.oracle_pipeline.worlds import CATEGORIES, CHANNELS, RATES, STAGES, World, world

SETTINGS = {
    "timezone": "Asia/Kolkata", "reporting_currency": "INR", "fx_max_age_days": "7", "fiscal_year_start_month": "4",
    "deal_types_in_scope": "new",
}  # fmt: skip
WANTED = ("deals", "deal_changes", "campaigns", "fx_rates")


def agreement(folder: Path) -> Path:
    """The lists that the gate reads of it."""
    folder.mkdir()
    stages = [f"deal,{word},{stage},{order},{status}" for word, (stage, order, status) in STAGES.items()]
    (folder / "stages.csv").write_text("\n".join(["entity,source_word,stage,stage_order,status", *stages]) + "\n")
    rules = [f"{place},{channel},{channel},true" for place, channel in enumerate(CHANNELS, start=1)]
    words = [f"{word},{category}" for word, category in CATEGORIES.items()]
    (folder / "forecast_categories.csv").write_text("\n".join(["source_word,category", *words]) + "\n")
    (folder / "channels.csv").write_text("\n".join(["rule_order,lead_source,channel,is_marketing", *rules]) + "\n")
    return folder


def replayed(company: World, folder: Path) -> Replayed:
    """What the gate makes of the world's lake."""
    files: dict[str, dict[str, list[Path]]] = {}
    with duckdb.connect() as con:
        for (source, entity), rows in {**lake_rows(company), ("finance", "fx_rates"): _rates()}.items():
            names = list(rows[0])
            con.execute(f"create or replace table t ({', '.join(f'{quoted(name)} varchar' for name in names)})")
            con.executemany(f"insert into t values ({', '.join('?' * len(names))})", [[*row.values()] for row in rows])
            path = folder / f"{source}-{entity}.parquet"
            con.execute(f"copy t to '{path}'")
            files.setdefault(source, {})[entity] = [path]
    lake = read_lake(files, micros(company.as_of), WANTED)
    signed = Agreement([], SETTINGS, {}, set(), set())
    lists = agreement(folder / "agreement")
    deals = read_deals(lake, files, signed, lists)
    return replay(read_past(lake, lists, signed, deals, {}, {}))


def quoted(name: str) -> str:
    return f'"{name}"'


def _rates() -> list[dict]:
    told = [(currency, day, rate) for currency, dated in RATES.items() for day, rate in dated]
    return [
        {"_source": "finance", "_ids_of": "finance", "_kind": "csv_folder", "_key": f"{day}|{currency}",
         "_occurrence": "1", "_version": "1", "_deleted": "false", "_loaded_at": "2025-03-01T00:00:00+00:00",
         "rate_on": str(day), "currency": currency, "rate": str(rate)}
        for currency, day, rate in told
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(1, 13))
def test_the_gate_tells_a_world_as_the_glossary_does(tmp_path, seed):
    company = world(seed, 60)
    terms = company.company()
    told = ledger.histories(company.deals, terms)
    found = replayed(company, tmp_path)
    moved = Counter((e.deal_id, e.at, e.movement, (e.source, e.quarter), f"{e.amount:.2f}") for e in found.entries)
    expected = ledger.movements(told, terms)
    assert moved == Counter((e.deal_id, micros(e.at), e.movement, e.cell, f"{e.amount:.2f}") for e in expected)
    days = Counter(
        {deal_id: sum((s.last_on - s.first_on).days + 1 for s in spans) for deal_id, spans in found.spans.items()}
    )
    assert days == Counter(deal_id for _, deal_id in ledger.daily(told, terms))
    balances = {cell: amount for cell, amount in found.balances.items() if amount}
    assert balances == {cell: Decimal(amount) for cell, amount in ledger.balance(told, terms, terms.last_day()).items()}
