-- What is counted of customers: each at its first order, at its return in another month, when it was referred; and every order.
with

customers as (
    select * from {{ ref('int_customers') }}
),

-- an order counts where its account's first one did
orders as (
    select o.record_kind, o.record_id, o.account_id, o.ordered_on, o.order_amount, c.channel, c.segment, c.region, c.owner_team
    from {{ ref('int_orders') }} as o
    inner join customers as c on o.account_id = c.account_id
),

measured as (
    select {{ measured("'customers'", "'account'", 'account_id', 'first_ordered_on', 'account_id') }}
    from customers
    union all
    select {{ measured("'customers who came back'", "'account'", 'account_id', 'returned_on', 'account_id') }}
    from customers
    where returned_on is not null
    union all
    select {{ measured("'customers referred'", "'account'", 'account_id', 'first_ordered_on', 'account_id') }}
    from customers
    where is_referred
    union all
    select {{ measured("'orders'", 'record_kind', 'record_id', 'ordered_on', 'account_id', amount='order_amount') }}
    from orders
)

select * from measured
