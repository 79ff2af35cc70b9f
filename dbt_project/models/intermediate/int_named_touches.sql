-- Every touch of an agreed kind with its channel and the buyer it names; and its visitor where it names none.
with

touches as {{ evaluated_first() }} (
    select
        t.touch_id, t.happened_at, t.lead_id, t.contact_id, t.email, t.anonymous_id, t.campaign_id,
        k.kind, k.channel, k.is_marketing
    from {{ ref('core_touches') }} as t
    inner join {{ ref('int_touch_kinds') }} as k
        on
            t.kind = k.raw_kind
            and t.campaign_id is not distinct from k.campaign_id
            and t.utm_source is not distinct from k.raw_utm_source
            and t.utm_medium is not distinct from k.raw_utm_medium
),

{{ named_touches('touches', 'named') }}

select
    touch_id, happened_at, kind, campaign_id, channel, is_marketing, account_id, person_id, identified_by,
    case when account_id is null then anonymous_id end as nameless_id
from named
