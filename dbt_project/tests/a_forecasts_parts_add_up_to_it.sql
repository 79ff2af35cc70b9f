-- Closed, weighted pipeline, new deals and past pattern are the expected amount, the segments are the total, and the
-- forecast lies within its interval, to the paisa.
with

forecasts as (
    select * from {{ ref('revenue_forecast') }} where expected_amount is not null
),

totals as (
    select
        as_of_at, origin, is_current, horizon, method,
        sum(case when segment = 'all' then -1 else 1 end * expected_amount) as expected,
        sum(case when segment = 'all' then -1 else 1 end * closed_amount) as closed,
        sum(case when segment = 'all' then -1 else 1 end * weighted_pipeline_amount) as opened
    from forecasts
    -- of what was kept in a week before, a segment may have come on another day
    where is_current or origin = 'backtest'
    group by as_of_at, origin, is_current, horizon, method
)

select 'parts' as broken, horizon, method, as_of_at
from forecasts
where
    coalesce(interval_status = 'ok', false) <> (low_amount is not null) or closed_amount + weighted_pipeline_amount + new_deals_amount + past_pattern_amount <> expected_amount
    or low_amount > expected_amount or high_amount < expected_amount or (low_amount is null) <> (high_amount is null)
union all
select 'segments', horizon, method, as_of_at from totals where expected <> 0 or closed <> 0 or opened <> 0
