-- The instants in the lives of the window's people: of all their lead records, for what counts is when one of them qualifies.
-- Empty without a draft.
with

people as (
    select l.lead_id as first_lead_id
    from {{ ref('int_people') }} as l
    inner join {{ ref('core_leads') }} as c on l.lead_id = c.lead_id
    inner join {{ ref('int_what_if_window') }} as w
        on c.created_at >= w.starts_at and c.created_at < w.ends_at and {{ microseconds('c.created_at') }} <= w.mature_until_us
    where l.duplicate_of_lead_id is null and exists (select 1 from {{ ref('int_what_if_versions') }})
),

records as (
    select p.first_lead_id, l.lead_id
    from people as p
    inner join {{ ref('int_people') }} as l on p.first_lead_id = coalesce(l.duplicate_of_lead_id, l.lead_id)
)

select r.first_lead_id, i.lead_id, i.judged_at
from {{ ref('int_lead_instants') }} as i
inner join records as r on i.lead_id = r.lead_id
inner join {{ ref('core_leads') }} as c on i.lead_id = c.lead_id
-- a handover may be dated before its lead: no part of its life
where i.judged_at >= c.created_at
