-- The turns that each deal took: a stay in one stage while it is open, or a time in which it is won, lost or scrubbed. Who comes
-- back to a stage begins a new stay. One row per deal and turn.
{% set in_order = 'partition by deal_id order by state_number' %}
with

compared as (
    select
        *,
        lag(standing) over ({{ in_order }}) as standing_before,
        lag(stage) over ({{ in_order }}) as stage_before
    from {{ ref('int_pipeline_standings') }}
),

turns as (
    select *
    from compared
    where
        state_number = 1
        or standing <> standing_before
        or (standing = 'open' and stage is distinct from stage_before)
),

followed as (
    select
        deal_id,
        row_number() over ({{ in_order }}) as turn_number,
        standing,
        case when standing = 'open' then stage end as stage,
        case when standing = 'open' then stage_order end as stage_order,
        state_at as turned_at,
        lead(state_at) over ({{ in_order }}) as left_at,
        counted_on as turned_on,
        lead(counted_on) over ({{ in_order }}) as left_on,
        stages_known_from_at,
        lead(standing) over ({{ in_order }}) as next_standing,
        lead(stage_order) over ({{ in_order }}) as next_stage_order
    from turns
)

select
    *,
    -- when it was entered is known
    coalesce(stage is not null and turned_at >= stages_known_from_at, false) as is_dated,
    coalesce(next_standing = 'won' or (next_standing = 'open' and next_stage_order > stage_order), false) as is_forward,
    case when turned_at >= stages_known_from_at then {{ days_between('turned_at', 'left_at') }} end as stay_days
from followed
