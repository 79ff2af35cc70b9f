-- Campaign cost per record and local day: ad_spend where a campaign has any, else its actual_cost spread over its days.
with

spending as (
    select * from {{ ref('int_spending') }} where cost_amount is not null
),

spend as (
    select source_name || ':' || source_key as record_id, campaign_id, platform from {{ ref('core_ad_spend') }}
),

campaigns as (
    select campaign_id, type from {{ ref('core_campaigns') }}
),

costs as (
    select
        c.spent_on,
        c.record_kind as source_kind,
        c.record_id,
        coalesce(s.campaign_id, case when c.record_kind = 'campaign' then c.record_id end) as campaign_id,
        s.platform,
        c.cost_amount
    from spending as c
    left join spend as s on c.record_kind = 'ad_spend' and c.record_id = s.record_id
    where c.record_kind in ('ad_spend', 'campaign')
)

select
    c.spent_on,
    c.source_kind,
    c.record_id,
    c.campaign_id,
    c.platform,
    coalesce(r.channel, 'unmapped') as channel,
    coalesce(r.is_marketing, false) as is_marketing,
    c.cost_amount
from costs as c
left join campaigns as g on c.campaign_id = g.campaign_id
left join {{ ref('int_channels') }} as r on {{ channel_key(campaign_type='g.type', platform='c.platform') }} = r.channel_key
