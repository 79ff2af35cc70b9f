-- Which deals came of which lead; a deal whose opportunity is dated before its lead counts for none.
with

leads as (
    select * from {{ ref('core_leads') }}
),

links as (
    select lead_id, deal_id from {{ ref('int_deals') }} where lead_id is not null
    union
    select lead_id, converted_deal_id as deal_id
    from leads
    where converted_deal_id is not null and (converted_at is null or converted_at <= {{ as_of() }})
)

select
    k.lead_id,
    k.deal_id,
    d.status,
    d.opportunity_at,
    d.closed_at,
    coalesce(d.opportunity_at, d.created_at) >= l.created_at as is_after_lead
from links as k
inner join leads as l on k.lead_id = l.lead_id
inner join {{ ref('int_deals') }} as d on k.deal_id = d.deal_id
