-- The three signs that sales and marketing pull apart: leads in dispute, a long sales cycle, customers that cost ever more.
-- What a customer costs is told twice: in campaigns at constant mix, and as CAC, with all that sales and marketing cost.
{% set figures = ['figure', 'figure_low', 'figure_high', 'cases', 'kappa'] %}
{% set of_agreement = ['set_aside', 'unknown', 'ac1_if_rejected'] %}
with

signs as (
    select 'quality_dispute' as sign, 'qualification_agreement_ac1' as benchmark_metric, 'AC1' as unit
    union all
    select 'sales_cycle' as sign, 'sales_cycle_days_median' as benchmark_metric, 'days' as unit
    union all
    select 'cac' as sign, null as benchmark_metric, 'amount' as unit
),

figures as (
    select sign, sign_window, {{ figures | join(', ') }} from {{ ref('int_sign_agreement') }}
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
        {% for name in of_agreement -%}
        a.{{ name }},
        d.{{ name }} as {{ name }}_before,
        {% endfor -%}
        c.cac,
        c.cac_before,
        c.cac_trend,
        c.is_media_only,
        coalesce(c.is_short_history, false) as is_short_history,
        coalesce(c.short_quarters, 0) as short_quarters,
        cast(m.value as double) as benchmark,
        m.source as benchmark_source
    from signs as s
    inner join {{ ref('int_sign_windows') }} as w on w.sign_window = 'now'
    left join figures as n on s.sign = n.sign and n.sign_window = 'now'
    left join figures as b on s.sign = b.sign and b.sign_window = 'before'
    left join {{ ref('int_sign_agreement') }} as a on s.sign = a.sign and a.sign_window = 'now'
    left join {{ ref('int_sign_agreement') }} as d on s.sign = d.sign and d.sign_window = 'before'
    left join {{ ref('int_glossary_cac') }} as c on s.sign = c.sign
    left join {{ source('agreement', 'benchmarks') }} as m on s.benchmark_metric = m.metric
),

changes as (
    select
        *,
        coalesce(cases, 0) < {{ setting('signal_min_cases') }} as is_short,
        {{ change_bound('figure', '-') }} as change_low,
        {{ change_bound('figure', '+') }} as change_high
    from beside
),

-- an agreement is bad when low, a cycle and a cost when high
trends as (
    select
        *,
        case
            when is_short or is_short_history or change_low is null or change_high is null then 'unknown'
            when change_low > 0 then 'risen'
            when change_high < 0 then 'fallen'
            else 'no change beyond noise'
        end as trend
    from changes
),

-- without a benchmark a sign is judged against its own past alone
judged as (
    select
        *,
        case
            when is_short then 'not enough data'
            -- where all agree, or none does, there is no interval
            when sign = 'quality_dispute' and coalesce(figure_high, figure) < benchmark then 'present'
            when sign = 'quality_dispute' and coalesce(figure_low, figure) >= benchmark
                then case when trend = 'fallen' then 'absent, but falling' else 'absent' end
            when sign = 'quality_dispute' and trend = 'fallen' then 'present'
            when sign = 'sales_cycle' and figure_low > benchmark then 'present'
            when sign = 'sales_cycle' and figure_high <= benchmark then 'absent'
            when sign = 'cac' and trend = 'risen' and cac_trend in ('fallen', 'no change beyond noise')
                then 'present at constant mix, not in CAC'
            when sign = 'cac' and cac_trend = 'risen' and trend in ('fallen', 'no change beyond noise')
                then 'present in CAC, not at constant mix'
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
    change_low,
    change_high,
    cac,
    cac_before,
    cac_trend,
    case
        when figure is null and cac is null then null
        when sign = 'quality_dispute' then {{ agreement_told() }}
        when sign = 'sales_cycle'
            then 'median days from deal to won ' || {{ to_places('figure', 0) }}
                || coalesce(', a year before ' || {{ to_places('figure_before', 0) }}, '')
        else
            'campaign cost of a new customer at constant mix ' || coalesce(
                {{ amount_in_words('figure') }} || ', a year before ' || {{ amount_in_words('figure_before') }} || ' (' || trend || ')',
                'unknown'
            )
            || '; CAC as the glossary has it, '
            || case when is_media_only then 'without expenses, which no source tells: ' else 'with all expenses of sales and marketing: ' end
            || coalesce(
                {{ amount_in_words('cac') }} || ', a year before ' || {{ amount_in_words('cac_before') }} || ' (' || cac_trend || ')',
                'unknown'
            )
            || case
                when short_quarters > 0
                    then '; the year before is short history in ' || cast(short_quarters as {{ text_type() }}) || ' of its quarters'
                else ''
            end
    end || case when benchmark is null then '' else '; benchmark ' || {{ to_places('benchmark', 2) }} end as evidence,
    benchmark,
    benchmark_source,
    {% for name in of_agreement -%}
    {{ name }},
    {{ name }}_before{{ ',' if not loop.last }}
    {% endfor %}
from judged
