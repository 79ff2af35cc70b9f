-- The deals at stake: the one that the objection names, else those of its lead that are open or lost. One row per
-- objection and deal.
with

objections as (
    select objection_id, lead_id, deal_id, has_deal from {{ ref('int_raised_objections') }}
),

deals as (
    select deal_id, lead_id, status, deal_amount from {{ ref('deals') }}
)

select o.objection_id, d.deal_id, d.deal_amount
from objections as o
inner join deals as d on o.deal_id = d.deal_id
where o.has_deal
union all
select o.objection_id, d.deal_id, d.deal_amount
from objections as o
inner join deals as d on o.lead_id = d.lead_id
where not o.has_deal and d.status in ('open', 'lost')
