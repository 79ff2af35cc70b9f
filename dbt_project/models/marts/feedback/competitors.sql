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

-- how much of what was decided any name is known of; of losses it is told more often than of wins
decided as (
    select
        {{ local_day('d.closed_at') }} as closed_on,
        d.status,
        case when n.deal_id is null then 0 else 1 end as is_named
    from {{ ref('deals') }} as d
    left join (select distinct deal_id from deals) as n on d.deal_id = n.deal_id
    where d.status in ('won', 'lost') and d.closed_at is not null and {{ is_in_scope('d.deal_type') }}
),

coverage as (
    {% for kind in ['fiscal_quarter', 'fiscal_year', 'all'] -%}
    select
        '{{ kind }}' as period_kind,
        {{ 'cast(null as date)' if kind == 'all' else period_start(kind, 'closed_on') }} as period_start_on,
        cast(count(*) as bigint) as closed_deals,
        cast(sum(is_named) as bigint) as closed_naming,
        {% for status in ['won', 'lost'] -%}
        sum(case when status = '{{ status }}' then 1 else 0 end) as {{ status }},
        sum(case when status = '{{ status }}' then is_named else 0 end) as {{ status }}_naming{{ ',' if not loop.last }}
        {% endfor %}
    from decided
    {{ 'group by ' ~ period_start(kind, 'closed_on') if kind != 'all' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- squares of whole paisa: how many deals of one size would tell as much as these of different sizes
summed as (
    select
        period_kind,
        period_start_on,
        competitor,
        cast(count(*) as bigint) as deals_against,
        cast(sum(case when is_logged_only then 1 else 0 end) as bigint) as deals_logged_only,
        {% for status in ['won', 'lost', 'open'] -%}
        cast(sum(case when status = '{{ status }}' then 1 else 0 end) as bigint) as {{ status }},
        -- of no deal the amount is 0, of deals that tell none it is unknown
        case
            when sum(case when status = '{{ status }}' then 1 else 0 end) = 0 then cast(0 as decimal(18, 2))
            else cast(sum(case when status = '{{ status }}' then deal_amount end) as decimal(18, 2))
        end as {{ status }}_amount,
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
    w.period_kind,
    w.period_start_on,
    w.competitor,
    w.deals_against,
    w.deals_logged_only,
    w.won,
    w.lost,
    w.{{ quoted('open') }},
    case when t.is_told then {{ ratio('w.won', '(w.won + w.lost)') }} end as win_rate,
    case when t.is_told then {{ wilson('w.won', '(w.won + w.lost)', '-') }} end as win_rate_low,
    case when t.is_told then {{ wilson('w.won', '(w.won + w.lost)', '+') }} end as win_rate_high,
    case when t.is_told then w.won_amount end as won_amount,
    w.lost_amount,
    w.open_amount,
    case when t.is_told then w.value_win_rate end as value_win_rate,
    case when t.is_told then {{ wilson('(w.value_win_rate * w.effective_deals)', 'w.effective_deals', '-') }} end as value_win_rate_low,
    case when t.is_told then {{ wilson('(w.value_win_rate * w.effective_deals)', 'w.effective_deals', '+') }} end as value_win_rate_high,
    coalesce(c.closed_deals, 0) as closed_deals,
    coalesce(c.closed_naming, 0) as closed_naming,
    {{ ratio('c.closed_naming', 'c.closed_deals') }} as coverage,
    {{ ratio('c.won_naming', 'c.won') }} as won_coverage,
    {{ ratio('c.lost_naming', 'c.lost') }} as lost_coverage,
    case when t.is_told then 'ok' else 'unavailable: competitors are told of lost deals only' end as status
from weighed as w
cross join told as t
left join coverage as c
    on w.period_kind = c.period_kind and (w.period_start_on = c.period_start_on or w.period_kind = 'all')
