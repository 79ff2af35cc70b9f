-- What each customer is expected to bring, as of the end of each period: the agreed formula, rounded to the paisa.
with

ends as (
    select distinct until_on from {{ ref('int_periods') }} where not is_ahead
),

parameters as (
    select
        cast(clv_prior_years as double) as prior_years,
        cast(clv_margin_percent as double) / 100 as margin,
        cast(clv_half_life_days as double) as half_life_days,
        cast(clv_horizon_years as double) as years_ahead,
        cast(clv_discount_percent as double) / 100 as discount
    from {{ source('run', 'context') }}
),

-- one rupee a year over the years ahead, discounted
horizon as (
    select
        *,
        case when discount = 0 then years_ahead else (1 - power(1 + discount, -years_ahead)) / discount end as horizon_factor
    from parameters
),

ordered as (
    select
        e.until_on,
        o.account_id,
        count(*) - 1 as repeat_orders,
        {{ days_apart('min(o.ordered_on)', 'e.until_on') }} as days_known,
        {{ days_apart('max(o.ordered_on)', 'e.until_on') }} as days_silent,
        cast(sum(o.order_amount) as double) / nullif(count(o.order_amount), 0) as mean_order
    from {{ ref('int_orders') }} as o
    inner join ends as e on o.ordered_on < e.until_on
    group by e.until_on, o.account_id
),

paced as (
    select
        o.*,
        c.channel, c.segment, c.region, c.owner_team,
        coalesce(
            cast(sum(o.repeat_orders) over (partition by o.until_on, c.segment) as double)
            / nullif(cast(sum(o.days_known) over (partition by o.until_on, c.segment) as double) / 365.25, 0), 0
        ) as segment_pace
    from ordered as o
    inner join {{ ref('int_customers') }} as c on o.account_id = c.account_id
)

select
    p.until_on,
    p.account_id,
    p.channel, p.segment, p.region, p.owner_team,
    cast(coalesce(
        (p.repeat_orders + h.prior_years * p.segment_pace) / nullif(cast(p.days_known as double) / 365.25 + h.prior_years, 0)
        * p.mean_order * h.margin * power(0.5, p.days_silent / h.half_life_days) * h.horizon_factor, 0
    ) as decimal(18, 2)) as customer_amount
from paced as p
cross join horizon as h
