-- What happened on each local day per channel and campaign: money spent, and leads, MQLs, opportunities and new customers
-- by their own channel and campaign.
with

leads as (
    select p.channel, c.campaign_id, p.created_on, p.mql_on
    from {{ ref('int_person_leads') }} as p
    inner join {{ ref('core_leads') }} as c on p.lead_id = c.lead_id
),

-- a deal's campaign: its lead's, else its own
deals as (
    select f.deal_id, f.channel, coalesce(c.campaign_id, k.campaign_id) as campaign_id, f.opportunity_on
    from {{ ref('int_deal_facts') }} as f
    inner join {{ ref('deals') }} as d on f.deal_id = d.deal_id
    inner join {{ ref('int_deals') }} as k on f.deal_id = k.deal_id
    left join {{ ref('core_leads') }} as c on d.lead_id = c.lead_id
    where f.is_in_scope
),

happened as (
    select channel, campaign_id, created_on as happened_on, 'lead' as counted from leads
    union all
    select channel, campaign_id, mql_on, 'mql' from leads where mql_on is not null
    union all
    select channel, campaign_id, opportunity_on, 'opportunity' from deals where opportunity_on is not null
    union all
    select c.channel, d.campaign_id, c.first_ordered_on, 'customer'
    from {{ ref('int_customers') }} as c
    left join deals as d on c.record_kind = 'deal' and c.record_id = d.deal_id
)

select
    channel,
    coalesce(campaign_id, '(none)') as campaign_id,
    happened_on,
    cast(0 as decimal(18, 2)) as spend_amount,
    sum(case when counted = 'lead' then 1 else 0 end) as leads,
    sum(case when counted = 'mql' then 1 else 0 end) as mqls,
    sum(case when counted = 'opportunity' then 1 else 0 end) as opportunities,
    sum(case when counted = 'customer' then 1 else 0 end) as customers
from happened
group by channel, coalesce(campaign_id, '(none)'), happened_on
union all
select channel, coalesce(campaign_id, '(none)') as campaign_id, spent_on as happened_on, cost_amount, 0, 0, 0, 0
from {{ ref('int_costs_daily') }}
