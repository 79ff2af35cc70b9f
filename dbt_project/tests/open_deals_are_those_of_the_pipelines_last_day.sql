-- The same deals, stages, amounts and dates as pipeline_daily has on its last day; a stalled one has been there for longer.
with

today as (
    select deal_id, stage, deal_amount, expected_close_on, owner_id
    from {{ ref('pipeline_daily') }}
    where day_on = {{ last_day() }}
),

compared as (
    select coalesce(o.deal_id, t.deal_id) as deal_id
    from {{ ref('open_deals') }} as o
    full outer join today as t on o.deal_id = t.deal_id
    where
        o.deal_id is null or t.deal_id is null or o.stage is distinct from t.stage
        or o.deal_amount is distinct from t.deal_amount or o.due_on is distinct from t.expected_close_on
        or o.owner_id is distinct from t.owner_id or (o.is_stalled and o.days_seen_in_stage <= o.stage_p90_days)
)

select * from compared
