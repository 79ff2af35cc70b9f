-- The spans in which a changed field of a deal had a value; fields that never changed have no row here.
with

changes as (
    select
        deal_id,
        lower(trim(field)) as field,
        changed_at,
        source_row as change_order,
        source_name,
        case when lower(trim(field)) = 'owner' and old is not null then ids_of || ':' || old else old end as old_value,
        case when lower(trim(field)) = 'owner' and new is not null then ids_of || ':' || new else new end as new_value,
        ids_of
    from {{ ref('int_deal_changes_as_of') }}
    where exclusion is null
),

ordered as (
    select
        *,
        row_number() over (partition by deal_id, field order by changed_at, change_order, source_name) as change_number,
        lead(changed_at) over (partition by deal_id, field order by changed_at, change_order, source_name) as next_changed_at
    from changes
)

select
    deal_id, field, old_value as value, cast(null as {{ instant_type() }}) as from_at, changed_at as until_at
from ordered
where change_number = 1
union all
select deal_id, field, new_value as value, changed_at as from_at, next_changed_at as until_at
from ordered
