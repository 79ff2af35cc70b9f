-- What a quarter's revenue lacked of its target: what was asked beyond an average quarter of the year before (stretch), and
-- what each factor changed against that quarter. The parts of a quarter sum to its miss to the paisa.
{% set factors = ['volume', 'quality', 'conversion', 'speed', 'deal_value'] %}
{# factor: what it counts, as a person says it, by how much it is multiplied for that, and with how many places #}
{% set told = {
    'volume': ('leads created', 1, 0),
    'quality': ('MQLs per 100 leads', 100, 1),
    'conversion': ('deals won, in it or late, per 100 MQLs', 100, 1),
    'speed': ('won in the quarter, of 100 won in it or late', 100, 1),
    'deal_value': ('revenue per won deal', 1, 0),
} %}
{# how often a coalition of that size stands before or after a factor: size! (n - 1 - size)! / n! #}
{% set weights = ['0.2', '0.05', '0.03333333333333333', '0.05', '0.2'] %}
with

quarters as (
    select * from {{ ref('int_target_factors') }}
),

-- every set of factors that are already what they became, the others as in the average quarter
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
        case when c.has_{{ factor }} = 1 then q.actual_{{ factor }} else q.baseline_{{ factor }} end{{ ' * ' if not loop.last }}
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
        -- decimal terms: a sum of doubles differs by its order
        sum(cast(
            revenue * case when has_{{ factor }} = 1 then -1 else 1 end
            * case members - has_{{ factor }} {%- for weight in weights %} when {{ loop.index0 }} then {{ weight }} {%- endfor %} end
        as decimal(28, 6))) as changed
    from valued
    group by period_start_on
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- whole paisa; what rounding leaves over goes to the largest part
rounded as (
    select
        s.*,
        cast(round(s.changed * 100) as bigint) as paisa,
        row_number() over (partition by s.period_start_on order by abs(s.changed) desc, s.factor_order) as size_rank
    from shares as s
),

summed as (
    select
        r.*,
        {{ to_paisa('(q.baseline_amount - q.revenue_amount)') }} - sum(r.paisa) over (partition by r.period_start_on) as left_over
    from rounded as r
    inner join quarters as q on r.period_start_on = q.period_start_on
),

factors as (
    {% for factor in factors -%}
    select
        *,
        '{{ factor }}' as factor,
        '{{ told[factor][0] }}' as counted,
        baseline_{{ factor }} as baseline,
        planned_{{ factor }} as planned,
        actual_{{ factor }} as actual,
        -- a target asks for more leads: at the usual rates nothing else would meet it
        cast({{ 'target_amount - baseline_amount' if factor == 'volume' else '0' }} as decimal(18, 2)) as stretch_amount,
        {% for number in ['actual', 'baseline'] -%}
        {{ amount_in_words(number ~ '_' ~ factor) if factor == 'deal_value'
            else to_places(number ~ '_' ~ factor ~ ' * ' ~ told[factor][1], told[factor][2]) }}
            as {{ number }}_in_words{{ ',' if not loop.last }}
        {% endfor %}
    from quarters
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

parts as (
    select
        f.*,
        case when s.factor is not null then f.stretch_amount end as stretched_amount,
        {{ from_paisa('(s.paisa + case when s.size_rank = 1 then s.left_over else 0 end)') }} as change_amount
    from factors as f
    left join summed as s on f.period_start_on = s.period_start_on and f.factor = s.factor
)

select
    fiscal_quarter,
    period_start_on,
    cast(target_amount as decimal(18, 2)) as target_amount,
    baseline_amount,
    revenue_amount,
    cast(target_amount - revenue_amount as decimal(18, 2)) as miss_amount,
    replace(factor, '_', ' ') as factor,
    baseline,
    planned,
    actual,
    stretched_amount as stretch_amount,
    change_amount,
    cast(stretched_amount + change_amount as decimal(18, 2)) as lacking_amount,
    replace(factor, '_', ' ') || ': ' || counted || ' ' || actual_in_words || ', in an average quarter of the year before '
    || baseline_in_words || '; that ' || case when change_amount > 0 then 'cost ' else 'brought ' end
    || {{ amount_in_words('abs(change_amount)') }} || ' of revenue'
    || case
        when factor in ('conversion', 'speed') and still_open + baseline_still_open > 0 then ', not final'
        when factor <> 'volume' then ''
        else
            '. The target asks ' || {{ amount_in_words('abs(stretched_amount)') }}
            || case when stretched_amount < 0 then ' less' else ' more' end || ' than such a quarter brought, which takes '
            || {{ to_places('planned', 0) }} || ' leads at its rates'
    end as sentence,
    case
        when change_amount is not null
            then
                case when revenue_amount < target_amount then 'missed' else 'beat' end || ' the target by '
                || {{ amount_in_words('abs(target_amount - revenue_amount)') }} || ': the target stood '
                || {{ amount_in_words('abs(target_amount - baseline_amount)') }}
                || case when target_amount < baseline_amount then ' below' else ' above' end
                || ' an average quarter of the year before, the quarter itself '
                || {{ amount_in_words('abs(revenue_amount - baseline_amount)') }}
                || case when revenue_amount < baseline_amount then ' below' else ' above' end || ' it'
                || case
                    when still_open + baseline_still_open = 0 then ''
                    else '; not final while deals that may be won late are still open, ' || cast(still_open as {{ text_type() }})
                        || ' due in it, ' || cast(baseline_still_open as {{ text_type() }}) || ' in the year before'
                end
    end as quarter_sentence,
    still_open,
    baseline_still_open,
    case
        when is_short_history then 'short history'
        when not is_decomposable then 'unavailable: revenue without leads or won deals'
        when still_open + baseline_still_open > 0 then 'maturing'
        else 'ok'
    end as status
from parts
