-- The credit of each channel of a path, in 1e-9 units, under the models that credit channels before touches.
with

channels as (
    select distinct path_number, milestone, channel from {{ ref('int_path_touches') }}
),

removals as (
    select * from {{ source('attribution', 'markov_removal') }}
),

removed as (
    select
        c.*,
        coalesce(r.removal_units, 0) as removal_units,
        sum(coalesce(r.removal_units, 0)) over (partition by c.path_number) as removal_units_of_path
    from channels as c
    left join removals as r on c.milestone = r.milestone and c.channel = r.channel
),

weighed as (
    select path_number, 'even_by_channel' as model, channel, cast(1 as bigint) as weight
    from channels
    union all
    select
        path_number, 'markov' as model, channel,
        cast(case when removal_units_of_path = 0 then 1 else removal_units end as bigint) as weight
    from removed
),

{{ divide_exactly('weighed', ['path_number', 'model'], '1000000000', 'weight', ['channel']) }}

select path_number, model, channel, units
from divided
where units > 0
