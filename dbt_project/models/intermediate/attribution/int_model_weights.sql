-- What each model gives to each position, in thousandths of a percent; null: the model does not know the position.
with

-- first, last and linear are models of positions, too: all to the first, all to the last, all to the rest
models as (
    select 'first' as model, 1 as first_weight, null as last_weight, null as rest_weight
    union all
    select 'last' as model, null as first_weight, 1 as last_weight, null as rest_weight
    union all
    select 'linear' as model, null as first_weight, null as last_weight, 1 as rest_weight
    {% for model in ['u_shaped', 'w_shaped', 'full_path', 'time_decay', 'markov', 'even_by_channel'] -%}
    union all
    select '{{ model }}' as model, null as first_weight, null as last_weight, null as rest_weight
    {% endfor %}
),

agreed as (
    select
        model,
        {% for item in ['first', 'lead', 'opportunity', 'won', 'rest'] -%}
        max(case when item = '{{ item }}' then cast(value * 1000 as bigint) end) as {{ item }}_weight,
        {% endfor -%}
        max(case when item = 'half_life_days' then cast(value as bigint) end) as half_life_days
    from {{ source('agreement', 'attribution_models') }}
    group by model
),

milestones as (
    select 'opportunity' as milestone
    union all
    select 'won' as milestone
)

select
    m.model,
    s.milestone,
    cast(coalesce(a.first_weight, m.first_weight) as bigint) as first_weight,
    a.lead_weight,
    a.opportunity_weight,
    -- the touch of the winning is the last one of its path
    cast(coalesce(a.won_weight, m.last_weight) as bigint) as last_weight,
    cast(coalesce(a.rest_weight, m.rest_weight) as bigint) as rest_weight,
    a.half_life_days,
    m.model in ('markov', 'even_by_channel') as is_by_channel
from models as m
cross join milestones as s
left join agreed as a on m.model = a.model
where m.model <> 'full_path' or s.milestone = 'won'
