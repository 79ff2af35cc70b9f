-- How often a path goes from one channel to the next, to its end with or without a conversion, per milestone.
-- onefunnel/attribution.py solves the chain between two builds.
with

steps as (
    select milestone, channel, previous_channel, is_last, '(conversion)' as end_state
    from {{ ref('int_path_touches') }}
    union all
    select milestone, channel, previous_channel, is_last, '(null)' as end_state
    from {{ ref('int_unconverted_touches') }}
),

counted as (
    select milestone, previous_channel, channel, is_last, end_state, count(*) as steps
    from steps
    group by milestone, previous_channel, channel, is_last, end_state
)

select milestone, coalesce(previous_channel, '(start)') as from_state, channel as to_state, cast(sum(steps) as bigint) as transitions
from counted
group by milestone, coalesce(previous_channel, '(start)'), channel
union all
select milestone, channel as from_state, end_state as to_state, cast(sum(steps) as bigint) as transitions
from counted
where is_last
group by milestone, channel, end_state
