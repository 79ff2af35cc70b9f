-- The moments at which a deal's credit is given: when it became an opportunity, and when it was won.
with

deals as (
    select * from {{ ref('int_deals') }}
),

links as (
    -- a deal without a lead of its own may be the one a lead was converted into
    select deal_id, min(lead_id) as lead_id from {{ ref('int_lead_deals') }} group by deal_id
),

-- a person's lead was created when its first record was
people as (
    select p.lead_id, l.created_at as lead_created_at
    from {{ ref('int_people') }} as p
    inner join {{ ref('core_leads') }} as l on p.person_id = l.lead_id
),

dated as (
    select deal_id, 'opportunity' as milestone, opportunity_at as milestone_at from deals where opportunity_at is not null
    union all
    select deal_id, 'won' as milestone, closed_at as milestone_at from deals where status = 'won' and closed_at is not null
)

select
    m.deal_id,
    m.milestone,
    m.milestone_at,
    a.account_id,
    p.lead_created_at,
    d.opportunity_at,
    d.deal_amount,
    d.deal_type
from dated as m
inner join deals as d on m.deal_id = d.deal_id
inner join {{ source('identity', 'accounts') }} as a on a.entity = 'deal' and d.deal_id = a.record_id
left join links as k on d.deal_id = k.deal_id
left join people as p on coalesce(d.lead_id, k.lead_id) = p.lead_id
