-- What happened to each category that marketing answered: objections and conversations in the agreed days before its first
-- answer, in the same days after it, and in all the time since. One row per answered category.
with

objections as (
    select * from {{ ref('int_objections') }} where not is_unmapped
),

conversations as (
    select happened_at from {{ ref('int_sales_conversations') }}
),

answers as (
    select
        category, answered_at, marketing_action,
        row_number() over (partition by category order by answered_at, objection_id) as answer_number
    from objections
    where answered_at is not null
),

-- nothing is known of the days before both conversations and objections were kept
known as (
    select greatest(
        (select min(happened_at) from conversations), (select min(raised_at) from {{ ref('int_objections') }})
    ) as known_from_at
),

windows as (
    select
        a.category,
        a.answered_at,
        a.marketing_action,
        least(a.answered_at, greatest({{ days_after('-(' ~ setting('recurrence_days') ~ ')', 'a.answered_at') }}, k.known_from_at))
            as before_from_at,
        least({{ days_after(setting('recurrence_days'), 'a.answered_at') }}, {{ as_of() }}) as after_until_at
    from answers as a
    cross join known as k
    where a.answer_number = 1
),

said as (
    select
        w.category,
        sum(case when o.raised_at < w.answered_at then 1 else 0 end) as objections_before,
        sum(case when o.raised_at >= w.answered_at and o.raised_at < w.after_until_at then 1 else 0 end) as objections_after,
        sum(case when o.raised_at >= w.after_until_at then 1 else 0 end) as objections_later
    from windows as w
    inner join objections as o on w.category = o.category and o.raised_at >= w.before_from_at
    group by w.category
),

held as (
    select
        w.category,
        sum(case when c.happened_at < w.answered_at then 1 else 0 end) as conversations_before,
        sum(case when c.happened_at >= w.answered_at and c.happened_at < w.after_until_at then 1 else 0 end)
            as conversations_after,
        sum(case when c.happened_at >= w.after_until_at then 1 else 0 end) as conversations_later
    from windows as w
    inner join conversations as c on c.happened_at >= w.before_from_at
    group by w.category
)

select
    w.category,
    w.answered_at,
    w.marketing_action,
    {{ days_between('w.before_from_at', 'w.answered_at') }} as days_before,
    {{ days_between('w.answered_at', 'w.after_until_at') }} as days_after,
    {% for period in ['before', 'after', 'later'] -%}
    cast(coalesce(h.conversations_{{ period }}, 0) as bigint) as conversations_{{ period }},
    cast(coalesce(s.objections_{{ period }}, 0) as bigint) as objections_{{ period }}{{ ',' if not loop.last }}
    {% endfor %}
from windows as w
left join said as s on w.category = s.category
left join held as h on w.category = h.category
