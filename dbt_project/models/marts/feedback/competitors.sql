with

deals as (
    select * from {{ ref('int_competitor_deals') }}
),

placed as (
    {% for kind in ['fiscal_quarter', 'fiscal_year'] -%}
    select '{{ kind }}' as period_kind, {{ period_start(kind, 'placed_on') }} as period_start_on, *
    from deals
    union all
    {% endfor -%}
    select 'all' as period_kind, cast(null as date) as period_start_on, *
    from deals
),

-- squares of whole paisa: how many deals of one size would tell as much as these of different sizes
summed as (
    select
        period_kind,
        period_start_on,
        competitor,
        cast(count(*) as bigint) as deals_against,
        {% for status in ['won', 'lost', 'open'] -%}
        cast(sum(case when status = '{{ status }}' then 1 else 0 end) as bigint) as {{ status }},
        cast(sum(case when status = '{{ status }}' then deal_amount end) as decimal(18, 2)) as {{ status }}_amount,
        {% endfor -%}
        cast(sum(case when status <> 'open' then deal_amount end) as decimal(18, 2)) as decided_amount,
        sum(case
            when status <> 'open'
                then cast({{ to_paisa('deal_amount') }} as {{ large_integer_type() }}) * {{ to_paisa('deal_amount') }}
        end) as squares
    from placed
    group by period_kind, period_start_on, competitor
),

weighed as (
    select
        *,
        {{ ratio('coalesce(won_amount, 0)', 'decided_amount') }} as value_win_rate,
        cast({{ to_paisa('decided_amount') }} as double) * cast({{ to_paisa('decided_amount') }} as double)
            / nullif(cast(squares as double), 0) as effective_deals
    from summed
),

-- where nobody writes down whom a deal was won against, every rate would be 0 by the way of recording
told as (
    select
        (select count(*) from deals where status = 'won') > 0
        or (select count(*) from {{ ref('deals') }} where status = 'won') = 0 as is_told
)

select
    period_kind,
    period_start_on,
    competitor,
    deals_against,
    won,
    lost,
    {{ quoted('open') }},
    case when is_told then {{ ratio('won', '(won + lost)') }} end as win_rate,
    case when is_told then {{ wilson('won', '(won + lost)', '-') }} end as win_rate_low,
    case when is_told then {{ wilson('won', '(won + lost)', '+') }} end as win_rate_high,
    won_amount,
    lost_amount,
    open_amount,
    case when is_told then value_win_rate end as value_win_rate,
    case when is_told then {{ wilson('(value_win_rate * effective_deals)', 'effective_deals', '-') }} end as value_win_rate_low,
    case when is_told then {{ wilson('(value_win_rate * effective_deals)', 'effective_deals', '+') }} end as value_win_rate_high,
    case when is_told then 'ok' else 'unavailable: competitors are told of lost deals only' end as status
from weighed
cross join told
