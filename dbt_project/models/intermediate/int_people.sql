-- Which lead records are one person's: the first of them stands for the person, the others are its trail.
with

leads as (
    select * from {{ ref('core_leads') }}
),

people as (
    select * from {{ source('identity', 'people') }} where entity = 'lead'
),

accounts as (
    select * from {{ source('identity', 'accounts') }} where entity = 'lead'
)

select
    l.lead_id,
    p.person_id,
    a.account_id,
    case when p.person_id <> l.lead_id then p.person_id end as duplicate_of_lead_id
from leads as l
inner join people as p on l.lead_id = p.record_id
inner join accounts as a on l.lead_id = a.record_id
