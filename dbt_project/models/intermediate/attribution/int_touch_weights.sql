-- The weight of each touch under each model, as whole numbers, and the units it shares in: all 1e9 of its path, or
-- those of its channel where the model credits channels first. Touches without weight have no row.
{{ config(materialized='view') }}
with

path as (
    select * from {{ ref('int_path_touches') }}
),

models as (
    select * from {{ ref('int_model_weights') }} where not is_by_channel
),

held as (
    select
        p.path_number,
        m.model,
        p.touch_order,
        p.microseconds_before,
        m.half_life_days,
        m.rest_weight,
        case when p.is_first then m.first_weight end as first_weight,
        case when p.is_lead then m.lead_weight end as lead_weight,
        case when p.is_opportunity then m.opportunity_weight end as opportunity_weight,
        case when p.is_last then m.last_weight end as last_weight
    from path as p
    inner join models as m on p.milestone = m.milestone
),

placed as (
    select
        *,
        -- null where the touch holds none of the model's positions: it is one of the rest
        case
            when coalesce(first_weight, lead_weight, opportunity_weight, last_weight) is not null
                then
                    coalesce(first_weight, 0) + coalesce(lead_weight, 0)
                    + coalesce(opportunity_weight, 0) + coalesce(last_weight, 0)
        end as position_weight
    from held
),

counted as (
    select
        *,
        sum(case when position_weight is null then 1 else 0 end) over (partition by path_number, model) as rest_touches
    from placed
    where coalesce(position_weight, rest_weight, half_life_days) is not null
),

weighed as (
    select
        path_number,
        model,
        touch_order,
        cast(case
            when half_life_days is not null
                then greatest(1, {{ halved('microseconds_before', 'half_life_days') }})
            when position_weight is not null then position_weight * greatest(1, rest_touches)
            else rest_weight
        end as bigint) as weight
    from counted
)

select path_number, model, '(path)' as shared_in, cast(1000000000 as bigint) as shared_units, touch_order, weight
from weighed
union all
select p.path_number, c.model, c.channel as shared_in, c.units as shared_units, p.touch_order, 1 as weight
from path as p
inner join {{ ref('int_channel_units') }} as c
    on p.path_number = c.path_number and p.channel = c.channel
