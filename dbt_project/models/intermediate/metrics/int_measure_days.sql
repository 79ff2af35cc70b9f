-- Each measure per day and value of each dimension; a record that leaves is taken away again on the day it left.
with

records as (
    select * from {{ ref('metric_records') }}
),

moves as (
    select measure, happened_on as day_on, 1 as sign, record_amount, channel, segment, region, owner_team from records
    union all
    select measure, leaves_on, -1, record_amount, channel, segment, region, owner_team from records where leaves_on is not null
)

{% for dimension in ['total'] + dimensions() %}
{%- set value = "'all'" if dimension == 'total' else dimension %}
select
    measure,
    '{{ dimension }}' as dimension,
    {{ value }} as dimension_value,
    day_on,
    cast(sum(sign) as bigint) as records,
    cast(sum(case when record_amount is not null then sign else 0 end) as bigint) as amounts,
    cast(sum(sign * record_amount) as decimal(28, 2)) as total_amount
from moves
{% if dimension != 'total' %}where {{ dimension }} is not null{% endif %}
group by measure, day_on{{ ', ' ~ dimension if dimension != 'total' }}
{{ 'union all' if not loop.last }}
{% endfor %}
