-- Costs that are told for a span of days (a campaign's, a month's expenses), each day with its part; the parts sum to the cost.
with

campaigns as (
    select c.*
    from {{ ref('core_campaigns') }} as c
    left join (select distinct campaign_id from {{ ref('core_ad_spend') }}) as s on c.campaign_id = s.campaign_id
    where s.campaign_id is null and c.starts_on is not null and c.actual_cost is not null
),

expenses as (
    select *, cast(date_trunc('month', month) as date) as starts_on
    from {{ ref('core_expenses') }}
    where month is not null and amount is not null
),

told as (
    select
        'campaign' as record_kind, campaign_id as record_id, source_name, source_file, source_row, currency,
        actual_cost as amount, starts_on,
        case when ends_on >= starts_on then {{ days_apart('starts_on', 'ends_on') }} + 1 else 1 end as days
    from campaigns
    union all
    select
        'expense', source_name || ':' || source_key, source_name, source_file, source_row, currency, amount, starts_on,
        {{ days_apart('starts_on', next_period_start('month', 'starts_on')) }}
    from expenses
)

select
    t.record_kind,
    t.record_id,
    t.source_name,
    t.source_file,
    t.source_row,
    {{ days_later('n.day_number - 1', 't.starts_on') }} as spent_on,
    t.currency,
    {{ days_part('t.amount', 'n.day_number', 't.days') }} as amount
from told as t
inner join {{ ref('int_day_numbers') }} as n on t.days >= n.day_number
