-- Every touch of an agreed kind with the buying account it belongs to, its channel, and whether it may earn credit.
{{ config(materialized='view') }}
select
    t.touch_id,
    t.happened_at,
    t.campaign_id,
    t.channel,
    t.is_marketing,
    -- before it was named, a visitor was of the account that all its named touches are of
    coalesce(t.account_id, v.account_id) as account_id,
    t.is_withdrawn,
    coalesce(t.account_id, v.account_id) is not null and not t.is_withdrawn as is_eligible
from {{ ref('int_named_touches') }} as t
left join {{ ref('int_visitors') }} as v on t.nameless_id = v.anonymous_id
