-- The eligible touches of a deal's account inside the lookback before its opportunity, in order.
with

deals as (
    select deal_id, account_id, opportunity_at from {{ ref('deals') }} where opportunity_at is not null
),

touches as (
    select touch_id, account_id, happened_at, channel, is_marketing
    from {{ ref('int_account_touches') }}
    where is_eligible
)

select
    d.deal_id,
    t.touch_id,
    t.channel,
    t.is_marketing,
    row_number() over (partition by d.deal_id order by t.happened_at, t.touch_id) as touch_order
from deals as d
inner join touches as t
    on d.account_id = t.account_id and {{ is_within_days('t.happened_at', 'd.opportunity_at', lookback_days()) }}
