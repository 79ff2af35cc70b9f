with

accounts as (
    select * from {{ source('identity', 'accounts') }}
),

people as (
    select * from {{ source('identity', 'people') }}
)

select
    a.entity,
    a.record_id,
    a.account_id,
    a.rule as matched_by,
    cast(a.confidence as double) as confidence,
    case when p.person_id <> a.record_id then p.person_id end as same_person_as,
    case when p.person_id <> a.record_id then p.rule end as person_matched_by,
    case when p.person_id <> a.record_id then cast(p.confidence as double) end as person_confidence
from accounts as a
left join people as p on a.entity = p.entity and a.record_id = p.record_id
