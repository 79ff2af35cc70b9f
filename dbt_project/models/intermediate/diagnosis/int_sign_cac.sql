-- What a new customer costs in campaigns at the channels' mix of before, so that a change of mix is no change of price.
with

channels as (
    select
        w.sign_window,
        m.dimension_value as channel,
        cast(sum(cast(m.numerator as decimal(18, 2))) as double) as cost,
        cast(sum(cast(m.denominator as bigint)) as double) as customers
    from {{ ref('shared_metrics') }} as m
    inner join {{ ref('int_sign_windows') }} as w on m.period_start_on >= w.from_on and m.period_start_on < w.until_on
    where m.metric = 'cpa_customer' and m.period_kind = 'fiscal_quarter' and m.dimension = 'channel'
    group by w.sign_window, m.dimension_value
),

-- only where both years bought customers can their price be compared
paired as (
    select
        n.channel,
        b.customers as weight,
        n.cost / n.customers as cost_now,
        n.customers as customers_now,
        b.cost / b.customers as cost_before,
        b.customers as customers_before
    from channels as n
    inner join channels as b on n.channel = b.channel and n.sign_window = 'now' and b.sign_window = 'before'
    where n.cost > 0 and b.cost > 0 and n.customers > 0 and b.customers > 0
),

-- customers come by chance: a price's relative error is that of a count; sums are decimal, for doubles differ by their order
measured as (
    {% for sign_window in ['now', 'before'] -%}
    select
        '{{ sign_window }}' as sign_window,
        cast(weighted as double) / cast(weights as double) as figure,
        sqrt(cast(squares as double)) / cast(weighted as double) as relative_error,
        customers as cases
    from (
        select
            sum(cast(weight * cost_{{ sign_window }} as decimal(28, 6))) as weighted,
            sum(cast(weight as bigint)) as weights,
            sum(cast(power(weight * cost_{{ sign_window }}, 2) / customers_{{ sign_window }} as decimal(38, 6))) as squares,
            sum(cast(customers_{{ sign_window }} as bigint)) as customers
        from paired
    ) as summed
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    'cac' as sign,
    sign_window,
    figure,
    figure * exp(-{{ z_of_95() }} * relative_error) as figure_low,
    figure * exp({{ z_of_95() }} * relative_error) as figure_high,
    cast(cases as bigint) as cases,
    cast(null as double) as kappa
from measured
where figure is not null
