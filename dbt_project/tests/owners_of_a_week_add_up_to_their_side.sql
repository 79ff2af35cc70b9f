-- What the owners of sales owed in a week is what their teams owed and what the side owed.
{% set numbers = ['met', 'due', 'pending', 'unavailable'] %}
with

weekly as (
    select * from {{ ref('sla_weekly') }} where side = 'sales'
),

levels as (
    select
        *,
        case when team = '(all)' then 'side' when owner_id = '(all)' then 'team' else 'owner' end as level_name
    from weekly
)

select week_start_on, measure
from levels
group by week_start_on, measure
having
    {% for number in numbers -%}
    sum(case when level_name = 'side' then {{ number }} else 0 end) <> sum(case when level_name = 'team' then {{ number }} else 0 end)
    or sum(case when level_name = 'side' then {{ number }} else 0 end) <> sum(case when level_name = 'owner' then {{ number }} else 0 end)
    {{ 'or' if not loop.last }}
    {% endfor %}
