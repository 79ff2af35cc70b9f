-- The marketing channels that touched a deal's account before its opportunity, each once.
select distinct deal_id, channel
from {{ ref('int_opportunity_touches') }}
where is_marketing
