-- What each account had objected to by each handover, as far as it was logged by then. One row per handover with any.
with

-- marketing's first answer to each kind of objection, whoever had raised it
answers as (
    select category, min(answered_at) as answered_at
    from {{ ref('int_objections') }}
    where answered_at is not null and not is_unmapped
    group by category
),

known as (
    select
        h.handover_id,
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
        handover_id, category, category || ' since ' || {{ told_day('category_answered_at') }} as told
    from listed
    where category_answered_at is not null
),

answered_lists as (
    select handover_id, {{ listed_in_order('told', 'category') }} as answered
    from answered
    group by handover_id
)

select h.handover_id, h.objections, h.history, h.objection_ids, a.answered
from histories as h
left join answered_lists as a on h.handover_id = a.handover_id
