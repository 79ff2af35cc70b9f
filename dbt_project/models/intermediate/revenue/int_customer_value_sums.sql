-- Customers' expected value, summed for each period and value of a dimension.
with

sums as (
    {% for dimension in ['total'] + dimensions() %}
    {%- set value = "'all'" if dimension == 'total' else dimension %}
    select
        until_on, '{{ dimension }}' as dimension, {{ value }} as dimension_value, sum(customer_amount) as customer_amount
    from {{ ref('int_customer_values') }}
    group by until_on{{ ', ' ~ dimension if dimension != 'total' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    'orders' as measure, 'customer value' as aggregated, 'up to its end' as period_window, p.period_kind, p.period_start_on,
    s.dimension, s.dimension_value, cast(s.customer_amount as double) as measured_value
from sums as s
inner join {{ ref('int_periods') }} as p on s.until_on = p.until_on and not p.is_ahead
