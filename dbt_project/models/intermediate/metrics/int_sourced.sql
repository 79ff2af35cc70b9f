-- Whether marketing brought each deal, by each of the three usual rules and by the one that both sides agreed.
with

touched as (
    select
        deal_id,
        max(case when touch_order = 1 and is_marketing then 1 else 0 end) = 1 as by_first_touch,
        max(case when is_marketing then 1 else 0 end) = 1 as by_any_touch
    from {{ ref('int_opportunity_touches') }}
    group by deal_id
),

marketing_channels as (
    select distinct channel from {{ source('agreement', 'channels') }} where is_marketing
),

judged as (
    select
        d.deal_id,
        coalesce(t.by_first_touch, false) as by_first_touch,
        coalesce(t.by_any_touch, false) as by_any_touch,
        m.channel is not null as by_lead_source
    from {{ ref('int_deal_facts') }} as d
    left join touched as t on d.deal_id = t.deal_id
    left join marketing_channels as m on d.channel = m.channel
)

select
    *,
    case {{ setting('marketing_sourced_rule') }}
        when 'first_touch' then by_first_touch
        when 'any_touch' then by_any_touch
        else by_lead_source
    end as is_sourced
from judged
