-- Every version of every lead that can be used, for histories that only the lake has kept.
with

versions as (
    {{ all_versions('leads') }}
),

dated as (
    select
        *,
        coalesce(updated_at, case when version_number = 1 then created_at else loaded_at end) as holds_from_at
    from versions
    where source_fault is null and source_key is not null and occurrence = 1 and not is_deleted
)

-- what is known at AS_OF: the versions by then, and the one that stands for the lead
select d.*
from dated as d
inner join {{ ref('core_leads') }} as l on d.lead_id = l.lead_id and d.source_name = l.source_name
where d.holds_from_at <= {{ as_of() }} or d.version_number = l.version_number
