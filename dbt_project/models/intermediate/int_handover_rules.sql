-- Each source's rule of handover, and whether what it delivers lets the moment be derived.
with

ruled as (
    select
        s.source_name,
        s.ids_of,
        coalesce(own.marks_by, anyone.marks_by) as marks_by,
        coalesce(own.value, anyone.value) as marked_value
    from {{ source('run', 'sources') }} as s
    left join {{ source('agreement', 'handover_rules') }} as own on own.source = s.source_name
    left join {{ source('agreement', 'handover_rules') }} as anyone on anyone.source = '*'
),

fields as (
    select source_name, column_name from {{ source('run', 'delivered_columns') }} where entity = 'leads'
),

histories as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'lead_changes'
)

select
    r.source_name,
    r.marks_by,
    r.marked_value,
    case
        when r.marks_by is null then false
        when r.marks_by = 'field' then f.source_name is not null
        else h.ids_of is not null
    end as is_derivable
from ruled as r
left join histories as h on r.ids_of = h.ids_of
left join fields as f on r.source_name = f.source_name and r.marked_value = f.column_name
