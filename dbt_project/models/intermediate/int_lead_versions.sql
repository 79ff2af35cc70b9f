-- Every version of every lead that can be used, for histories that only the lake has kept.
with

{{ dated_versions('leads') }}

-- what is known at AS_OF: the versions by then, and the one that stands for the lead
select
    d.lead_id,
    d.source_name,
    d.ids_of,
    d.source_key,
    d.version_number,
    d.holds_from_at,
    d.industry,
    d.employee_count_text,
    d.annual_revenue_text,
    d.job_title,
    d.status,
    d.owner_id,
    d.lead_source,
    d.handed_over_at,
    d.disposition,
    d.disposed_at
from dated as d
inner join {{ ref('core_leads') }} as l on d.lead_id = l.lead_id and d.source_name = l.source_name
where
    d.source_fault is null and d.source_key is not null and d.occurrence = 1 and not d.is_deleted
    and (d.holds_from_at <= {{ as_of() }} or d.version_number = l.version_number)
