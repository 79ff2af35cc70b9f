with

windows as (
    select * from {{ ref('int_period_windows') }}
),

-- CAC's costs are those of the days as long before the period as a won deal took, in the median of the last twelve months
cycles as (
    select period_kind, period_start_on, cast(floor(measured_value + 0.5) as integer) as cycle_days
    from {{ ref('int_percentiles') }}
    where
        measure = 'days from deal to won' and aggregated = 'median' and period_window = 'twelve months to its end'
        and dimension = 'total'
),

shifted as (
    select
        'as long before as a deal takes' as period_window,
        w.period_kind,
        w.period_start_on,
        {{ days_later('-c.cycle_days', 'w.from_on') }} as from_on,
        {{ days_later('-c.cycle_days', 'w.until_on') }} as until_on
    from windows as w
    inner join cycles as c on w.period_kind = c.period_kind and w.period_start_on = c.period_start_on
    where w.period_window = 'in the period'
)

select * from windows
union all
select * from shifted
