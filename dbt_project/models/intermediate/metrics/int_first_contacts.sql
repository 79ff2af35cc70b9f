-- The first time that a person of ours spoke to each person's lead, on any of its records or their deals.
with

activities as (
    select lead_id, deal_id, happened_at from {{ ref('core_activities') }} where not coalesce(is_automated, false)
),

records as (
    select lead_id, coalesce(duplicate_of_lead_id, lead_id) as person_id from {{ ref('leads') }}
),

-- who asked before a source kept activities was spoken to as well; only nobody knows when
kept as (
    select ids_of, min(happened_at) as kept_from_at from {{ ref('core_activities') }} group by ids_of
),

deals as (
    select deal_id, lead_id from {{ ref('deals') }}
),

contacts as (
    select r.person_id, a.happened_at
    from activities as a
    inner join records as r on a.lead_id = r.lead_id
    union all
    select r.person_id, a.happened_at
    from activities as a
    inner join deals as d on a.deal_id = d.deal_id
    inner join records as r on d.lead_id = r.lead_id
)

select l.lead_id, min(c.happened_at) as first_contact_at
from {{ ref('int_person_leads') }} as l
inner join {{ ref('core_leads') }} as s on l.lead_id = s.lead_id
inner join kept as k on s.ids_of = k.ids_of and l.created_at >= k.kept_from_at
inner join contacts as c on l.lead_id = c.person_id and c.happened_at >= l.created_at
group by l.lead_id
