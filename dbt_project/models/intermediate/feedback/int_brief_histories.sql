-- What each buying account has bought and objected to so far. One row per account with a deal or an objection.
with

deals as (
    select
        account_id,
        cast(count(*) as bigint) as deals,
        {% for status in ['won', 'lost', 'open'] -%}
        cast(sum(case when status = '{{ status }}' then 1 else 0 end) as bigint) as {{ status }}_deals,
        {% endfor -%}
        cast(sum(case when status = 'won' then deal_amount end) as decimal(18, 2)) as won_amount,
        cast(sum(case when status = 'open' then deal_amount end) as decimal(18, 2)) as open_amount
    from {{ ref('deals') }}
    group by account_id
),

answered as (
    select distinct category from {{ ref('int_objections') }} where answered_at is not null and not is_unmapped
),

counted as (
    select o.account_id, o.category, max(a.category) as answered_category, count(*) as objections
    from {{ ref('int_objections') }} as o
    left join answered as a on o.category = a.category
    where o.account_id is not null
    group by o.account_id, o.category
),

objected as (
    select
        account_id,
        {{ listed_in_order("category || ' ' || cast(objections as " ~ text_type() ~ ")", 'objections desc, category') }}
            as objections,
        {{ listed_in_order('answered_category', 'answered_category') }} as answered_objections
    from counted
    group by account_id
)

select
    coalesce(d.account_id, o.account_id) as account_id,
    d.deals,
    d.won_deals,
    d.lost_deals,
    d.open_deals,
    d.won_amount,
    d.open_amount,
    o.objections,
    o.answered_objections
from deals as d
full outer join objected as o on d.account_id = o.account_id
