-- Who owned the lead at the handover, at each of its deadlines (or at AS_OF when the deadline is still to come) and at AS_OF.
with

moments as (
    select handover_id, lead_id, 'handover' as moment, handed_over_at as owned_at
    from {{ ref('int_handover_spans') }}
    union all
    select h.handover_id, h.lead_id, 'contact', case when r.contact_due_at < {{ as_of() }} then r.contact_due_at else {{ as_of() }} end
    from {{ ref('int_handover_spans') }} as h
    inner join {{ ref('int_handover_responses') }} as r on h.handover_id = r.handover_id
    union all
    select
        h.handover_id, h.lead_id, 'disposition',
        case when o.disposition_due_at < {{ as_of() }} then o.disposition_due_at else {{ as_of() }} end
    from {{ ref('int_handover_spans') }} as h
    inner join {{ ref('int_handover_outcomes') }} as o on h.handover_id = o.handover_id
    union all
    select handover_id, lead_id, 'as_of', {{ as_of() }} from {{ ref('int_handover_spans') }}
),

owned as (
    select
        m.handover_id,
        m.moment,
        case when o.lead_id is not null then o.value else l.owner_id end as owner_id
    from moments as m
    inner join {{ ref('core_leads') }} as l on m.lead_id = l.lead_id
    left join {{ ref('int_lead_values') }} as o
        on
            m.lead_id = o.lead_id and o.field = 'owner'
            and (o.from_at is null or o.from_at <= m.owned_at)
            and (o.until_at is null or o.until_at > m.owned_at)
)

select
    o.handover_id,
    o.moment,
    o.owner_id,
    u.name as owner_name,
    coalesce(t.owner_team, 'unknown') as owner_team
from owned as o
left join {{ ref('core_users') }} as u on o.owner_id = u.user_id
left join {{ ref('int_owner_teams') }} as t on o.owner_id = t.user_id
