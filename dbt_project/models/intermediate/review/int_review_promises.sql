-- One action from each side: the one of the week before with what had become of it by this week's end, and this week's.
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

sides as (
    select 'sales' as side, 1 as side_order
    union all
    select 'marketing', 2
),

actions as (
    select
        *,
        case when side = 'sales' or {{ setting('publish_marketing_actions') }} then words end as told_words
    from {{ ref('int_review_actions') }}
    where place = 1
),

delivered as (
    select count(*) as files from {{ source('run', 'delivered') }} where entity = 'review_actions'
),

joined as (
    select
        w.week_start_on,
        w.week_end_on,
        w.next_week_on,
        w.agreement_version,
        s.side,
        s.side_order,
        l.told_words as last_words,
        t.told_words as this_words,
        case
            when d.files = 0 then 'unavailable: no review actions'
            when l.side is null then 'none'
            when l.done_on <= w.week_end_on then 'done'
            when l.due_on <= w.week_end_on then 'overdue'
            else 'open'
        end as last_status,
        case
            when d.files = 0 then 'unavailable: no review actions'
            when t.side is null then 'none'
            else 'agreed'
        end as this_status
    from weeks as w
    cross join sides as s
    cross join delivered as d
    left join actions as l on w.week_start_on = {{ days_later(7, 'l.week_start_on') }} and s.side = l.side
    left join actions as t on w.week_start_on = t.week_start_on and s.side = t.side
)

select
    {{ review_figure('actions', '2 * side_order - 1', "'last_action'", 'week_start_on', 'week_end_on', "'text'", period_kind="'week'",
                     dimension="'side'", dimension_value='side', words='last_words', status='last_status') }}
from joined
union all
select
    {{ review_figure('actions', '2 * side_order', "'this_action'", 'next_week_on', days_later(6, 'next_week_on'), "'text'",
                     period_kind="'week'", dimension="'side'", dimension_value='side', words='this_words', status='this_status') }}
from joined
