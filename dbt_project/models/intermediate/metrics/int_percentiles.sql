-- Medians and 90th percentiles of what is measured per record, for each window and dimension that a metric asks for.
with

wanted as (
    select distinct measure, aggregated, period_window
    from {{ ref('metric_parts') }}
    where aggregated in ('median', '90th percentile')
),

measures as (
    select distinct measure, period_window from wanted
),

rows_of_windows as (
    select
        m.measure, m.period_window, w.period_kind, w.period_start_on,
        r.quantity, r.channel, r.segment, r.region, r.owner_team
    from measures as m
    inner join {{ ref('metric_records') }} as r on m.measure = r.measure
    inner join {{ ref('int_period_windows') }} as w
        on m.period_window = w.period_window and r.happened_on >= w.from_on and r.happened_on < w.until_on
),

percentiles as (
    {% for dimension in ['total'] + dimensions() %}
    {%- set value = "'all'" if dimension == 'total' else dimension %}
    select
        measure, period_window, period_kind, period_start_on, '{{ dimension }}' as dimension, {{ value }} as dimension_value,
        {{ percentile('quantity', 0.5) }} as median, {{ percentile('quantity', 0.9) }} as ninetieth
    from rows_of_windows
    group by measure, period_window, period_kind, period_start_on{{ ', ' ~ dimension if dimension != 'total' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    p.measure, w.aggregated, p.period_window, p.period_kind, p.period_start_on, p.dimension, p.dimension_value,
    case when w.aggregated = 'median' then p.median else p.ninetieth end as measured_value
from percentiles as p
inner join wanted as w on p.measure = w.measure and p.period_window = w.period_window
