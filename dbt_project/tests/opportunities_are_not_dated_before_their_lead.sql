-- What a lead became is never dated before the lead itself.
select lead_id
from {{ ref('leads') }}
where opportunity_at < created_at or mql_at < created_at
