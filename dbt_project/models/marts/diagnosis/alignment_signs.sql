-- The three signs that sales and marketing pull apart: leads in dispute, a long sales cycle, customers that cost ever more.
{% set figures = ['figure', 'figure_low', 'figure_high', 'cases', 'kappa'] %}
with

signs as (
    select 'quality_dispute' as sign, 'qualification_agreement_ac1' as benchmark_metric, 'AC1' as unit
    union all
    select 'sales_cycle' as sign, 'sales_cycle_days_median' as benchmark_metric, 'days' as unit
    union all
    select 'cac' as sign, null as benchmark_metric, 'amount' as unit
),

figures as (
    select * from {{ ref('int_sign_agreement') }}
    union all
    select * from {{ ref('int_sign_cycle') }}
    union all
    select * from {{ ref('int_sign_cac') }}
),

beside as (
    select
        s.sign,
        s.unit,
        w.from_on,
        w.until_on,
        {% for figure in figures -%}
        n.{{ figure }},
        b.{{ figure }} as {{ figure }}_before,
        {% endfor -%}
        cast(m.value as double) as benchmark,
        m.source as benchmark_source
    from signs as s
    inner join {{ ref('int_sign_windows') }} as w on w.sign_window = 'now'
    left join figures as n on s.sign = n.sign and n.sign_window = 'now'
    left join figures as b on s.sign = b.sign and b.sign_window = 'before'
    left join {{ source('agreement', 'benchmarks') }} as m on s.benchmark_metric = m.metric
),

-- an agreement is bad when low, a cycle and a cost when high
trends as (
    select
        *,
        coalesce(cases, 0) < {{ setting('signal_min_cases') }} as is_short,
        case
            when coalesce(cases, 0) < {{ setting('signal_min_cases') }} then 'unknown'
            when figure_low > figure_high_before then 'risen'
            when figure_high < figure_low_before then 'fallen'
            when figure_before is null or figure is null then 'unknown'
            else 'no change beyond noise'
        end as trend
    from beside
),

-- without a benchmark a sign is judged against its own past alone
judged as (
    select
        *,
        case
            when is_short then 'not enough data'
            when sign = 'quality_dispute' and figure_high < benchmark then 'present'
            when sign = 'quality_dispute' and figure_low >= benchmark then 'absent'
            when sign = 'sales_cycle' and figure_low > benchmark then 'present'
            when sign = 'sales_cycle' and figure_high <= benchmark then 'absent'
            when sign <> 'quality_dispute' and trend = 'risen' then 'present'
            when benchmark is null and trend = 'unknown' then 'not enough data'
            when benchmark is null then 'absent'
            else 'unclear'
        end as verdict
    from trends
)

select
    sign,
    verdict,
    trend,
    unit,
    from_on,
    until_on,
    {% for figure in figures -%}
    {{ figure }},
    {{ figure }}_before,
    {% endfor -%}
    benchmark,
    benchmark_source
from judged
