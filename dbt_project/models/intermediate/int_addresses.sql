-- E-mail addresses that lead to exactly one person and one account.
with

people as (
    select p.entity, p.record_id, p.person_id, a.account_id
    from {{ source('identity', 'people') }} as p
    inner join {{ source('identity', 'accounts') }} as a on p.entity = a.entity and p.record_id = a.record_id
),

addressed as (
    select {{ words('l.email') }} as email, p.person_id, p.account_id
    from {{ ref('core_leads') }} as l
    inner join people as p on p.entity = 'lead' and l.lead_id = p.record_id
    where l.email is not null
    union
    select {{ words('c.email') }} as email, p.person_id, p.account_id
    from {{ ref('core_contacts') }} as c
    inner join people as p on p.entity = 'contact' and c.contact_id = p.record_id
    where c.email is not null
)

select email, min(person_id) as person_id, min(account_id) as account_id
from addressed
group by email
having count(distinct person_id) = 1 and count(distinct account_id) = 1
