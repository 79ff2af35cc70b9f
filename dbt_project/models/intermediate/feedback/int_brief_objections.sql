-- What each account had objected to by each handover, as far as it was logged by then. One row per handover with any.
with

-- marketing's first answer to each kind of objection, whoever had raised it
answers as (
    select category, min(answered_at) as answered_at
    from {{ ref('int_objections') }}
    where answered_at is not null and not is_unmapped
    group by category
),

-- what the answer was, until the next one; of two at one instant the words that come last are as good as any
texts as (
    select
        category,
        answered_at,
        max(marketing_action) as marketing_action,
        lead(answered_at) over (partition by category order by answered_at) as until_at
    from {{ ref('int_objections') }}
    where answered_at is not null and marketing_action is not null and not is_unmapped
    group by category, answered_at
),

known as (
    select
        h.handover_id,
        h.handed_over_at,
        o.objection_id,
        o.category,
        o.found_in,
        o.raised_at,
        case when o.answered_at <= h.handed_over_at then o.answered_at end as answered_at,
        case when a.answered_at <= h.handed_over_at then a.answered_at end as category_answered_at,
        row_number() over (partition by h.handover_id order by o.raised_at desc, o.objection_id asc) as number
    from {{ ref('int_brief_handovers') }} as h
    inner join {{ ref('int_objections') }} as o
        on
            h.account_id = o.account_id and o.raised_at <= h.handed_over_at
            and coalesce(o.logged_at, o.raised_at) <= h.handed_over_at
    left join answers as a on o.category = a.category
),

listed as (
    select
        *,
        category || case found_in when 'call_outcome' then ' in a call' when 'lost_reason' then ' with a lost deal' else '' end
        || ' on ' || {{ told_day('raised_at') }} || coalesce(', answered ' || {{ told_day('answered_at') }}, '') as told,
        number <= {{ setting('lead_brief_listed') }} as is_listed
    from known
),

histories as (
    select
        handover_id,
        count(*) as objections,
        {{ told_list('told', 'number', 'is_listed') }} as history,
        {{ listed_in_order('case when is_listed then objection_id end', 'number') }} as objection_ids
    from listed
    group by handover_id
),

answered as (
    select distinct
        k.handover_id,
        k.category,
        k.category || ' since ' || {{ told_day('k.category_answered_at') }} as told,
        k.category || ' on ' || {{ told_day('t.answered_at') }} || ': ' || t.marketing_action as told_text
    from listed as k
    left join texts as t
        on
            k.category = t.category and t.answered_at <= k.handed_over_at
            and (t.until_at is null or t.until_at > k.handed_over_at)
    where k.category_answered_at is not null
),

answered_lists as (
    select
        handover_id,
        {{ listed_in_order('told', 'category') }} as answered,
        {{ listed_in_order('told_text', 'category') }} as answers
    from answered
    group by handover_id
)

select h.handover_id, h.objections, h.history, h.objection_ids, a.answered, a.answers
from histories as h
left join answered_lists as a on h.handover_id = a.handover_id
