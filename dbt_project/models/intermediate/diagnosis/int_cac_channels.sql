-- What each channel cost and how many new customers it won, in both years of the signs, beside what all of it came to.
-- One row per channel with a cost or a customer in either year.
with

quarters as (
    select
        w.sign_window,
        m.metric,
        m.dimension_value as channel,
        cast(coalesce(m.numerator, 0) as decimal(18, 2)) as cost_amount,
        cast(coalesce(m.denominator, 0) as bigint) as customers
    from {{ ref('shared_metrics') }} as m
    inner join {{ ref('int_sign_windows') }} as w on m.period_start_on >= w.from_on and m.period_start_on < w.until_on
    where
        m.period_kind = 'fiscal_quarter'
        and (m.metric = 'cpa_customer' and m.dimension = 'channel' or m.metric = 'cac' and m.dimension = 'total')
),

summed as (
    select
        metric,
        channel,
        {% for sign_window in ['now', 'before'] -%}
        -- what was paid back on balance is no spending
        cast(greatest(sum(case when sign_window = '{{ sign_window }}' then cost_amount else 0 end), 0) as decimal(18, 2))
            as cost_{{ sign_window }},
        cast(sum(case when sign_window = '{{ sign_window }}' then customers else 0 end) as bigint) as customers_{{ sign_window }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from quarters
    group by metric, channel
),

campaigns as (
    select * from summed where metric = 'cpa_customer' and (cost_now > 0 or cost_before > 0 or customers_now > 0 or customers_before > 0)
)

select
    c.channel,
    {% for sign_window in ['now', 'before'] -%}
    c.cost_{{ sign_window }},
    c.customers_{{ sign_window }},
    cast(sum(c.cost_{{ sign_window }}) over () as decimal(18, 2)) as campaign_cost_{{ sign_window }},
    -- of the channels that were paid for in that year
    cast(sum(case when c.cost_{{ sign_window }} > 0 then c.customers_{{ sign_window }} else 0 end) over () as bigint)
        as paid_customers_{{ sign_window }},
    t.cost_{{ sign_window }} as total_cost_{{ sign_window }},
    t.customers_{{ sign_window }} as total_customers_{{ sign_window }}{{ ',' if not loop.last }}
    {% endfor %}
from campaigns as c
inner join summed as t on t.metric = 'cac'
