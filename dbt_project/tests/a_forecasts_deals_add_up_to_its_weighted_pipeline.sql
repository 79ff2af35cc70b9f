-- The blend's weighted pipeline is what its deals bring, in each segment and in all.
with

deals as (
    select horizon, segment, sum(expected_amount) as expected_amount from {{ ref('forecast_deals') }} where status = 'ok'
    group by horizon, segment
    union all
    select horizon, 'all', sum(expected_amount) from {{ ref('forecast_deals') }} where status = 'ok'
    group by horizon
)

select f.horizon, f.segment, f.weighted_pipeline_amount, d.expected_amount
from {{ ref('revenue_forecast') }} as f
left join deals as d on f.horizon = d.horizon and f.segment = d.segment
where f.is_current and f.method = 'blend' and f.status = 'ok' and f.weighted_pipeline_amount <> coalesce(d.expected_amount, 0)
