-- Each part of each metric, for every period and value of a dimension: what is counted or summed exactly, or measured.
with

wanted as (
    select
        p.*, w.period_kind, w.period_start_on, w.from_on, w.until_on, v.dimension_value,
        case when p.narrowed_by = 'total' then 'all' else v.dimension_value end as narrowed_to
    from {{ ref('metric_parts') }} as p
    inner join {{ ref('metric_windows') }} as w on p.period_window = w.period_window
    inner join {{ ref('int_dimension_values') }} as v on p.dimension = v.dimension
),

edges as (
    select * from {{ ref('int_measure_edges') }}
),

measured as (
    select * from {{ ref('int_percentiles') }}
    union all
    select * from {{ ref('int_customer_value_sums') }}
),

joined as (
    select
        w.*,
        coalesce(u.records_before, 0) - coalesce(f.records_before, 0) as records,
        coalesce(u.amounts_before, 0) - coalesce(f.amounts_before, 0) as amounts,
        coalesce(u.amount_before, 0) - coalesce(f.amount_before, 0) as total_amount,
        m.measured_value
    from wanted as w
    left join edges as u
        on w.measure = u.measure and w.narrowed_by = u.dimension and w.narrowed_to = u.dimension_value and w.until_on = u.edge_on
    left join edges as f
        on w.measure = f.measure and w.narrowed_by = f.dimension and w.narrowed_to = f.dimension_value and w.from_on = f.edge_on
    left join measured as m
        on
            w.measure = m.measure and w.aggregated = m.aggregated and w.period_window = m.period_window
            and w.period_kind = m.period_kind and w.period_start_on = m.period_start_on
            and w.narrowed_by = m.dimension and w.narrowed_to = m.dimension_value
)

select
    metric, dimension, dimension_value, period_kind, period_start_on, side, measure, period_window, aggregated,
    cast(factor * case aggregated
        when 'rows' then cast(records as decimal(28, 2))
        when 'rows with an amount' then cast(amounts as decimal(28, 2))
        when 'amount' then total_amount
    end as decimal(28, 2)) as exact_amount,
    case when aggregated = 'customer value' then coalesce(measured_value, 0) else measured_value end as measured_value
from joined
