-- What happened to each category after each of marketing's answers: objections and conversations in the agreed days before it,
-- in the same days after it, since it up to the agreed horizon, and later: in all the time beyond the days after it. An answer
-- is what marketing did, from the first objection that got it; telling it to the next one is no other answer. One row per
-- category and instant at which it got an answer.
with

objections as (
    select * from {{ ref('int_objections') }} where not is_unmapped
),

conversations as (
    select happened_at from {{ ref('int_sales_conversations') }}
),

given as (
    select
        category, answered_at, marketing_action,
        row_number() over (
            partition by category, {{ words('marketing_action') }} order by answered_at, objection_id
        ) as place,
        count(*) over (partition by category, {{ words('marketing_action') }}) as objections_answered
    from objections
    where answered_at is not null
),

-- two things done at one instant cannot be told apart by what came of them
answers as (
    select
        category,
        answered_at,
        {{ listed_in_order('marketing_action', 'marketing_action') }} as marketing_action,
        cast(sum(objections_answered) as bigint) as objections_answered
    from given
    where place = 1
    group by category, answered_at
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
        a.objections_answered,
        least(a.answered_at, greatest({{ days_after('-(' ~ setting('recurrence_days') ~ ')', 'a.answered_at') }}, k.known_from_at))
            as before_from_at,
        least({{ days_after(setting('recurrence_days'), 'a.answered_at') }}, {{ as_of() }}) as after_until_at,
        least({{ days_after(setting('recurrence_horizon_days'), 'a.answered_at') }}, {{ as_of() }}) as since_until_at
    from answers as a
    cross join known as k
),

said as (
    select
        w.category,
        w.answered_at,
        sum(case when o.raised_at < w.answered_at then 1 else 0 end) as objections_before,
        sum(case when o.raised_at >= w.answered_at and o.raised_at < w.after_until_at then 1 else 0 end) as objections_after,
        sum(case when o.raised_at >= w.answered_at and o.raised_at < w.since_until_at then 1 else 0 end) as objections_since,
        sum(case when o.raised_at >= w.after_until_at then 1 else 0 end) as objections_later
    from windows as w
    inner join objections as o on w.category = o.category and o.raised_at >= w.before_from_at
    group by w.category, w.answered_at
),

held as (
    select
        w.category,
        w.answered_at,
        sum(case when c.happened_at < w.answered_at then 1 else 0 end) as conversations_before,
        sum(case when c.happened_at >= w.answered_at and c.happened_at < w.after_until_at then 1 else 0 end)
            as conversations_after,
        sum(case when c.happened_at >= w.answered_at and c.happened_at < w.since_until_at then 1 else 0 end)
            as conversations_since,
        sum(case when c.happened_at >= w.after_until_at then 1 else 0 end) as conversations_later
    from windows as w
    inner join conversations as c on c.happened_at >= w.before_from_at
    group by w.category, w.answered_at
)

select
    w.category,
    w.answered_at,
    w.marketing_action,
    w.objections_answered,
    {{ days_between('w.before_from_at', 'w.answered_at') }} as days_before,
    {{ days_between('w.answered_at', 'w.after_until_at') }} as days_after,
    {{ days_between('w.answered_at', 'w.since_until_at') }} as days_since,
    {% for period in ['before', 'after', 'since', 'later'] -%}
    cast(coalesce(h.conversations_{{ period }}, 0) as bigint) as conversations_{{ period }},
    cast(coalesce(s.objections_{{ period }}, 0) as bigint) as objections_{{ period }}{{ ',' if not loop.last }}
    {% endfor %}
from windows as w
left join said as s on w.category = s.category and w.answered_at = s.answered_at
left join held as h on w.category = h.category and w.answered_at = h.answered_at
