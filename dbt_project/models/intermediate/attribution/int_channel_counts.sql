-- What happened on each local day per channel and campaign: money spent, and leads, MQLs, opportunities and customers
-- by their own channel and campaign.
with

leads as (
    select * from {{ ref('leads') }}
),

deals as (
    select * from {{ ref('deals') }} where {{ is_in_scope('deal_type') }}
),

-- a person counts once, at the earliest MQL of its records
people as (
    select coalesce(duplicate_of_lead_id, lead_id) as lead_id, min(mql_at) as mql_at
    from leads
    group by coalesce(duplicate_of_lead_id, lead_id)
),

persons as (
    select l.channel, c.campaign_id, l.created_at, p.mql_at
    from people as p
    inner join leads as l on p.lead_id = l.lead_id
    inner join {{ ref('core_leads') }} as c on p.lead_id = c.lead_id
),

-- the campaign of whichever record gave the deal its channel: its lead's, else its own
placed_deals as (
    select
        d.*,
        case when c.lead_id is not null then c.campaign_id else k.campaign_id end as campaign_id,
        row_number() over (
            partition by d.account_id, case when d.status = 'won' and d.closed_at is not null then 1 else 0 end
            order by d.closed_at, d.deal_id
        ) as account_order
    from deals as d
    inner join {{ ref('int_deals') }} as k on d.deal_id = k.deal_id
    left join {{ ref('core_leads') }} as c on d.lead_id = c.lead_id
),

happened as (
    select channel, campaign_id, {{ local_day('created_at') }} as happened_on, 'lead' as counted from persons
    union all
    select channel, campaign_id, {{ local_day('mql_at') }} as happened_on, 'mql' as counted
    from persons
    where mql_at is not null
    union all
    select channel, campaign_id, {{ local_day('opportunity_at') }} as happened_on, 'opportunity' as counted
    from placed_deals
    where opportunity_at is not null
    union all
    select channel, campaign_id, {{ local_day('closed_at') }} as happened_on, 'customer' as counted
    from placed_deals
    where status = 'won' and closed_at is not null and account_order = 1
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
