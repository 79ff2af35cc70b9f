-- The spans in which a changed field of a deal had a value; fields that never changed have no row here.
with

ordered as (
    select
        *,
        row_number() over (partition by deal_id, field order by changed_at, change_order, source_name) as change_number,
        lead(changed_at) over (partition by deal_id, field order by changed_at, change_order, source_name) as next_changed_at
    from {{ ref('int_deal_changes') }}
)

select
    deal_id, field, old_value as value, cast(null as {{ instant_type() }}) as from_at, changed_at as until_at
from ordered
where change_number = 1
union all
select deal_id, field, new_value as value, changed_at as from_at, next_changed_at as until_at
from ordered
