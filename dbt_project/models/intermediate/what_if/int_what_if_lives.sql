-- The lead records of the window's people, each with the instant at which it was a lead no more: its person's first
-- opportunity, or when it was closed out itself. Recycling is no end: marketing has the lead again. Empty without a draft.
with

people as (
    select l.lead_id as first_lead_id
    from {{ ref('leads') }} as l
    inner join {{ ref('int_what_if_window') }} as w
        on l.created_at >= w.starts_at and l.created_at < w.ends_at and {{ microseconds('l.created_at') }} <= w.mature_until_us
    where l.duplicate_of_lead_id is null and exists (select 1 from {{ ref('int_what_if_versions') }})
),

records as (
    select
        p.first_lead_id,
        l.lead_id,
        l.created_at,
        min(l.opportunity_at) over (partition by p.first_lead_id) as opportunity_at
    from people as p
    inner join {{ ref('leads') }} as l on p.first_lead_id = coalesce(l.duplicate_of_lead_id, l.lead_id)
),

closings as (
    select c.lead_id, c.changed_at as closed_at
    from {{ ref('int_lead_changes') }} as c
    inner join {{ source('agreement', 'stages') }} as s
        on s.entity = 'lead' and s.stage = 'disqualified' and s.source_word = {{ words('c.new_value') }}
    where c.field = 'status' and coalesce({{ words('c.old_value') }}, '') <> {{ words('c.new_value') }}
    union all
    select v.lead_id, v.disposed_at as closed_at
    from {{ ref('int_lead_versions') }} as v
    inner join {{ source('agreement', 'dispositions') }} as d
        on d.is_closing and d.source_word = {{ words('v.disposition') }}
    where v.disposed_at is not null
),

-- one dated before its lead is a fault, one after AS_OF not known yet
first_closings as (
    select r.lead_id, min(c.closed_at) as closed_at
    from records as r
    inner join closings as c on r.lead_id = c.lead_id and c.closed_at >= r.created_at and c.closed_at <= {{ as_of() }}
    group by r.lead_id
)

select
    r.first_lead_id,
    r.lead_id,
    r.created_at,
    case
        when c.closed_at is null or r.opportunity_at < c.closed_at then r.opportunity_at
        else c.closed_at
    end as ended_at
from records as r
left join first_closings as c on r.lead_id = c.lead_id
