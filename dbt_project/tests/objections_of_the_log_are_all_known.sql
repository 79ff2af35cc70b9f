-- The log's entries by AS_OF, and no other entries of it, are objections.
select o.objection_id
from {{ ref('core_objections') }} as o
left join {{ ref('int_objections') }} as i on o.objection_id = i.objection_id and i.found_in = 'sheet'
where (o.logged_at is null or o.logged_at <= {{ as_of() }}) <> (i.objection_id is not null)
