-- The orders of each account: its won deals, and what was invoiced without a deal, in order.
with

orders as (
    select account_id, record_kind, record_id, earned_on as ordered_on, revenue_amount as order_amount,
        channel, segment, region, owner_team
    from {{ ref('int_revenue') }}
    where account_id is not null and (basis = 'bookings' or deal_id is null)
),

counted as (
    select
        *,
        row_number() over (partition by account_id order by ordered_on, record_kind, record_id) as order_number,
        min(ordered_on) over (partition by account_id) as first_ordered_on
    from orders
)

-- 'deal' stands before 'invoice' in the alphabet, as it does in the agreed order of ties
select * from counted
