-- Accounts that ever ordered, with their first order and the day on which they ordered in a second month.
with

orders as (
    select * from {{ ref('int_orders') }}
),

returned as (
    select account_id, min(ordered_on) as returned_on
    from orders
    where date_trunc('month', ordered_on) <> date_trunc('month', first_ordered_on)
    group by account_id
)

select
    o.account_id,
    o.record_kind,
    o.record_id,
    o.ordered_on as first_ordered_on,
    r.returned_on,
    coalesce(d.is_referred, false) as is_referred,
    o.channel,
    o.segment,
    o.region,
    o.owner_team
from orders as o
left join returned as r on o.account_id = r.account_id
left join {{ ref('int_deal_facts') }} as d on o.record_kind = 'deal' and o.record_id = d.deal_id
where o.order_number = 1
