{# The run's own facts, from the one row of run.context. #}

{% macro as_of() %}(select as_of_at from {{ source('run', 'context') }}){% endmacro %}

{% macro setting(name) %}(select {{ name }} from {{ source('run', 'context') }}){% endmacro %}

{# The company's local day of an instant. #}
{% macro local_day(instant) %}cast({{ in_zone(setting('timezone'), instant) }} as date){% endmacro %}

{# The instant at which a local day begins. #}
{% macro day_start(day) %}{{ at_zone(setting('timezone'), 'cast(' ~ day ~ ' as timestamp)') }}{% endmacro %}

{# The first day of the period a local day lies in. period: week, month, fiscal_quarter, fiscal_year. #}
{% macro period_start(period, day) %}
    {%- set shift = setting('fiscal_year_start_month') ~ ' - 1' -%}
    {%- if period in ('week', 'month') -%}
    cast(date_trunc('{{ period }}', {{ day }}) as date)
    {%- else -%}
    {{ months_later(shift,
        "cast(date_trunc('" ~ period.split('_')[1] ~ "', " ~ months_later('-(' ~ shift ~ ')', day) ~ ') as date)') }}
    {%- endif -%}
{% endmacro %}

{% macro next_period_start(period, start_on) %}
    {{- days_later(7, start_on) if period == 'week'
        else months_later({'month': 1, 'fiscal_quarter': 3, 'fiscal_year': 12}[period], start_on) -}}
{% endmacro %}

{# 'FY26-Q1' of a local day: the fiscal year is named by the calendar year it ends in. #}
{% macro fiscal_quarter_name(day) -%}
    {%- set starts_on = period_start('fiscal_year', day) | trim -%}
    'FY' || substring(cast({{ days_later(-1, months_later(12, starts_on)) }} as {{ text_type() }}), 3, 2)
    || case
        when {{ day }} < {{ months_later(3, starts_on) }} then '-Q1'
        when {{ day }} < {{ months_later(6, starts_on) }} then '-Q2'
        when {{ day }} < {{ months_later(9, starts_on) }} then '-Q3'
        else '-Q4'
    end
{%- endmacro %}

{# Marts live in the schema metrics itself, without a prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
