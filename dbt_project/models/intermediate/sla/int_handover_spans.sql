-- Each handover with what bounds it: from when a contact counts, what ended it, the next one, what was promised of it.
with

handovers as (
    select * from {{ ref('int_handovers') }}
),

recycled_before as (
    select h.handover_id, max(r.recycled_at) as recycled_before_at
    from handovers as h
    inner join {{ ref('int_recycles') }} as r on h.lead_id = r.lead_id and r.recycled_at <= h.handed_over_at
    group by h.handover_id
)

select
    h.handover_id,
    h.lead_id,
    p.person_id,
    l.ids_of,
    l.created_at,
    h.handed_over_at,
    {{ local_day('h.handed_over_at') }} as handed_over_on,
    h.is_latest,
    case
        -- a lead that was created only after its handover: nothing before counts
        when l.created_at > h.handed_over_at then h.handed_over_at
        when r.recycled_before_at > l.created_at then r.recycled_before_at
        else l.created_at
    end as started_at,
    h.recycled_at,
    lead(h.handed_over_at) over (partition by h.lead_id order by h.handed_over_at) as next_handed_over_at,
    v.version as agreement_version,
    s.contact_within_us,
    s.conversation_min_seconds,
    s.disposition_within_us
from handovers as h
inner join {{ ref('core_leads') }} as l on h.lead_id = l.lead_id
inner join {{ ref('int_people') }} as p on h.lead_id = p.lead_id
left join recycled_before as r on h.handover_id = r.handover_id
left join {{ ref('int_versions') }} as v
    on h.handed_over_at >= v.in_force_at and (v.in_force_until_at is null or h.handed_over_at < v.in_force_until_at)
left join {{ source('agreement', 'service_levels') }} as s on v.version = s.version
