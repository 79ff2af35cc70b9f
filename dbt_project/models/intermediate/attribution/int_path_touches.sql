-- The touches that led to each milestone of each deal, in their order, with the positions that models reward.
with

milestones as (
    select * from {{ ref('int_deal_milestones') }}
),

touches as (
    select * from {{ ref('int_account_touches') }} where is_eligible
),

-- the join comes first, so that only touches of deals are ever ordered
led as (
    select
        m.path_number,
        m.deal_id,
        m.milestone,
        m.account_id,
        t.touch_id,
        t.happened_at,
        t.channel,
        t.is_marketing,
        t.campaign_id,
        {{ microseconds('m.milestone_at') }} - {{ microseconds('t.happened_at') }} as microseconds_before,
        case when t.happened_at <= m.lead_created_at then 1 else 0 end as until_lead,
        case when t.happened_at <= m.opportunity_at then 1 else 0 end as until_opportunity
    from milestones as m
    inner join touches as t
        on m.account_id = t.account_id and {{ in_lookback('t.happened_at', 'm.milestone_at') }}
),

ordered as (
    select
        *,
        row_number() over (partition by path_number order by happened_at, touch_id) as touch_order,
        lag(channel) over (partition by path_number order by happened_at, touch_id) as previous_channel,
        count(*) over (partition by path_number) as touches,
        sum(until_lead) over (partition by path_number) as touches_until_lead,
        sum(until_opportunity) over (partition by path_number) as touches_until_opportunity
    from led
)

select
    path_number,
    deal_id,
    milestone,
    touch_id,
    touch_order,
    happened_at,
    channel,
    is_marketing,
    campaign_id,
    previous_channel,
    microseconds_before,
    touch_order = 1 as is_first,
    -- the last touch at or before an instant stands where the touches until then end
    touch_order = touches_until_lead as is_lead,
    touch_order = touches_until_opportunity as is_opportunity,
    touch_order = touches as is_last
from ordered
