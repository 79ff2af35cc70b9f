"""The project's own SQL, as dbt compiles it, on a lake that a test makes up in memory."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from onefunnel import lake
from onefunnel.entities import entities
from tests import support
from tests.oracle_pipeline.histories import Deal
from tests.oracle_pipeline.worlds import CATEGORIES, CHANNELS, RATES, STAGES, World

MODELS = """stg_csv_folder__deals stg_csv_folder__deal_changes int_deals_as_of int_deal_changes_as_of core_deals
    int_deal_versions int_known_deals int_deal_changes int_deal_values int_deal_states int_fx_rates int_last_day
    int_day_numbers int_first_sources int_pipeline_deals int_pipeline_states pipeline_movements
    pipeline_waterfall_weekly pipeline_daily int_pipeline_follows int_pipeline_standings int_pipeline_turns
    int_pipeline_periods int_pipeline_due_dates int_pipeline_weeks pipeline_generated_weekly pipeline_advanced_weekly
    pipeline_slips pipeline_slipped_weekly stage_conversion open_deals""".split()
MARTS = ("pipeline_movements", "pipeline_waterfall_weekly", "pipeline_daily", "pipeline_generated_weekly")
MARTS += ("pipeline_advanced_weekly", "pipeline_slips", "pipeline_slipped_weekly", "stage_conversion", "open_deals")
MIN_CASES = 3  # stays of a stage before its percentiles say anything
INPUTS = {
    "run.context": "as_of_at timestamptz, timezone varchar, reporting_currency varchar, "
    "fiscal_year_start_month integer, fx_max_age_days integer, deal_types_in_scope varchar, "
    "signal_min_cases integer",
    "run.sources": "source_name varchar, ids_of varchar, kind varchar, timezone varchar, day_first varchar",
    "run.delivered": "source_name varchar, ids_of varchar, entity varchar, delivered_as varchar",
    "agreement.stages": "entity varchar, source_word varchar, stage varchar, stage_order integer, status varchar",
    "agreement.forecast_categories": "source_word varchar, category varchar",
    "funnel.core_fx_rates": "source_name varchar, rate_on date, currency varchar, rate decimal(28, 6)",
    "funnel.core_leads": "lead_id varchar, converted_deal_id varchar, converted_at timestamptz, lead_source varchar, "
    "campaign_id varchar",
    "funnel.core_campaigns": "campaign_id varchar, type varchar",
    "funnel.core_users": "user_id varchar, name varchar",
    "funnel.core_companies": "company_id varchar, name varchar",
    "funnel.int_lead_values": "lead_id varchar, field varchar, value varchar, from_at timestamptz",
    "funnel.int_channels": "channel_key varchar, channel varchar",
    "funnel.int_company_dimensions": "company_id varchar, segment varchar, region varchar",
    "metrics.leads": "lead_id varchar, channel varchar, segment varchar, region varchar, company_name varchar",
    "metrics.deals": "deal_id varchar, lead_id varchar, segment varchar, region varchar, company_name varchar",
}


def compiled(folder: Path) -> dict[str, str]:
    """Model -> its SQL; its tables are those of a database called memory, which is what an unnamed DuckDB is."""
    project = str(support.CHECKOUT / "dbt_project")
    options = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(folder)]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "compile", "--log-path", str(folder), *options]
        + ["--select", *MODELS],
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
    return {name: found[name] for name in MODELS}


def built(sql: dict[str, str], world: World) -> duckdb.DuckDBPyConnection:
    """A database in which the pipeline has been built from the world's lake."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute("set threads = 1")
    for schema in ("funnel", "metrics", "lake", "agreement", "run"):
        con.execute(f"create schema {schema}")
    tables = {**INPUTS, **{f"lake.csv_folder__{name}": _lake_columns(name) for name in ("deals", "deal_changes")}}
    for table, columns in tables.items():
        con.execute(f"create table {table} ({columns})")
    for table, rows in _rows(world).items():
        if rows:
            con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    for model in MODELS:
        schema, kind = "metrics" if model in MARTS else "funnel", "view" if model.startswith("stg_") else "table"
        con.execute(f"create {kind} {schema}.{model} as {sql[model]}")
    return con


