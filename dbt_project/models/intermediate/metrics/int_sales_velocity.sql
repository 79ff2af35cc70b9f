-- Sales velocity's numerator: what the open opportunities would bring if they were won like those of the last twelve months.
with

factors as (
    select
        dimension, dimension_value, period_kind, period_start_on,
        max(case when measure = 'open opportunities' then cast(exact_amount as double) end) as opened,
        max(case when measure = 'deals won' and aggregated = 'rows' then cast(exact_amount as double) end) as won,
        max(case when measure = 'deals lost' then cast(exact_amount as double) end) as lost,
        max(case when aggregated = 'amount' then cast(exact_amount as double) end) as won_value,
        max(case when aggregated = 'rows with an amount' then cast(exact_amount as double) end) as won_with_value,
        max(measured_value) as cycle_days
    from {{ ref('int_metric_values') }}
    where metric = 'sales_velocity'
    group by dimension, dimension_value, period_kind, period_start_on
)

select
    'sales_velocity' as metric, dimension, dimension_value, period_kind, period_start_on,
    case
        when cycle_days > 0 then opened * (won / nullif(won + lost, 0)) * (won_value / nullif(won_with_value, 0))
    end as numerator,
    cycle_days as denominator
from factors
