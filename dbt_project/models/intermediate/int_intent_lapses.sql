-- The last instant at which each lead's agreed behaviour stopped counting, by the version at AS_OF.
with

behaviours as (
    select b.*
    from {{ source('agreement', 'intent_behaviours') }} as b
    inner join {{ ref('int_versions') }} as v on b.version = v.version
    where v.in_force_at <= {{ as_of() }} and (v.in_force_until_at is null or v.in_force_until_at > {{ as_of() }})
),

numbered as (
    select
        t.lead_id,
        t.kind,
        t.happened_at,
        b.minimum_count,
        b.within_days,
        row_number() over (partition by t.lead_id, t.kind order by t.happened_at, t.touch_id) as touch_number
    from {{ ref('int_lead_touches') }} as t
    inner join behaviours as b on t.kind = b.kind
    where t.lead_id is not null
),

-- n touches within the days hold until the first of them is too old
runs as (
    select newest.lead_id, {{ days_after('oldest.within_days', 'oldest.happened_at') }} as lapsed_at
    from numbered as newest
    inner join numbered as oldest
        on
            newest.lead_id = oldest.lead_id and newest.kind = oldest.kind
            and newest.touch_number = oldest.touch_number + oldest.minimum_count - 1
    where {{ microseconds('newest.happened_at') }} - {{ microseconds('oldest.happened_at') }}
        < cast(oldest.within_days as bigint) * 86400000000
)

select lead_id, max(lapsed_at) as lapsed_at
from runs
group by lead_id
