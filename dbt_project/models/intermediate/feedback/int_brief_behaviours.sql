-- What each person did in the agreed last days, and when last. What one does after withdrawing consent is not told.
with

touches as {{ evaluated_first() }} (
    select happened_at, {{ words('kind') }} as kind, lead_id, contact_id, email
    from {{ ref('core_touches') }}
    where
        {{ microseconds(as_of()) }} - {{ microseconds('happened_at') }}
        < cast({{ setting('lead_brief_days') }} as bigint) * 86400000000
),

{{ named_touches('touches', 'named') }},

counted as (
    select n.person_id, n.kind, count(*) as touches, max(n.happened_at) as last_at
    from named as n
    left join {{ ref('int_withdrawals') }} as w
        on n.person_id = w.person_id and n.happened_at >= w.from_at and (w.until_at is null or n.happened_at < w.until_at)
    where n.person_id is not null and n.kind is not null and w.person_id is null
    group by n.person_id, n.kind
)

select
    person_id,
    {{ listed_in_order("kind || ' ' || cast(touches as " ~ text_type() ~ ")", 'touches desc, kind') }} as behaviours,
    max(last_at) as last_behaviour_at
from counted
group by person_id
