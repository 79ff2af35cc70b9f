with

faults as (
    select source_name, source_file, source_row, entity, fault, action from {{ ref('int_excluded') }}
    union all
    select source_name, source_file, source_row, entity, fault, action from {{ ref('int_unreadable') }}
    union all
    select source_name, source_file, source_row, entity, fault, action from {{ ref('int_contradictions') }}
)

select
    source_name,
    source_file as file,
    source_row as row,
    entity,
    fault,
    action
from faults
