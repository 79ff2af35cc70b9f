-- The five factors whose product is a quarter's revenue, beside those of an average quarter of the year before (the
-- baseline), and those whose product is the target: the baseline's rates, and as many leads as the target takes at them.
{% set counts = ['leads', 'mqls', 'won', 'late', 'revenue_amount'] %}
with

quarters as (
    select * from {{ ref('int_quarter_counts') }}
),

-- the four quarters before; fewer are no year
years as (
    select
        q.period_start_on,
        count(b.period_start_on) as quarters_before,
        {% for count in counts -%}
        sum(b.{{ count }}) as {{ count }}{{ ', ' if not loop.last }}
        {% endfor %}
    from quarters as q
    left join quarters as b
        on b.period_start_on < q.period_start_on and b.period_start_on >= {{ months_later(-12, 'q.period_start_on') }}
    group by q.period_start_on
),

-- a deal may have been due in several of them
years_open as (
    select q.period_start_on, count(distinct d.deal_id) as still_open
    from quarters as q
    inner join {{ ref('int_due_deals') }} as d
        on d.period_start_on < q.period_start_on and d.period_start_on >= {{ months_later(-12, 'q.period_start_on') }}
    where d.is_still_open
    group by q.period_start_on
),

usual as (
    select
        y.period_start_on,
        t.fiscal_quarter,
        t.target_amount,
        y.quarters_before,
        -- four quarters make the year; a quarter of its revenue
        cast(y.revenue_amount * cast(0.25 as decimal(3, 2)) as decimal(18, 2)) as baseline_amount,
        {{ ratio('y.leads', 'y.quarters_before') }} as volume,
        {{ ratio('y.mqls', 'y.leads') }} as quality,
        {{ ratio('y.won + y.late', 'y.mqls') }} as conversion,
        {{ ratio('y.won', 'y.won + y.late') }} as speed,
        {{ ratio('y.revenue_amount', 'y.won') }} as deal_value
    from years as y
    inner join {{ ref('int_revenue_targets') }} as t on y.period_start_on = t.starts_on
),

-- a rate over nothing says nothing: it stays what it usually is, and the factor above it is zero
beside as (
    select
        u.period_start_on,
        u.fiscal_quarter,
        u.target_amount,
        q.revenue_amount,
        q.still_open,
        coalesce(o.still_open, 0) as baseline_still_open,
        u.quarters_before < 4 as is_short_history,
        case when u.quarters_before = 4 then u.baseline_amount end as baseline_amount,
        u.volume as baseline_volume,
        {% for factor in ['quality', 'conversion', 'speed', 'deal_value'] -%}
        u.{{ factor }} as baseline_{{ factor }},
        {% endfor -%}
        {{ ratio('u.target_amount', 'u.quality * u.conversion * u.speed * u.deal_value') }} as planned_volume,
        u.quality as planned_quality,
        u.conversion as planned_conversion,
        u.speed as planned_speed,
        u.deal_value as planned_deal_value,
        cast(q.leads as double) as actual_volume,
        coalesce({{ ratio('q.mqls', 'q.leads') }}, u.quality) as actual_quality,
        coalesce({{ ratio('q.won + q.late', 'q.mqls') }}, u.conversion) as actual_conversion,
        coalesce({{ ratio('q.won', 'q.won + q.late') }}, u.speed) as actual_speed,
        coalesce({{ ratio('q.revenue_amount', 'q.won') }}, u.deal_value) as actual_deal_value
    from usual as u
    inner join quarters as q on u.period_start_on = q.period_start_on
    left join years_open as o on u.period_start_on = o.period_start_on
)

select
    *,
    -- revenue that no factor accounts for, such as invoices of a quarter without a lead or a won deal, cannot be told apart
    planned_volume is not null and not is_short_history
    and abs(
        actual_volume * actual_quality * actual_conversion * actual_speed * actual_deal_value - cast(revenue_amount as double)
    ) < 0.5 as is_decomposable
from beside
