-- What each combination of words of the agreed kinds stands for: the kind, the channel, whether it is marketing's.
with

words as (
    select * from {{ ref('int_touch_words') }}
)

select
    w.campaign_id,
    w.raw_kind,
    w.raw_utm_source,
    w.raw_utm_medium,
    w.touch_kind as kind,
    coalesce(c.channel, 'unmapped') as channel,
    coalesce(c.is_marketing, false) as is_marketing
from words as w
inner join {{ source('agreement', 'attribution_touch_kinds') }} as k
    on w.touch_kind = k.kind and (not k.only_with_utm or w.raw_utm_source is not null)
left join {{ ref('int_channels') }} as c on w.channel_key = c.channel_key
