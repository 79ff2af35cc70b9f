"""What the pipeline as it was costs: python -m bench.pipeline [deals] [years]; 100,000 deals over 5 years without them.

Deals and some eight changes of each are drawn by hash functions of their numbers and a seed, as the models before would
hand them over; the real models run on them one by one, in this process, on two threads. Prints each one's CPU seconds,
rows and seconds, and the peak memory of all.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.generate import AS_OF, sources
from onefunnel import warehouse
from onefunnel.agreement import read_agreement
from onefunnel.home import CHECKOUT, Home

MODELS = """int_fx_rates int_last_day int_day_numbers int_deal_values int_deal_states int_pipeline_states
    pipeline_movements pipeline_waterfall_weekly pipeline_daily int_pipeline_follows int_pipeline_standings
    int_pipeline_turns int_pipeline_periods int_pipeline_due_dates int_pipeline_weeks pipeline_generated_weekly
    pipeline_advanced_weekly pipeline_slips pipeline_slipped_weekly stage_conversion open_deals""".split()
# half of the deals are over after 75 days, one in twenty after more than 300
DRAWN = """
create macro u(n, what) as (hash(n, what, {seed}) % 1000000007) / 1000000007.0;
create macro opened(d) as timestamptz '{as_of}' - to_seconds(u(d, 'created') * {years} * 365.25 * 86400);
create macro lasts(d) as 86400 * 75 * exp(0.85 * sqrt(-2 * ln(u(d, 'a') + 1e-12)) * cos(6.283185307 * u(d, 'b')));
create macro at_share(d, share) as opened(d) + to_seconds(lasts(d) * share);
create schema if not exists funnel;
create table funnel.drawn as
select 'crm:D' || d as deal_id, d, opened(d) as created_at, at_share(d, 1) as closed_at from range({deals}) as r(d);
create table funnel.int_known_deals as
select
    deal_id, 'crm' as source_name, 'crm' as ids_of,
    (1000 * (50 + floor(u(d, 'amount') * 5000)))::decimal(18, 2) as amount,
    case when u(d, 'currency') < 0.9 then 'INR' else 'USD' end as currency, 'Requirement Study' as stage,
    null::varchar as forecast_category, created_at, (closed_at + interval 20 days)::date as expected_close_on,
    case when closed_at <= timestamptz '{as_of}' then closed_at end as closed_at, 'crm:U' || (d % 40) as owner_id,
    null::timestamptz as linked_at, false as is_closed_since,
    case
        when d % 50 = 0 and closed_at <= timestamptz '{as_of}' then created_at + (closed_at - created_at) / 2
    end as scrubbed_at
from funnel.drawn;
create table funnel.int_pipeline_deals as
select
    deal_id, created_at, closed_at, scrubbed_at, null::varchar as record_url, true as has_history,
    true as is_open_in_record, 'crm' as source_name, null::varchar as company_name, null::varchar as segment,
    null::varchar as region, created_at as known_from_at,
    ['Fairs', 'Search', 'Referral', 'IndiaMART', 'Website', 'Cold call', 'WhatsApp', 'Partner'][
        cast(1 + hash(deal_id) % 8 as bigint)
    ] as source,
    'unmapped' as source_before, null::timestamptz as reclassified_at
from funnel.int_known_deals;
create table funnel.int_deal_changes as
with steps as (
    from (values
        ('stage', 0.15, 'Requirement Study', 'Technical Offer'), ('stage', 0.4, 'Technical Offer', 'Commercial Offer'),
        ('stage', 0.7, 'Commercial Offer', 'Negotiation'), ('stage', 1.0, 'Negotiation', null),
        ('amount', 0.45, '100000', '180000'), ('amount', 0.8, '180000', '150000'), ('owner', 0.5, 'crm:U1', 'crm:U2'),
        ('expected_close_on', 0.6, '0.6', '0.9'), ('expected_close_on', 0.9, '0.9', '1.2'),
        ('forecast_category', 0.7, 'pipeline', 'commit')
    ) as s(field, share, old, new)
)
select
    d.deal_id, s.field, at_share(d.d, s.share) as changed_at, 1 as change_order, 'crm' as source_name,
    case
        when s.field = 'expected_close_on' then at_share(d.d, s.old::double)::date::varchar else s.old
    end as old_value,
    case
        when s.field = 'expected_close_on' then at_share(d.d, s.new::double)::date::varchar
        when s.share = 1.0 then case when u(d.d, 'won') < 0.3 then 'Closed Won' else 'Closed Lost' end
        else s.new
    end as new_value,
    true as is_logged
from funnel.drawn as d cross join steps as s
where at_share(d.d, s.share) <= timestamptz '{as_of}' and (s.share = 1.0 or u(d.d, s.field || s.share) < 0.8);
create table funnel.core_fx_rates as
select 'finance' as source_name, 'USD' as currency, day::date as rate_on, 83.25::decimal(28, 6) as rate
from range((timestamptz '{as_of}' - to_days(cast({years} * 366 + 10 as integer)))::date,
    (timestamptz '{as_of}')::date, interval 1 day) as r(day);
create table funnel.int_deal_versions as
select deal_id, 'crm' as source_name, created_at as loaded_at from funnel.int_known_deals;
create table funnel.core_users as select 'crm:U' || u as user_id, 'user ' || u as name from range(40) as r(u);
drop table funnel.drawn;
"""


def drawn(root: Path, deals: int, years: float, seed: int = 7) -> Home:
    """root holds a candidate with so many deals and their changes."""
    home = Home(root.resolve())
    as_of = datetime.fromisoformat(AS_OF)
    warehouse.prepare(
        home, warehouse.RunFacts("bench", as_of, datetime.now(UTC)), sources(), read_agreement(CHECKOUT / "agreement")
    )
    with duckdb.connect(str(home.candidate)) as con:
        con.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        con.execute(DRAWN.format(deals=deals, years=years, seed=seed, as_of=AS_OF))
    return home


def _rows(home: Home, model: str) -> int:
    schema = "funnel" if model.startswith("int_") else "metrics"
    with duckdb.connect(str(home.candidate), read_only=True) as con:
        return con.execute(f"select count(*) from {schema}.{model}").fetchone()[0]


def main(deals: int = 100_000, years: float = 5) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pid = os.fork()  # what drawing takes is not the models' memory
        if pid == 0:
            drawn(Path(folder), deals, years)
            os._exit(0)
        if os.waitpid(pid, 0)[1]:
            raise SystemExit("the deals could not be drawn")
        home = Home(Path(folder).resolve())
        print(f"{deals:,} deals over {years:g} years, {_rows(home, 'int_deal_changes'):,} changes")
        dbt = warehouse.Dbt(home, sources())
        for model in MODELS:
            cpu, began = time.process_time(), time.monotonic()
            dbt.invoke("run", "--select", model)
            cpu, seconds = time.process_time() - cpu, time.monotonic() - began
            print(
                f"  {model:28} {cpu:6.1f} CPU seconds {seconds:6.1f} seconds {_rows(home, model):12,} rows", flush=True
            )
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        print(f"  file {home.candidate.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main(*(kind(given) for kind, given in zip((int, float), sys.argv[1:])))
