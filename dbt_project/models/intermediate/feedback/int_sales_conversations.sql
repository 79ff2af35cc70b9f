-- Conversations of sales: calls and meetings of people, as long as the agreement then in force asks. One row per activity.
select
    a.activity_id,
    a.happened_at,
    a.lead_id,
    a.deal_id,
    a.owner_id
from {{ ref('core_activities') }} as a
inner join {{ ref('int_versions') }} as v
    on a.happened_at >= v.in_force_at and (v.in_force_until_at is null or a.happened_at < v.in_force_until_at)
inner join {{ source('agreement', 'service_levels') }} as s on v.version = s.version
left join {{ ref('core_users') }} as u on a.owner_id = u.user_id
where
    not coalesce(a.is_automated, false)
    and {{ words('a.kind') }} in ('call', 'meeting')
    and a.duration_seconds >= s.conversation_min_seconds
    -- who is not known to be of another team is of sales
    and (u.team is null or {{ words('u.team') }} = 'sales')
