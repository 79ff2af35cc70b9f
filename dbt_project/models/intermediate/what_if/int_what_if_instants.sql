-- The instants in the lives of the window's people: of all their lead records, for what counts is when one of them qualifies.
-- Empty without a draft.
select
    l.first_lead_id,
    i.lead_id,
    i.judged_at,
    l.ended_at is null or i.judged_at < l.ended_at as is_still_lead
from {{ ref('int_lead_instants') }} as i
inner join {{ ref('int_what_if_lives') }} as l on i.lead_id = l.lead_id
-- a handover may be dated before its lead: no part of its life
where i.judged_at >= l.created_at
