-- Numerator and denominator of each metric, made of its parts.
with

sides as (
    select
        metric, dimension, dimension_value, period_kind, period_start_on,
        coalesce(
            max(case when side = 'numerator' then measured_value end),
            cast(sum(case when side = 'numerator' then exact_amount end) as double)
        ) as numerator,
        cast(sum(case when side = 'denominator' then exact_amount end) as double) as denominator
    from {{ ref('int_metric_values') }}
    where metric <> 'sales_velocity'
    group by metric, dimension, dimension_value, period_kind, period_start_on
)

select
    metric, dimension, dimension_value, period_kind, period_start_on, numerator,
    -- nothing is left to cover once the target is reached
    case when metric = 'pipeline_coverage' and denominator < 0 then 0 else denominator end as denominator
from sides
union all
select metric, dimension, dimension_value, period_kind, period_start_on, numerator, denominator
from {{ ref('int_sales_velocity') }}
