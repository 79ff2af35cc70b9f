-- How many people of each fiscal quarter entered each step of the funnel, and how many of them went on.
{% for name, from_stage, to_stage in transitions() %}
select
    quarter_on,
    {{ loop.index }} as transition_order,
    '{{ name }}' as transition,
    cast(sum(case when in_{{ from_stage }} and in_{{ to_stage }} is not null then 1 else 0 end) as bigint) as entrants,
    cast(sum(case when in_{{ from_stage }} and in_{{ to_stage }} then 1 else 0 end) as bigint) as reached
from {{ ref('int_gap_people') }}
group by quarter_on
{{ 'union all' if not loop.last }}
{% endfor %}
