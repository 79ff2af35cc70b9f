-- Actions of the weekly review that are kept although they, or something in them, cannot be used.
with

actions as (
    select * from {{ ref('int_review_actions') }}
)

select source_name, source_file, source_row, 'review_actions' as entity, 'side: neither sales nor marketing' as fault
from actions
where side not in ('sales', 'marketing')
union all
select source_name, source_file, source_row, 'review_actions', 'action: holds an address, so not shown'
from actions
where holds_address
union all
select source_name, source_file, source_row, 'review_actions', 'action: another of the week and side stands before it'
from actions
where place > 1
union all
select a.source_name, a.source_file, a.source_row, 'review_actions', 'owner_id: no such user'
from {{ ref('core_review_actions') }} as a
left join {{ ref('core_users') }} as u on a.owner_id = u.user_id
where a.owner_id is not null and u.user_id is null
