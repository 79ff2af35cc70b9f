-- Every version of every lead that can be used, for histories that only the lake has kept.
with

versions as (
    {{ all_versions('leads') }}
)

select
    *,
    coalesce(updated_at, case when version_number = 1 then created_at else loaded_at end) as holds_from_at
from versions
where source_fault is null and source_key is not null and occurrence = 1 and not is_deleted
