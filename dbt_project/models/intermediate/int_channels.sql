-- The channel of each combination of words that a lead, a deal, a touch or a spend row carries: the agreement's first
-- rule all of whose conditions it meets. A rule that asks for a word which the record has not does not match.
{% set conditions = ['lead_source', 'campaign_type', 'touch_kind', 'utm_source', 'utm_medium', 'platform'] %}
with

combinations as (
    select
        channel_key, {{ words('lead_source') }} as lead_source, {{ words('campaign_type') }} as campaign_type,
        null as touch_kind, null as utm_source, null as utm_medium, null as platform
    from {{ ref('int_first_sources') }}
    union
    select channel_key, null, campaign_type, touch_kind, utm_source, utm_medium, null
    from {{ ref('int_touch_words') }}
    union
    select channel_key, null, campaign_type, null, null, null, platform
    from {{ ref('int_spend_words') }}
),

matched as (
    select
        p.channel_key,
        r.channel,
        r.is_marketing,
        row_number() over (partition by p.channel_key order by r.rule_order) as choice
    from combinations as p
    inner join {{ source('agreement', 'channels') }} as r
        on
            {% for condition in conditions -%}
            (r.{{ condition }} is null or r.{{ condition }} = p.{{ condition }}){{ ' and' if not loop.last }}
            {% endfor %}
)

select channel_key, channel, is_marketing
from matched
where choice = 1
