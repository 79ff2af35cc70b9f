{# The business clock: what an office has worked up to an instant, by the rows of agreement.calendar. `day` is the alias
   of a calendar row of one version: that of the instant's local day, or, from a clock back to an instant, the one that
   clock_lies_in finds. Clocks are whole microseconds and mean something within one version only. #}

{# Business microseconds worked up to the instant; null without its day. #}
{% macro clock(day, instant) -%}
    ({{ day }}.worked_before_us + greatest(
        least({{ microseconds(instant) }}, {{ microseconds(day ~ '.closes_at') }}) - {{ microseconds(day ~ '.opens_at') }}, 0
    ))
{%- endmacro %}

{# Between two instants; negative when the second lies before the first and the office has worked between them. #}
{% macro business_microseconds(from_day, from_at, until_day, until_at) -%}
    ({{ clock(until_day, until_at) }} - {{ clock(from_day, from_at) }})
{%- endmacro %}

{# Whether the office is open: at the stroke of opening it is, at that of closing no longer. #}
{% macro is_in_office_hours(day, instant) -%}
    ({{ instant }} >= {{ day }}.opens_at and {{ instant }} < {{ day }}.closes_at)
{%- endmacro %}

{# What joins the working day on which the clock stands at the value, and goes on from it. #}
{% macro clock_lies_in(day, clock_us) -%}
    {{ day }}.worked_before_us <= {{ clock_us }}
    and {{ clock_us }} < {{ day }}.worked_before_us
        + {{ microseconds(day ~ '.closes_at') }} - {{ microseconds(day ~ '.opens_at') }}
{%- endmacro %}

{# The latest instant at which the clock still stands at the value. #}
{% macro instant_of_clock(day, clock_us) -%}
    {{ instant_of(microseconds(day ~ '.opens_at') ~ ' + ' ~ clock_us ~ ' - ' ~ day ~ '.worked_before_us') }}
{%- endmacro %}

{# Hours of so many microseconds. #}
{% macro in_hours(microseconds) -%}
    cast({{ microseconds }} as double) / cast(3600000000 as double)
{%- endmacro %}
