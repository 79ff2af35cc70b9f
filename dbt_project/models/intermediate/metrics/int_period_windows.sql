-- The days that a figure of a period may be made of, by the name that metric_parts calls them.
{% set whole = ['fiscal_quarter', 'fiscal_year'] %}
with

periods as (
    select *, {{ months_later(-12, 'until_on') }} as year_before_on from {{ ref('int_periods') }}
),

windows as (
    select 'in the period' as period_window, period_kind, period_start_on, period_start_on as from_on, until_on
    from periods
    where not is_ahead
    {% for name in ['up to its end', 'open at its end'] %}
    union all
    select '{{ name }}', period_kind, period_start_on, cast(null as date), until_on from periods where not is_ahead
    {% endfor %}
    union all
    select 'twelve months to its end', period_kind, period_start_on, year_before_on, until_on from periods where not is_ahead
    {% for kind in whole %}
    union all
    select 'the whole {{ kind | replace('_', ' ') }}', period_kind, period_start_on, period_start_on as from_on, period_end_on
    from periods
    where period_kind = '{{ kind }}'
    {% endfor %}
    union all
    select 'before its pipeline is looked at', period_kind, period_start_on, period_start_on as from_on, seen_on
    from periods
    where period_kind in ('{{ whole | join("', '") }}')
)

select * from windows
