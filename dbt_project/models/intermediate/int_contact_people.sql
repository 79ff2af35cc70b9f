-- Each contact's person and account.
select p.record_id as contact_id, p.person_id, a.account_id
from {{ source('identity', 'people') }} as p
inner join {{ source('identity', 'accounts') }} as a on a.entity = 'contact' and p.record_id = a.record_id
where p.entity = 'contact'
