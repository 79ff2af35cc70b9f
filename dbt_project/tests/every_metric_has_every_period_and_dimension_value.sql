-- A number that is missing is told, never left out.
with

expected as (
    select p.period_kind, p.period_start_on, v.dimension, v.dimension_value, count(*) as metrics
    from {{ ref('metric_definitions') }} as d
    cross join {{ ref('int_periods') }} as p
    cross join {{ ref('int_dimension_values') }} as v
    where not p.is_ahead or d.metric = 'pipeline_coverage'
    group by p.period_kind, p.period_start_on, v.dimension, v.dimension_value
),

published as (
    select period_kind, period_start_on, dimension, dimension_value, count(distinct metric) as metrics
    from {{ ref('shared_metrics') }}
    group by period_kind, period_start_on, dimension, dimension_value
)

select e.*
from expected as e
left join published as p
    on
        e.period_kind = p.period_kind and e.period_start_on = p.period_start_on
        and e.dimension = p.dimension and e.dimension_value = p.dimension_value
where p.metrics is null or p.metrics <> e.metrics
