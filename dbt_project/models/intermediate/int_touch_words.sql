-- The combinations of words that touches carry, as written (raw_) and as compared: few, however many touches there are.
with

campaigns as (
    select campaign_id, type from {{ ref('core_campaigns') }}
),

spoken as (
    select distinct campaign_id, kind, utm_source, utm_medium from {{ ref('core_touches') }}
)

select
    s.campaign_id,
    s.kind as raw_kind,
    s.utm_source as raw_utm_source,
    s.utm_medium as raw_utm_medium,
    {{ channel_key(campaign_type='c.type', touch_kind='s.kind', utm_source='s.utm_source', utm_medium='s.utm_medium') }}
        as channel_key,
    {{ words('c.type') }} as campaign_type,
    {{ words('s.kind') }} as touch_kind,
    {{ words('s.utm_source') }} as utm_source,
    {{ words('s.utm_medium') }} as utm_medium
from spoken as s
left join campaigns as c on s.campaign_id = c.campaign_id
