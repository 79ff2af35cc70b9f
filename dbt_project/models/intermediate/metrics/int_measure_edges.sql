-- What each measure came to before each day on which a window begins or ends: a window is then one subtraction.
with

days as (
    select * from {{ ref('int_measure_days') }}
),

parts as (
    select distinct p.measure, p.narrowed_by, w.from_on, w.until_on
    from {{ ref('metric_parts') }} as p
    inner join {{ ref('metric_windows') }} as w on p.period_window = w.period_window
),

edges as (
    select measure, narrowed_by, from_on as edge_on from parts where from_on is not null
    union
    select measure, narrowed_by, until_on as edge_on from parts
),

cuts as (
    select distinct d.measure, d.dimension, d.dimension_value, e.edge_on
    from (select distinct measure, dimension, dimension_value from days) as d
    inner join edges as e on d.measure = e.measure and d.dimension = e.narrowed_by
),

marked as (
    select measure, dimension, dimension_value, day_on, records, amounts, total_amount, 1 as is_record from days
    union all
    select measure, dimension, dimension_value, edge_on, 0, 0, 0, 0 from cuts
),

-- an edge comes before the records of its own day
summed as (
    select
        *,
        sum(records) over day_by_day as records_before,
        sum(amounts) over day_by_day as amounts_before,
        sum(total_amount) over day_by_day as amount_before
    from marked
    window day_by_day as (
        partition by measure, dimension, dimension_value
        order by day_on, is_record
        rows between unbounded preceding and current row
    )
)

select
    measure, dimension, dimension_value, day_on as edge_on,
    cast(records_before as bigint) as records_before,
    cast(amounts_before as bigint) as amounts_before,
    cast(coalesce(amount_before, 0) as decimal(28, 2)) as amount_before
from summed
where is_record = 0
