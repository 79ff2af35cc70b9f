-- The spans in which a person has withdrawn consent: nothing that they do then is anybody's touch. Spans do not overlap.
with

spans as (
    select
        p.person_id,
        l.consent_withdrawn_at as from_at,
        case when l.consent_given_at > l.consent_withdrawn_at then l.consent_given_at end as until_at
    from {{ ref('core_leads') }} as l
    inner join {{ ref('int_people') }} as p on l.lead_id = p.lead_id
    where l.consent_withdrawn_at is not null
),

-- the records of one person may tell of several: a span that began within earlier ones only lengthens them
reached as (
    select
        *,
        max(until_at) over earlier as earlier_until_at,
        sum(case when until_at is null then 1 else 0 end) over earlier as earlier_open
    from spans
    window earlier as (
        partition by person_id order by from_at, until_at nulls last rows between unbounded preceding and 1 preceding
    )
),

numbered as (
    select
        *,
        sum(case when earlier_open > 0 or from_at <= earlier_until_at then 0 else 1 end) over (
            partition by person_id order by from_at, until_at nulls last rows between unbounded preceding and current row
        ) as span_number
    from reached
)

select
    person_id,
    min(from_at) as from_at,
    case when sum(case when until_at is null then 1 else 0 end) = 0 then max(until_at) end as until_at
from numbered
group by person_id, span_number
