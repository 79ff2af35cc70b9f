-- What the digest is about to show is known, was logged by AS_OF and has never been shown.
select d.objection_id
from {{ ref('objection_digest') }} as d
left join {{ ref('int_objections') }} as o on d.objection_id = o.objection_id
left join {{ ref('core_digests') }} as s on d.objection_id = s.objection_id
where o.objection_id is null or s.objection_id is not null or d.logged_at > {{ as_of() }}
