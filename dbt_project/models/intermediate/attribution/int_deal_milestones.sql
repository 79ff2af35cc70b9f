-- The moments at which a deal's credit is given: when it became an opportunity, and when it was won.
with

deals as (
    select * from {{ ref('int_deals') }}
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
    -- paths are joined and sorted by one number, which is cheaper than by two texts
    row_number() over (order by m.deal_id, m.milestone) as path_number,
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
inner join {{ ref('int_deal_leads') }} as k on d.deal_id = k.deal_id
left join people as p on k.lead_id = p.lead_id
