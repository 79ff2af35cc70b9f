-- What both sides owe of each objection in the log under a version in force: when it must be logged, when it must be shown.
with

objections as (
    select * from {{ ref('core_objections') }} where logged_at is null or logged_at <= {{ as_of() }}
),

shown as (
    select objection_id, min(shown_at) as first_shown_at from {{ ref('core_digests') }} group by objection_id
),

shows as (
    select count(*) as sources from {{ source('run', 'delivered') }} where entity = 'digests'
)

select
    o.objection_id,
    o.owner_id,
    coalesce(t.owner_team, 'unknown') as owner_team,
    o.logged_at,
    {{ instant_of(microseconds('o.raised_at') ~ ' + l.objection_logged_within_us') }} as log_due_at,
    {{ instant_of(microseconds('o.logged_at') ~ ' + l.objection_shown_within_us') }} as show_due_at,
    s.first_shown_at,
    w.sources > 0 as is_showing_told
from objections as o
inner join {{ ref('int_versions') }} as v
    on o.raised_at >= v.in_force_at and (v.in_force_until_at is null or o.raised_at < v.in_force_until_at)
inner join {{ source('agreement', 'service_levels') }} as l on v.version = l.version
cross join shows as w
left join shown as s on o.objection_id = s.objection_id
left join {{ ref('int_owner_teams') }} as t on o.owner_id = t.user_id
