-- How often each category was objected in all the time known before an answer of marketing's: an answer often follows a burst,
-- and what falls back from one to what it always was has not receded. One row per category and instant at which it got an answer.
with

answers as (
    select * from {{ ref('int_answers') }}
),

objections as (
    select category, raised_at from {{ ref('int_objections') }} where not is_unmapped
),

conversations as (
    select happened_at from {{ ref('int_sales_conversations') }}
),

-- nothing is known of the days before both conversations and objections were kept
known as (
    select greatest(
        (select min(happened_at) from conversations), (select min(raised_at) from {{ ref('int_objections') }})
    ) as known_from_at
),

raised as (
    select a.category, a.answered_at, count(*) as objections
    from answers as a
    cross join known as k
    inner join objections as o on a.category = o.category and o.raised_at < a.answered_at and o.raised_at >= k.known_from_at
    group by a.category, a.answered_at
),

held as (
    select a.category, a.answered_at, count(*) as conversations
    from answers as a
    cross join known as k
    inner join conversations as c on c.happened_at < a.answered_at and c.happened_at >= k.known_from_at
    group by a.category, a.answered_at
)

select
    a.category,
    a.answered_at,
    coalesce(r.objections, 0) as objections,
    coalesce(h.conversations, 0) as conversations
from answers as a
left join raised as r on a.category = r.category and a.answered_at = r.answered_at
left join held as h on a.category = h.category and a.answered_at = h.answered_at
