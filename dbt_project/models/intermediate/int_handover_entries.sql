-- Every instant at which the agreement's handover rule of the lead's source began to hold.
with

leads as (
    select l.*, r.marks_by, r.marked_value
    from {{ ref('core_leads') }} as l
    inner join {{ ref('int_handover_rules') }} as r on l.source_name = r.source_name and r.is_derivable
),

fields as (
    select l.lead_id, v.handed_over_at as entered_at
    from {{ ref('int_lead_versions') }} as v
    inner join leads as l on v.lead_id = l.lead_id and v.source_name = l.source_name
    where l.marks_by = 'field' and l.marked_value = 'handed_over_at' and v.handed_over_at is not null
),

sales_users as (
    select u.user_id, {{ words('u.team') }} as team from {{ ref('core_users') }} as u
),

-- what the field held before and after each change, with the first value as a change from nothing
moves as (
    select lead_id, field, old_value, new_value, changed_at
    from {{ ref('int_lead_changes') }}
    where field in ('status', 'owner')
    union all
    select l.lead_id, 'status', null, case when v.lead_id is not null then v.value else l.status end, l.created_at
    from leads as l
    left join {{ ref('int_lead_values') }} as v
        on l.lead_id = v.lead_id and v.field = 'status' and v.from_at is null
    union all
    select l.lead_id, 'owner', null, case when v.lead_id is not null then v.value else l.owner_id end, l.created_at
    from leads as l
    left join {{ ref('int_lead_values') }} as v
        on l.lead_id = v.lead_id and v.field = 'owner' and v.from_at is null
),

statuses as (
    select l.lead_id, m.changed_at as entered_at
    from moves as m
    inner join leads as l on m.lead_id = l.lead_id
    where
        l.marks_by = 'status' and m.field = 'status'
        and {{ words('m.new_value') }} = {{ words('l.marked_value') }}
        and coalesce({{ words('m.old_value') }}, '') <> {{ words('l.marked_value') }}
),

owners as (
    select l.lead_id, m.changed_at as entered_at
    from moves as m
    inner join leads as l on m.lead_id = l.lead_id
    inner join sales_users as new_owner on m.new_value = new_owner.user_id
    left join sales_users as old_owner on m.old_value = old_owner.user_id
    where
        l.marks_by = 'owner_team' and m.field = 'owner'
        and new_owner.team = {{ words('l.marked_value') }}
        and coalesce(old_owner.team, '') <> {{ words('l.marked_value') }}
),

entries as (
    select * from fields
    union
    select * from statuses
    union
    select * from owners
)

select lead_id, entered_at from entries where entered_at <= {{ as_of() }}
