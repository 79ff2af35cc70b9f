-- What people of sales did with a person, on any of its records or their deals. Nothing that is known to be another team's.
with

activities as (
    select
        a.activity_id,
        a.lead_id,
        a.deal_id,
        a.happened_at,
        coalesce({{ words('a.direction') }}, '') <> 'inbound' as is_attempt,
        coalesce({{ words('a.kind') }}, '') in ('call', 'meeting') as is_spoken,
        a.duration_seconds
    from {{ ref('core_activities') }} as a
    left join {{ ref('core_users') }} as u on a.owner_id = u.user_id
    where not coalesce(a.is_automated, false) and coalesce({{ words('u.team') }}, 'sales') = 'sales'
),

people as (
    select lead_id, person_id from {{ ref('int_people') }}
),

deals as (
    select deal_id, lead_id from {{ ref('int_deal_leads') }}
),

named as (
    select a.activity_id, p.person_id
    from activities as a
    inner join people as p on a.lead_id = p.lead_id
    union
    select a.activity_id, p.person_id
    from activities as a
    inner join deals as d on a.deal_id = d.deal_id
    inner join people as p on d.lead_id = p.lead_id
)

select n.person_id, a.activity_id, a.happened_at, a.is_attempt, a.is_spoken, a.duration_seconds
from activities as a
inner join named as n on a.activity_id = n.activity_id
