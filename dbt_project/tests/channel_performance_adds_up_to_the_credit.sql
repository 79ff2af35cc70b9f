-- Per model, milestone and fiscal year the channels' totals hold exactly what touches were credited with; campaigns add up
-- to their channel's total.
with

credited as (
    select
        model,
        milestone,
        {{ period_start('fiscal_year', local_day('milestone_at')) }} as period_start_on,
        sum(coalesce(credit_amount, 0)) as credited_amount,
        sum(credit_share) as credited_deals
    from {{ ref('touch_credit') }}
    group by model, milestone, {{ period_start('fiscal_year', local_day('milestone_at')) }}
),

performed as (
    select
        model,
        milestone,
        period_start_on,
        sum(case when campaign_id = '(all)' then credited_amount else 0 end) as credited_amount,
        sum(case when campaign_id = '(all)' then credited_deals else 0 end) as credited_deals,
        sum(case when campaign_id = '(all)' then coalesce(spend_amount, 0) else -coalesce(spend_amount, 0) end) as spend_left,
        sum(case when campaign_id = '(all)' then leads + customers else -leads - customers end) as people_left
    from {{ ref('channel_performance') }}
    where period_kind = 'fiscal_year' and channel <> '(all)'
    group by model, milestone, period_start_on
)

select p.model, c.model as credited_model
from performed as p
full outer join credited as c
    on p.model = c.model and p.milestone = c.milestone and p.period_start_on = c.period_start_on
where
    coalesce(p.credited_amount, 0) <> coalesce(c.credited_amount, 0)
    or coalesce(p.credited_deals, 0) <> coalesce(c.credited_deals, 0)
    or p.spend_left <> 0
    or p.people_left <> 0
