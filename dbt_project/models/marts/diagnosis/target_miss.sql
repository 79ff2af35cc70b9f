-- What a quarter's revenue lacked of its target, factor by factor; the parts of a quarter sum to its miss to the paisa.
{% set factors = ['volume', 'quality', 'conversion', 'speed', 'deal_value'] %}
{# how often a coalition of that size stands before or after a factor: size! (n - 1 - size)! / n! #}
{% set weights = ['0.2', '0.05', '0.03333333333333333', '0.05', '0.2'] %}
with

quarters as (
    select * from {{ ref('int_target_factors') }}
),

-- every set of factors that are already what they became, the others as planned
coalitions as (
    select
        generated_number - 1 as coalition,
        {% for factor in factors -%}
        cast(floor((generated_number - 1) / {{ 2 ** loop.index0 }}) as bigint) % 2 as has_{{ factor }}{{ ', ' if not loop.last }}
        {% endfor %}
    from ({{ whole_numbers(32) }}) as numbers
),

valued as (
    select
        q.period_start_on,
        c.*,
        {% for factor in factors -%}
        c.has_{{ factor }}{{ ' + ' if not loop.last }}
        {%- endfor %} as members,
        {% for factor in factors -%}
        case when c.has_{{ factor }} = 1 then q.actual_{{ factor }} else q.planned_{{ factor }} end{{ ' * ' if not loop.last }}
        {% endfor %} as revenue
    from quarters as q
    cross join coalitions as c
    where q.is_decomposable
),

-- Shapley (1953): the mean of what a factor changes, over every order in which the factors may have changed
shares as (
    {% for factor in factors -%}
    select
        period_start_on,
        '{{ factor }}' as factor,
        {{ loop.index }} as factor_order,
        sum(
            revenue * case when has_{{ factor }} = 1 then -1 else 1 end
            * case members - has_{{ factor }} {%- for weight in weights %} when {{ loop.index0 }} then {{ weight }} {%- endfor %} end
        ) as lacking
    from valued
    group by period_start_on
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- whole paisa; what rounding leaves over goes to the largest part
rounded as (
    select
        s.*,
        cast(round(s.lacking * 100) as bigint) as paisa,
        row_number() over (partition by s.period_start_on order by abs(s.lacking) desc, s.factor_order) as size_rank
    from shares as s
),

summed as (
    select
        r.*,
        {{ to_paisa('(q.target_amount - q.revenue_amount)') }} - sum(r.paisa) over (partition by r.period_start_on) as left_over
    from rounded as r
    inner join quarters as q on r.period_start_on = q.period_start_on
),

factors as (
    {% for factor in factors -%}
    select
        *,
        '{{ factor }}' as factor,
        planned_{{ factor }} as planned,
        actual_{{ factor }} as actual
    from quarters
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    f.fiscal_quarter,
    f.period_start_on,
    cast(f.target_amount as decimal(18, 2)) as target_amount,
    f.revenue_amount,
    cast(f.target_amount - f.revenue_amount as decimal(18, 2)) as miss_amount,
    replace(f.factor, '_', ' ') as factor,
    f.planned,
    f.actual,
    {{ from_paisa('(s.paisa + case when s.size_rank = 1 then s.left_over else 0 end)') }} as lacking_amount,
    case
        when f.is_short_history then 'short history'
        when not f.is_decomposable then 'unavailable: revenue without leads or won deals'
        else 'ok'
    end as status
from factors as f
left join summed as s on f.period_start_on = s.period_start_on and f.factor = s.factor
