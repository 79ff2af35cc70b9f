-- The window's people with what really happened: handed over or not, and what came of it within the agreed days of maturity,
-- so that older leads have no advantage. Empty without a draft.
with

people as (
    select distinct first_lead_id from {{ ref('int_what_if_lives') }}
),

records as (
    select l.*, p.first_lead_id, f.created_at as person_created_at
    from {{ ref('leads') }} as l
    inner join people as p on coalesce(l.duplicate_of_lead_id, l.lead_id) = p.first_lead_id
    inner join {{ ref('core_leads') }} as f on p.first_lead_id = f.lead_id
),

reached as (
    select
        first_lead_id,
        person_created_at,
        min(first_handed_over_at) as first_handed_over_at,
        min(opportunity_at) as opportunity_at,
        min(won_at) as won_at,
        max(case when handover_status = 'unavailable: no handover time' then 0 else 1 end) as has_handovers
    from records
    group by first_lead_id, person_created_at
),

-- a deal counts once: for the lead that it is published with
amounts as (
    select
        r.first_lead_id,
        sum(case when {{ is_within_days('r.person_created_at', 'd.opportunity_at', setting('maturity_days')) }}
            then d.deal_amount end) as opportunity_amount,
        sum(case when d.status = 'won' and {{ is_within_days('r.person_created_at', 'd.closed_at', setting('maturity_days')) }}
            then d.deal_amount end) as won_amount
    from records as r
    inner join {{ ref('deals') }} as d on r.lead_id = d.lead_id and coalesce(d.opportunity_at, d.created_at) >= r.created_at
    group by r.first_lead_id
)

select
    r.first_lead_id as lead_id,
    r.person_created_at as created_at,
    l.channel,
    l.segment,
    r.first_handed_over_at,
    case when r.first_handed_over_at is not null then true when r.has_handovers = 1 then false end as is_handed_over,
    coalesce({{ is_within_days('r.person_created_at', 'r.opportunity_at', setting('maturity_days')) }}, false) as is_opportunity,
    coalesce({{ is_within_days('r.person_created_at', 'r.won_at', setting('maturity_days')) }}, false) as is_won,
    cast(coalesce(a.opportunity_amount, 0) as decimal(18, 2)) as opportunity_amount,
    cast(coalesce(a.won_amount, 0) as decimal(18, 2)) as won_amount
from reached as r
inner join {{ ref('leads') }} as l on r.first_lead_id = l.lead_id
left join amounts as a on r.first_lead_id = a.first_lead_id
