select 'lead' as entity, lead_id(l) as record_id, lead_id(min(l) over (partition by person_of(l))) as person_id
from range({leads}) as r(l)
union all select 'contact', contact_id, contact_id from funnel.core_contacts
