-- The spans in which a person has withdrawn consent: nothing that they do then is anybody's touch.
select
    p.person_id,
    l.consent_withdrawn_at as from_at,
    case when l.consent_given_at > l.consent_withdrawn_at then l.consent_given_at end as until_at
from {{ ref('core_leads') }} as l
inner join {{ ref('int_people') }} as p on l.lead_id = p.lead_id
where l.consent_withdrawn_at is not null
