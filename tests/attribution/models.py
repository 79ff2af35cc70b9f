"""The project's own SQL, as dbt compiles it, on tables that a test makes up in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from onefunnel.attribution import write_markov
from tests import support
from tests.attribution.contract import HALF_LIFE_DAYS, LOOKBACK_DAYS, WEIGHTS, World

BEFORE = [
    "int_deal_leads",
    "int_deal_milestones",
    "int_path_touches",
    "int_unconverted_touches",
    "int_channel_transitions",
]
AFTER = ["int_model_weights", "int_channel_units", "int_touch_weights", "int_touch_units", "touch_credit"]

INPUTS = {
    "funnel.int_deals": "deal_id varchar, lead_id varchar, status varchar, opportunity_at timestamptz, "
    "closed_at timestamptz, deal_amount decimal(18, 2), deal_type varchar",
    "funnel.int_lead_deals": "lead_id varchar, deal_id varchar",
    "funnel.int_people": "lead_id varchar, person_id varchar",
    "funnel.core_leads": "lead_id varchar, created_at timestamptz",
    "funnel.int_account_touches": "touch_id varchar, happened_at timestamptz, channel varchar, is_marketing boolean, "
    "campaign_id varchar, account_id varchar, is_eligible boolean",
    "identity.accounts": "entity varchar, record_id varchar, account_id varchar",
    "agreement.attribution_models": "model varchar, item varchar, value decimal(9, 3)",
}


def compiled(folder: Path) -> dict[str, str]:
    """Model -> its SQL; its tables are those of a database called memory, which is what an unnamed DuckDB is."""
    project = str(support.CHECKOUT / "dbt_project")
    options = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(folder)]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "compile", "--log-path", str(folder), *options]
        + ["--select", *BEFORE, *AFTER],
        env=support.environment(
            ONEFUNNEL_CANDIDATE=str(folder / "memory.duckdb"),
            ONEFUNNEL_KINDS="csv_folder",
            DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        ),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    found = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "compiled").rglob("*.sql")}
    return {name: found[name] for name in BEFORE + AFTER}


def credited(sql: dict[str, str], world: World, solve=write_markov) -> duckdb.DuckDBPyConnection:
    """A database in which the models have been built on the world; metrics.touch_credit is the last of them."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute("set threads = 1")
    for schema in ("funnel", "metrics", "identity", "agreement"):
        con.execute(f"create schema {schema}")
    for table, columns in INPUTS.items():
        con.execute(f"create table {table} ({columns})")
    for table, rows in _rows(world).items():
        if rows:
            con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    _build(con, sql, BEFORE)
    solve(con)
    _build(con, sql, AFTER)
    return con


def _build(con, sql: dict[str, str], models: list[str]) -> None:
    for model in models:
        schema = "metrics" if model == "touch_credit" else "funnel"
        con.execute(f"create table {schema}.{model} as {sql[model]}")


def _rows(world: World) -> dict[str, list[tuple]]:
    """Every second deal knows its lead itself, the others are what a lead was converted into; each has a duplicate."""
    led = [(n, deal) for n, deal in enumerate(world.deals) if deal.lead_created_at is not None]
    settings = [("all", "lookback_days", LOOKBACK_DAYS), ("time_decay", "half_life_days", HALF_LIFE_DAYS)]
    settings += [(model, item, value) for model, items in WEIGHTS.items() for item, value in items.items()]
    own = {deal.deal_id for n, deal in led if n % 2}
    return {
        "funnel.int_deals": [
            (d.deal_id, f"lead of {d.deal_id}" if d.deal_id in own else None)
            + (d.status, d.opportunity_at, d.closed_at, d.amount, "new")
            for d in world.deals
        ],
        "funnel.int_lead_deals": [(f"lead of {d.deal_id}", d.deal_id) for _, d in led],
        "funnel.int_people": [
            (f"{lead}{d.deal_id}", f"first of {d.deal_id}") for _, d in led for lead in ("lead of ", "first of ")
        ],
        "funnel.core_leads": [(f"first of {d.deal_id}", d.lead_created_at) for _, d in led]
        + [(f"lead of {d.deal_id}", d.lead_created_at.replace(year=2035)) for _, d in led],
        "funnel.int_account_touches": [
            (t.touch_id, t.at, t.channel, True, f"campaign of {t.touch_id}", t.account_id, t.is_eligible)
            for t in world.touches
        ],
        "identity.accounts": [("deal", d.deal_id, d.account_id) for d in world.deals],
        "agreement.attribution_models": settings,
    }
