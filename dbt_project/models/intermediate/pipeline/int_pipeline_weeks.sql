-- The weeks at whose start each deal was open, as it stood then, and how it stands at the end of the next week in which anything
-- of it changes. One row per deal and week.
{% set in_order = 'partition by deal_id order by week_start_on' %}
with

ends_of_weeks as (
    select *, row_number() over (partition by deal_id, week_start_on order by state_number desc) as recency
    from {{ ref('int_pipeline_standings') }}
),

followed as (
    select
        *,
        lead(week_start_on) over ({{ in_order }}) as next_week_on,
        lead(standing) over ({{ in_order }}) as next_standing,
        lead(stage_order) over ({{ in_order }}) as next_stage_order
    from ends_of_weeks
    where recency = 1
),

counted as (
    select
        *,
        {{ whole_quotient(
            days_apart('week_start_on', 'coalesce(next_week_on, ' ~ period_start('week', last_day()) ~ ')'), 7
        ) }} as weeks
    from followed
    where standing = 'open'
)

-- a deal that is open at the end of a week is open at the start of all weeks up to the one in which it changes
select
    c.deal_id,
    {{ days_later('7 * n.day_number', 'c.week_start_on') }} as week_start_on,
    c.source,
    c.stage_order,
    c.deal_amount,
    c.stages_known_from_at,
    c.due_dates_known_from_at,
    c.next_week_on,
    c.next_standing,
    c.next_stage_order
from counted as c
inner join {{ ref('int_day_numbers') }} as n on c.weeks >= n.day_number
