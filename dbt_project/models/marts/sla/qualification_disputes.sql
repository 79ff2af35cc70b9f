-- The handovers on which both sides disagree, with what the deals of their lead have come to since.
with

disputed as (
    select * from {{ ref('int_verdict_pairs') }} where verdicts in ('definition_only', 'sales_only')
),

-- won says more than open, open more than lost
ranked as (
    select
        lead_id,
        status,
        deal_amount,
        max(case status when 'won' then 3 when 'open' then 2 else 1 end) over (partition by lead_id) as furthest
    from {{ ref('deals') }}
    where lead_id in (select lead_id from disputed)
),

outcomes as (
    select
        lead_id,
        furthest,
        sum(case when furthest = case status when 'won' then 3 when 'open' then 2 else 1 end then deal_amount end) as later_amount
    from ranked
    group by lead_id, furthest
)

select
    d.handover_id,
    d.lead_id,
    d.handed_over_at,
    d.month_start_on,
    d.segment,
    d.channel,
    d.campaign_id,
    case d.verdicts
        when 'definition_only' then 'definition passes, sales rejects' else 'definition fails, sales advances'
    end as dispute,
    case when d.verdicts = 'sales_only' then d.failed_criteria end as failed_criteria,
    case when d.verdicts = 'definition_only' then coalesce(d.disposition, 'no reason known') end as disposition,
    case o.furthest when 3 then 'won' when 2 then 'open' when 1 then 'lost' else 'no deal' end as later_outcome,
    cast(o.later_amount as decimal(18, 2)) as later_amount
from disputed as d
left join outcomes as o on d.lead_id = o.lead_id
