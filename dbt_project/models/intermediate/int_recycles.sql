-- The instants at which a lead went back to nurture.
with

statuses as (
    select c.lead_id, c.changed_at as recycled_at
    from {{ ref('int_lead_changes') }} as c
    inner join {{ source('agreement', 'stages') }} as s
        on s.entity = 'lead' and s.stage = 'recycled' and s.source_word = {{ words('c.new_value') }}
    where c.field = 'status' and coalesce({{ words('c.old_value') }}, '') <> {{ words('c.new_value') }}
),

dispositions as (
    select l.lead_id, l.disposed_at as recycled_at
    from {{ ref('int_lead_versions') }} as l
    inner join {{ source('agreement', 'dispositions') }} as d
        on d.is_recycling and d.source_word = {{ words('l.disposition') }}
    where l.disposed_at is not null
)

select lead_id, recycled_at from statuses where recycled_at <= {{ as_of() }}
union
select lead_id, recycled_at from dispositions where recycled_at <= {{ as_of() }}
