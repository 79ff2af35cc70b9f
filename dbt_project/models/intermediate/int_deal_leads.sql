-- The lead each deal came of: the one it names, else the one that was converted into it; null when none is known.
with

links as (
    select deal_id, min(lead_id) as lead_id from {{ ref('int_lead_deals') }} group by deal_id
)

select d.deal_id, coalesce(d.lead_id, k.lead_id) as lead_id
from {{ ref('int_deals') }} as d
left join links as k on d.deal_id = k.deal_id