def _columns(entity: str) -> list[str]:
    return [*lake.META, *entities()[entity]["columns"]]


def _lake_columns(entity: str) -> str:
    return ", ".join(f'"{name}" varchar' for name in _columns(entity))


def _rows(world: World) -> dict[str, list[tuple]]:
    return {
        "run.context": [(world.as_of, "Asia/Kolkata", "INR", 4, 7, "new", MIN_CASES)],
        "run.sources": [(name, name, "csv_folder", "Asia/Kolkata", "false") for name in ("crm", "desk")],
        "run.delivered": [("crm", "crm", "deals", "deals"), ("crm", "crm", "deal_changes", "deal_changes")],
        "agreement.stages": [("deal", word.lower(), *ours) for word, ours in STAGES.items()],
        "agreement.forecast_categories": [(word.lower(), category) for word, category in CATEGORIES.items()],
        "funnel.core_fx_rates": [
            ("finance", day, currency, rate) for currency, dated in RATES.items() for day, rate in dated
        ],
        "funnel.int_channels": [(f"{channel.lower()}|||||", channel) for channel in CHANNELS],
        "lake.csv_folder__deals": [row for deal in world.deals for row in _deal_rows(deal)],
        "lake.csv_folder__deal_changes": [
            row for number, deal in enumerate(world.deals) for row in _change_rows(deal, 100 * number)
        ],
    }


def lake_rows(world: World) -> dict[tuple[str, str], list[dict]]:
    """(source, entity) -> the lake's rows, by column."""
    found: dict[tuple[str, str], list[dict]] = {}
    for entity in ("deals", "deal_changes"):
        for row in _rows(world)[f"lake.csv_folder__{entity}"]:
            cells = dict(zip(_columns(entity), row, strict=True))
            found.setdefault((cells["_source"], entity), []).append(cells)
    return found


def _written(value) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return None if value is None else str(value)


def _row(entity: str, key: str, **cells) -> tuple:
    """One version in the lake; a deleted one has no cells of its own."""
    source = cells.pop("source")
    meta = {"_source": source, "_ids_of": source, "_kind": "csv_folder", "_key": key, "_timezone": "Asia/Kolkata"}
    row = meta | {"_occurrence": "1", "_deleted": "false"} | {name: _written(cell) for name, cell in cells.items()}
    return tuple(row.get(name) for name in _columns(entity))


def _deal_rows(deal: Deal) -> list[tuple]:
    rows, key = [], deal.deal_id.split(":")[1]
    for number, version in enumerate(deal.versions, start=1):
        given = {"source": deal.source, "_version": number, "_loaded_at": version.loaded_at}
        if version.cells is None:
            rows.append(_row("deals", key, **given, _deleted="true"))
            continue
        cells = {("owner_id" if name == "owner" else name): value for name, value in version.cells.items()}
        told = {"deal_id": key, "created_at": deal.created_at, "updated_at": version.updated_at}
        told |= {"closed_at": version.closed_at, "lead_source": deal.channel, "_row": 1}
        rows.append(_row("deals", key, **given, **cells, **told))
    return rows


def _change_rows(deal: Deal, first_row: int) -> list[tuple]:
    """A log goes with its deal, and comes back with it."""
    rows, key = [], deal.deal_id.split(":")[1]
    seen: dict[tuple, int] = {}
    for place, change in enumerate(deal.log):
        change_key = (key, _written(change.at), change.field)
        seen[change_key] = seen.get(change_key, 0) + 1
        for number, version in enumerate(_comings_and_goings(deal), start=1):
            given = {"source": deal.source, "_version": number, "_loaded_at": version.loaded_at}
            given |= {"_occurrence": seen[change_key]}
            if version.cells is None:
                rows.append(_row("deal_changes", "|".join(change_key), **given, _deleted="true"))
                continue
            told = {"deal_id": key, "changed_at": change.at, "field": change.field, "_row": first_row + place}
            rows.append(_row("deal_changes", "|".join(change_key), **given, **told, old=change.old, new=change.new))
    return rows


def _comings_and_goings(deal: Deal) -> list:
    return [
        version
        for before, version in zip([None, *deal.versions], deal.versions)
        if before is None or (before.cells is None) != (version.cells is None)
    ]
