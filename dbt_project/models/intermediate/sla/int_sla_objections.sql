-- What both sides owe of each objection under a version in force. Sales must log what it hears, which can be judged of the
-- log only: the outcome of a call and the reason of a loss are logged as they are told, and would flatter it. Marketing must
-- be shown all of them, each once.
with

objections as (
    select * from {{ ref('int_objections') }}
),

shows as (
    select count(*) as sources from {{ source('run', 'delivered') }} where entity = 'digests'
)

select
    o.objection_id,
    v.version as agreement_version,
    o.found_in = 'sheet' as is_of_the_log,
    o.owner_id,
    coalesce(t.owner_team, 'unknown') as owner_team,
    o.logged_at,
    {{ instant_of(microseconds('o.raised_at') ~ ' + l.objection_logged_within_us') }} as log_due_at,
    -- of what nobody dated only the week can be told, that of the earliest deadline it may have had
    {{ instant_of(microseconds('coalesce(o.logged_at, o.raised_at)') ~ ' + l.objection_shown_within_us') }} as show_due_at,
    o.first_shown_at,
    w.sources > 0 as is_showing_told
from objections as o
inner join {{ ref('int_versions') }} as v
    on o.raised_at >= v.in_force_at and (v.in_force_until_at is null or o.raised_at < v.in_force_until_at)
inner join {{ source('agreement', 'service_levels') }} as l on v.version = l.version
cross join shows as w
left join {{ ref('int_owner_teams') }} as t on o.owner_id = t.user_id
