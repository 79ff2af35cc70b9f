-- The combinations of words that spend rows and campaigns carry.
with

campaigns as (
    select campaign_id, type from {{ ref('core_campaigns') }}
),

spoken as (
    select c.type as campaign_type, s.platform
    from {{ ref('core_ad_spend') }} as s
    left join campaigns as c on s.campaign_id = c.campaign_id
    union
    select type as campaign_type, cast(null as {{ text_type() }}) as platform from campaigns
)

select distinct
    {{ channel_key(campaign_type='campaign_type', platform='platform') }} as channel_key,
    {{ words('campaign_type') }} as campaign_type,
    {{ words('platform') }} as platform
from spoken
