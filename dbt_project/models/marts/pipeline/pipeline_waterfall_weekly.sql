-- The pipeline of each week by source and due quarter: what it opened with, what moved it, what it closed with.
{% set movements = ['created', 'reopened', 'pulled_in', 'increased', 'reclassified', 'decreased', 'pushed_out', 'won', 'lost',
                    'scrubbed'] %}
{% set outflows = ['decreased', 'pushed_out', 'won', 'lost', 'scrubbed'] %}
{# what is added up from the first week on #}
{% set totals = {'closing_amount': 'net_amount', 'movements': 'movements', 'movements_of_histories': 'movements_of_histories'} %}
with

moved as (
    select
        week_start_on,
        source,
        due_fiscal_quarter,
        {% for movement in movements -%}
        sum(case when movement = '{{ movement }}' then {{ '-' if movement in outflows }}movement_amount else 0 end)
            as {{ movement }}_amount,
        {% endfor -%}
        sum(movement_amount) as net_amount,
        count(*) as movements,
        sum(case when has_history then 1 else 0 end) as movements_of_histories
    from {{ ref('pipeline_movements') }}
    group by week_start_on, source, due_fiscal_quarter
),

cells as (
    select source, due_fiscal_quarter, min(week_start_on) as first_week_on
    from moved
    group by source, due_fiscal_quarter
),

span as (
    select min(first_week_on) as first_week_on, {{ period_start('week', last_day()) }} as last_week_on from cells
),

weeks as (
    select {{ days_later('7 * (n.day_number - 1)', 's.first_week_on') }} as week_start_on
    from span as s
    inner join {{ ref('int_day_numbers') }} as n
        on {{ days_apart('s.first_week_on', 's.last_week_on') }} + 7 >= 7 * n.day_number
),

summed as (
    select
        w.week_start_on,
        c.source,
        c.due_fiscal_quarter,
        {% for movement in movements -%}
        coalesce(m.{{ movement }}_amount, 0) as {{ movement }}_amount,
        {% endfor -%}
        coalesce(m.net_amount, 0) as net_amount,
        {% for total, column in totals.items() -%}
        sum(coalesce(m.{{ column }}, 0)) over (
            partition by c.source, c.due_fiscal_quarter order by w.week_start_on
            rows between unbounded preceding and current row
        ) as {{ total }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells as c
    inner join weeks as w on c.first_week_on <= w.week_start_on
    left join moved as m
        on w.week_start_on = m.week_start_on and c.source = m.source and c.due_fiscal_quarter = m.due_fiscal_quarter
)

select
    week_start_on,
    source,
    due_fiscal_quarter,
    cast(closing_amount - net_amount as decimal(18, 2)) as opening_amount,
    {% for movement in movements -%}
    cast({{ movement }}_amount as decimal(18, 2)) as {{ movement }}_amount,
    {% endfor -%}
    cast(closing_amount as decimal(18, 2)) as closing_amount,
    case when {{ days_later(6, 'week_start_on') }} > {{ last_day() }} then 'maturing' else 'final' end as maturity,
    -- without it nothing can have been increased, decreased or moved to another quarter, which is not to say that nothing was
    case
        when movements_of_histories = movements then 'kept'
        when movements_of_histories > 0 then 'partly kept'
        else 'unavailable: no history of deals'
    end as history_status
from summed
where
    closing_amount <> 0 or net_amount <> 0
    {%- for movement in movements %} or {{ movement }}_amount <> 0{% endfor %}
