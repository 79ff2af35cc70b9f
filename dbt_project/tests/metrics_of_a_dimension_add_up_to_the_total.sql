-- Totals agree at every cut: the numerators of a dimension's values sum to the total's, for every additive metric.
with

metrics as (
    select m.*, cast(coalesce(m.numerator, 0) as decimal(28, 2)) as exact_amount
    from {{ ref('shared_metrics') }} as m
    inner join {{ ref('metric_definitions') }} as d on m.metric = d.metric and d.is_additive
    where m.status not like 'unavailable: cost is not known by %'
),

totals as (
    select * from metrics where dimension = 'total'
)

select t.metric, t.period_kind, t.period_start_on, m.dimension
from totals as t
inner join metrics as m
    on t.metric = m.metric and t.period_kind = m.period_kind and t.period_start_on = m.period_start_on and m.dimension <> 'total'
group by t.metric, t.period_kind, t.period_start_on, m.dimension, t.exact_amount
having sum(m.exact_amount) <> t.exact_amount
