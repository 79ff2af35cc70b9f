-- A response is never negative and known with its contact; a handover that did not advance in time is given, late, missing
-- or pending; only what is owed still grows old.
select handover_id
from {{ ref('handovers') }}
where
    response_business_hours < 0 or response_elapsed_hours < 0 or system_delay_hours < 0
    or mql_to_handover_hours < 0 or mql_to_handover_hours > system_delay_hours
    or (response_elapsed_hours is null) <> (first_contact_at is null)
    or (response_business_hours is null) <> (first_contact_at is null or agreement_version is null)
    or response_business_hours > response_elapsed_hours
    or first_conversation_at < first_contact_at
    or contact_due_at <= handed_over_at
    or contact_due_at > {{ as_of() }} and contact_status = 'breached' and first_contact_at is null
    or (agreement_version is null) <> (disposition_status = 'unavailable: no agreement in force')
    or (agreement_version is null) <> (contact_status = 'unavailable: no agreement in force')
    or (disposition_status = 'not_needed' and (advanced_at is null or advanced_at > disposition_due_at))
    or (disposition_status = 'late' and (resolved_at is null or resolved_at <= disposition_due_at))
    or (disposition_status in ('missing', 'pending') and resolved_at is not null)
    or (aging_days is not null and disposition_status not in ('missing', 'pending'))
    or (disposed_at is not null and sales_verdict = 'pending')
    or (is_disposition_explained is not null and sales_verdict not in ('not_qualified', 'set_aside'))
    or (is_disposition_explained is null and sales_verdict in ('not_qualified', 'set_aside'))
    or (sales_verdict = 'unknown' and (is_latest or disposition is not null))
    or (sales_verdict = 'set_aside' and (disposition is null or not is_disposition_explained))
