-- Every touch of an agreed kind with the buying account it belongs to, its channel, and whether it may earn credit.
{{ config(materialized='view') }}
select
    t.touch_id,
    t.happened_at,
    t.kind,
    t.campaign_id,
    t.channel,
    t.is_marketing,
    coalesce(t.account_id, v.account_id) as account_id,
    case when v.account_id is not null then 'visitor' else t.identified_by end as identified_by,
    w.person_id is not null as is_withdrawn,
    coalesce(t.account_id, v.account_id) is not null and w.person_id is null as is_eligible
from {{ ref('int_named_touches') }} as t
-- before it was named, a visitor was of the account that all its named touches are of
left join {{ ref('int_visitors') }} as v on t.nameless_id = v.anonymous_id
left join {{ ref('int_withdrawals') }} as w
    on t.person_id = w.person_id and t.happened_at >= w.from_at and (w.until_at is null or t.happened_at < w.until_at)
