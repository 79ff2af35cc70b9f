select deal_id
from {{ ref('deals') }}
where status = 'open' and closed_at is not null
