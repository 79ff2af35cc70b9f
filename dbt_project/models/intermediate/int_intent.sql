-- The instants at which a lead had shown an agreed behaviour, often enough and lately enough.
with

instants as (
    select i.lead_id, i.judged_at, v.version
    from {{ ref('int_lead_instants') }} as i
    inner join {{ ref('int_versions') }} as v
        on i.judged_at >= v.in_force_at and (v.in_force_until_at is null or i.judged_at < v.in_force_until_at)
),

behaviours as (
    select * from {{ source('agreement', 'intent_behaviours') }}
),

touches as (
    select * from {{ ref('int_lead_touches') }}
    where lead_id is not null and kind in (select kind from behaviours)
),

-- a page view alone never signals intent: the agreement may not name it
counted as (
    select i.lead_id, i.judged_at, b.kind, b.minimum_count, count(*) as touches
    from instants as i
    inner join touches as t on i.lead_id = t.lead_id and t.happened_at <= i.judged_at
    inner join behaviours as b on i.version = b.version and t.kind = b.kind
    where {{ microseconds('i.judged_at') }} - {{ microseconds('t.happened_at') }}
        < cast(b.within_days as bigint) * 86400000000
    group by i.lead_id, i.judged_at, b.kind, b.minimum_count
)

select distinct lead_id, judged_at
from counted
where touches >= minimum_count
