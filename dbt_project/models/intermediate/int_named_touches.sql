-- Every touch of an agreed kind with its channel and the account it names; its visitor where it names none.
with

touches as {{ evaluated_first() }} (
    select
        t.touch_id, t.happened_at, t.lead_id, t.contact_id, t.email, t.anonymous_id, t.campaign_id,
        k.channel, k.is_marketing
    from {{ ref('core_touches') }} as t
    inner join {{ ref('int_touch_kinds') }} as k
        on
            t.kind = k.raw_kind
            and t.campaign_id is not distinct from k.campaign_id
            and t.utm_source is not distinct from k.raw_utm_source
            and t.utm_medium is not distinct from k.raw_utm_medium
),

{{ named_touches('touches', 'named') }}

-- one row per touch and few columns: there are more touches than anything else
select
    t.touch_id,
    t.happened_at,
    t.campaign_id,
    t.channel,
    t.is_marketing,
    t.account_id,
    w.person_id is not null as is_withdrawn,
    case when t.account_id is null then t.anonymous_id end as nameless_id
from named as t
left join {{ ref('int_withdrawals') }} as w
    on t.person_id = w.person_id and t.happened_at >= w.from_at and (w.until_at is null or t.happened_at < w.until_at)
