-- Every touch with the buying account and person it belongs to, its channel, and whether it may earn credit.
with

touches as (
    select
        t.*,
        {{ channel_key(campaign_type='c.type', touch_kind='t.kind', utm_source='t.utm_source', utm_medium='t.utm_medium') }}
            as channel_key
    from {{ ref('core_touches') }} as t
    left join {{ ref('core_campaigns') }} as c on t.campaign_id = c.campaign_id
),

people as (
    select p.entity, p.record_id, p.person_id, a.account_id
    from {{ source('identity', 'people') }} as p
    inner join {{ source('identity', 'accounts') }} as a on p.entity = a.entity and p.record_id = a.record_id
),

named as (
    select
        t.*,
        coalesce(l.person_id, c.person_id, e.person_id) as person_id,
        coalesce(l.account_id, c.account_id, e.account_id) as named_account_id,
        case
            when l.person_id is not null then 'lead'
            when c.person_id is not null then 'contact'
            when e.person_id is not null then 'e-mail'
        end as named_by
    from touches as t
    left join people as l on l.entity = 'lead' and t.lead_id = l.record_id
    left join people as c on c.entity = 'contact' and t.contact_id = c.record_id
    left join {{ ref('int_addresses') }} as e on {{ words('t.email') }} = e.email
),

-- a visitor whose named touches are all of one account was of that account before it was named, too
visitors as (
    select anonymous_id, min(named_account_id) as account_id
    from named
    where anonymous_id is not null and named_account_id is not null
    group by anonymous_id
    having min(named_account_id) = max(named_account_id)
),

withdrawn as (
    select distinct t.touch_id
    from named as t
    inner join {{ ref('int_withdrawals') }} as w
        on t.person_id = w.person_id and t.happened_at >= w.from_at and (w.until_at is null or t.happened_at < w.until_at)
)

select
    t.touch_id,
    t.source_name,
    t.happened_at,
    {{ words('t.kind') }} as kind,
    t.campaign_id,
    coalesce(r.channel, 'unmapped') as channel,
    coalesce(r.is_marketing, false) as is_marketing,
    coalesce(t.named_account_id, v.account_id) as account_id,
    t.person_id,
    coalesce(t.named_by, case when v.account_id is not null then 'visitor' end) as identified_by,
    w.touch_id is not null as is_withdrawn,
    coalesce(t.named_account_id, v.account_id) is not null
    and w.touch_id is null
    and k.kind is not null
    and (not k.only_with_utm or t.utm_source is not null) as is_eligible
from named as t
left join visitors as v on t.anonymous_id = v.anonymous_id
left join withdrawn as w on t.touch_id = w.touch_id
left join {{ ref('int_channels') }} as r on t.channel_key = r.channel_key
left join {{ source('agreement', 'attribution_touch_kinds') }} as k on {{ words('t.kind') }} = k.kind
