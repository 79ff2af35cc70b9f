-- The touches that led to nothing: of accounts without any deal up to their last touch (no opportunity), and of lost
-- deals up to their closing (not won).
{{ config(materialized='view') }}
with

deals as (
    select d.deal_id, a.account_id, d.status, d.closed_at
    from {{ ref('int_deals') }} as d
    inner join {{ source('identity', 'accounts') }} as a on a.entity = 'deal' and d.deal_id = a.record_id
),

touches as (
    select touch_id, account_id, happened_at, channel from {{ ref('int_account_touches') }} where is_eligible
),

buyers as (
    select distinct account_id from deals
),

ends as (
    select 'opportunity' as milestone, t.account_id as path_id, t.account_id, max(t.happened_at) as ends_at
    from touches as t
    left join buyers as b on t.account_id = b.account_id
    where b.account_id is null
    group by t.account_id
    union all
    select 'won' as milestone, deal_id as path_id, account_id, closed_at as ends_at
    from deals
    where status = 'lost' and closed_at is not null
),

led as (
    select e.milestone, e.path_id, t.touch_id, t.happened_at, t.channel
    from ends as e
    inner join touches as t on e.account_id = t.account_id and {{ in_lookback('t.happened_at', 'e.ends_at') }}
)

select
    milestone,
    path_id,
    touch_id,
    happened_at,
    channel,
    lag(channel) over (partition by milestone, path_id order by happened_at, touch_id) as previous_channel,
    lead(channel) over (partition by milestone, path_id order by happened_at, touch_id) is null as is_last
from led
