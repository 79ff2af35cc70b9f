-- Spreading loses no paisa: the days of a cost sum to the cost.
with

told as (
    select campaign_id as record_id, actual_cost as amount from {{ ref('core_campaigns') }}
    union all
    select source_name || ':' || source_key, amount from {{ ref('core_expenses') }}
),

spread as (
    select record_id, sum(amount) as amount from {{ ref('int_spread_days') }} group by record_id
)

select s.record_id
from spread as s
inner join told as t on s.record_id = t.record_id
where s.amount <> t.amount
