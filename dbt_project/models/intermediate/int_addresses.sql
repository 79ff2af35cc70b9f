-- E-mail addresses that lead to exactly one person, all of whose records are one account's.
with

people as (
    select p.entity, p.record_id, p.person_id, a.account_id
    from {{ source('identity', 'people') }} as p
    inner join {{ source('identity', 'accounts') }} as a on p.entity = a.entity and p.record_id = a.record_id
),

settled as (
    select person_id, min(account_id) as account_id
    from people
    group by person_id
    having min(account_id) = max(account_id)
),

addressed as (
    select {{ words('l.email') }} as email, p.person_id
    from {{ ref('core_leads') }} as l
    inner join people as p on p.entity = 'lead' and l.lead_id = p.record_id
    where l.email is not null
    union
    select {{ words('c.email') }} as email, p.person_id
    from {{ ref('core_contacts') }} as c
    inner join people as p on p.entity = 'contact' and c.contact_id = p.record_id
    where c.email is not null
),

owned as (
    select email, min(person_id) as person_id
    from addressed
    group by email
    having min(person_id) = max(person_id)
)

select o.email, o.person_id, s.account_id
from owned as o
inner join settled as s on o.person_id = s.person_id
