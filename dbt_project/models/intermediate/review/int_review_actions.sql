-- What each side promised in a week's review, in the words that are shown: one action a side, the first that is written down.
with

actions as (
    select
        a.*,
        lower(trim(a.side)) as of_side,
        {{ period_start('week', 'a.week') }} as week_start_on,
        {{ dbt.position("'@'", 'a.action') }} > 0 as holds_address
    from {{ ref('core_review_actions') }} as a
),

ranked as (
    select
        *,
        case
            when of_side in ('sales', 'marketing') and week_start_on is not null and not holds_address
                then row_number() over (
                    partition by week_start_on, of_side
                    order by case when holds_address then 1 else 0 end, source_name, source_file, source_row
                )
        end as place
    from actions
)

select
    r.source_name,
    r.source_file,
    r.source_row,
    r.week_start_on,
    r.of_side as side,
    r.due_on,
    r.done_on,
    r.place,
    r.holds_address,
    trim(r.action)
    || case when u.name is null and r.due_on is null then '' else ' (' end
    || coalesce(u.name, '')
    || case when u.name is not null and r.due_on is not null then ', ' else '' end
    || coalesce('due ' || {{ day_in_words('r.due_on') }}, '')
    || case when u.name is null and r.due_on is null then '' else ')' end as words
from ranked as r
left join {{ ref('core_users') }} as u on r.owner_id = u.user_id
