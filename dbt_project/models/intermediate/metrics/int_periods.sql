-- Weeks, months, fiscal quarters and years from the first thing that happened to the last day; and the next quarter and year.
with

firsts as (
    select min({{ local_day('created_at') }}) as first_on from {{ ref('leads') }}
    union all
    select min({{ local_day('created_at') }}) from {{ ref('deals') }}
    union all
    select min(earned_on) from {{ ref('int_revenue') }} where basis = 'invoices'
    union all
    select min(spent_on) from {{ ref('int_costs_daily') }}
    union all
    select min(spent_on) from {{ ref('int_expenses_daily') }}
),

span as (
    select min(f.first_on) as first_on, max(l.last_on) as last_on
    from firsts as f
    cross join {{ ref('int_last_day') }} as l
),

customers as (
    select min(ordered_on) as first_ordered_on from {{ ref('int_orders') }}
),

days as (
    select s.first_on, s.last_on, {{ days_later('n.day_number - 1', 's.first_on') }} as day_on
    from span as s
    inner join {{ ref('int_day_numbers') }} as n on {{ days_apart('s.first_on', 's.last_on') }} + 1 >= n.day_number
),

starts as (
    {% for kind in period_kinds() %}
    select distinct '{{ kind }}' as period_kind, {{ period_start(kind, 'day_on') }} as period_start_on, false as is_ahead, first_on, last_on
    from days
    {{ 'union all' if not loop.last }}
    {% endfor %}
    {% for kind in ['fiscal_quarter', 'fiscal_year'] %}
    union all
    select '{{ kind }}', {{ next_period_start(kind, period_start(kind, 'last_on')) }}, true, first_on, last_on
    from span
    where first_on is not null
    {% endfor %}
),

ended as (
    select
        *,
        case period_kind
            {% for kind in period_kinds() %}
            when '{{ kind }}' then {{ next_period_start(kind, 'period_start_on') }}
            {% endfor %}
        end as period_end_on,
        {{ days_later(1, 'last_on') }} as counted_until_on
    from starts
),

running as (
    select *, {{ day_start('period_end_on') }} > {{ as_of() }} as is_running from ended
),

ruled as (
    select
        e.period_kind,
        e.period_start_on,
        v.version,
        row_number() over (partition by e.period_kind, e.period_start_on order by v.in_force_at desc) as choice
    from running as e
    inner join {{ ref('int_versions') }} as v
        on v.in_force_at <= {{ as_of() }} and v.in_force_at < {{ day_start('e.period_end_on') }}
)

select
    e.period_kind,
    e.period_start_on,
    e.period_end_on,
    -- the first day that no longer counts: a running period is counted up to the last day
    case when e.period_end_on < e.counted_until_on then e.period_end_on else e.counted_until_on end as until_on,
    e.is_ahead,
    e.is_running,
    {{ microseconds(as_of()) }} - {{ microseconds(day_start('e.period_end_on')) }}
    >= cast({{ setting('maturity_days') }} as bigint) * 86400000000 as is_mature,
    e.period_start_on < {{ months_later(12, 'e.first_on') }} as is_short_history,
    -- who is a new customer is known once a year of orders is
    coalesce(e.period_start_on < {{ months_later(12, 'c.first_ordered_on') }}, true) as is_short_of_orders,
    -- the moment at which a period's open pipeline is looked at: its start; AS_OF where it is not over by then
    e.is_running as is_seen_at_as_of,
    case when e.is_running then {{ as_of() }} else {{ day_start('e.period_start_on') }} end as seen_at,
    case when e.is_running and not e.is_ahead then e.counted_until_on else e.period_start_on end as seen_on,
    r.version as agreement_version
from running as e
cross join customers as c
left join ruled as r on e.period_kind = r.period_kind and e.period_start_on = r.period_start_on and r.choice = 1
