-- The channel of each pair of lead source and campaign type: the agreement's first rule that matches.
with

pairs as (
    select distinct
        source_pair,
        {{ words('lead_source') }} as lead_source,
        {{ words('campaign_type') }} as campaign_type
    from {{ ref('int_first_sources') }}
),

matched as (
    select
        p.source_pair,
        r.channel,
        r.is_marketing,
        row_number() over (partition by p.source_pair order by r.rule_order) as choice
    from pairs as p
    inner join {{ source('agreement', 'channels') }} as r
        on
            (r.lead_source is null or r.lead_source = p.lead_source)
            and (r.campaign_type is null or r.campaign_type = p.campaign_type)
)

select source_pair, channel, is_marketing
from matched
where choice = 1
