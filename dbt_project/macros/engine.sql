{# Everything that differs between engines stands in this file and nowhere else: DuckDB, the default, and Spark. #}

{# A pattern as the engine's literal: Spark would read the backslashes of a plain one. #}
{% macro pattern_literal(pattern) %}{{ "r'" if target.type == 'spark' else "'" }}{{ pattern }}'{% endmacro %}

{% macro rewritten(text, pattern, by) -%}
    {%- if target.type == 'spark' -%}
    regexp_replace({{ text }}, {{ pattern_literal(pattern) }}, {{ pattern_literal(by | replace('\\1', '$1') | replace('\\2', '$2')) }})
    {%- else -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g')
    {%- endif -%}
{%- endmacro %}

{% macro matches(text, pattern) -%}
    {%- if target.type == 'spark' -%}({{ text }} rlike {{ pattern_literal(pattern) }})
    {%- else -%}regexp_matches({{ text }}, '{{ pattern }}')
    {%- endif -%}
{%- endmacro %}

{# The first part of the text that the pattern matches. #}
{% macro part(text, pattern) -%}
    regexp_extract({{ text }}, {{ pattern_literal(pattern) }}, 0)
{%- endmacro %}

{# A zoneless timestamp of a zone -> the instant. #}
{% macro at_zone(zone, local) -%}
    {%- if target.type == 'spark' -%}to_utc_timestamp({{ local }}, {{ zone }})
    {%- else -%}timezone({{ zone }}, {{ local }})
    {%- endif -%}
{%- endmacro %}

{# An instant -> the zone's local timestamp. #}
{% macro in_zone(zone, instant) -%}
    {%- if target.type == 'spark' -%}from_utc_timestamp({{ instant }}, {{ zone }})
    {%- else -%}timezone({{ zone }}, {{ instant }})
    {%- endif -%}
{%- endmacro %}

{% macro parsed(text, formats) -%}
    {%- if target.type == 'spark' -%}
    coalesce({% for f in formats -%}
        try_to_timestamp({{ text }}, '{{ f | replace('%d', 'd') | replace('%b', 'MMM') | replace('%Y', 'yyyy') | replace('%m', 'M')
            | replace('%H', 'H') | replace('%M', 'm') | replace('%S', 's') }}'){{ ', ' if not loop.last }}
    {%- endfor %})
    {%- else -%}
    try_strptime({{ text }}, [{% for f in formats %}'{{ f }}'{{ ', ' if not loop.last }}{% endfor %}])
    {%- endif -%}
{%- endmacro %}

{% macro tried(text, type) %}try_cast({{ text }} as {{ type }}){% endmacro %}

{# An ISO date-time with a zone -> the instant; Spark reads offsets with a colon only. #}
{% macro zoned(text) -%}
    {%- if target.type == 'spark' -%}
    try_cast({{ rewritten(rewritten(text, '([+-][0-9]{2})$', '\\1:00'), '([+-][0-9]{2})([0-9]{2})$', '\\1:\\2') }} as timestamp)
    {%- else -%}
    try_cast({{ text }} as timestamp with time zone)
    {%- endif -%}
{%- endmacro %}

{% macro microseconds(instant) -%}
    {{ 'unix_micros' if target.type == 'spark' else 'epoch_us' }}({{ instant }})
{%- endmacro %}

{# The instant at so many microseconds after 1970, UTC. #}
{% macro instant_of(microseconds) -%}
    {{ 'timestamp_micros' if target.type == 'spark' else 'make_timestamptz' }}({{ microseconds }})
{%- endmacro %}

{% macro days_later(days, day) -%}
    {%- if target.type == 'spark' -%}date_add({{ day }}, cast({{ days }} as int))
    {%- else -%}({{ day }} + cast({{ days }} as integer))
    {%- endif -%}
{%- endmacro %}

{# The instant so many times 24 hours after another. #}
{% macro days_after(days, instant) -%}
    {%- if target.type == 'spark' -%}({{ instant }} + make_dt_interval(cast({{ days }} as int)))
    {%- else -%}({{ instant }} + to_days(cast({{ days }} as integer)))
    {%- endif -%}
{%- endmacro %}

{# '12 Mar 2026' #}
{% macro day_in_words(day) -%}
    {%- if target.type == 'spark' -%}date_format({{ day }}, 'd MMM yyyy')
    {%- else -%}strftime({{ day }}, '%-d %b %Y')
    {%- endif -%}
{%- endmacro %}

{# Whole days from one local day to another. #}
{% macro days_apart(from_on, until_on) -%}
    {%- if target.type == 'spark' -%}datediff({{ until_on }}, {{ from_on }})
    {%- else -%}date_diff('day', {{ from_on }}, {{ until_on }})
    {%- endif -%}
{%- endmacro %}

{% macro months_later(months, day) -%}
    {%- if target.type == 'spark' -%}add_months({{ day }}, cast({{ months }} as int))
    {%- else -%}cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
    {%- endif -%}
{%- endmacro %}

{% macro instant_type() %}{{ 'timestamp' if target.type == 'spark' else 'timestamp with time zone' }}{% endmacro %}

{% macro text_type() %}{{ 'string' if target.type == 'spark' else 'varchar' }}{% endmacro %}

{# A column whose name may be a word of SQL's own. #}
{% macro quoted(column) %}{{ '`' ~ column ~ '`' if target.type == 'spark' else '"' ~ column ~ '"' }}{% endmacro %}

{# Whole numbers that hold a product of two large ones without overflow. #}
{% macro large_integer_type() %}{{ 'decimal(38, 0)' if target.type == 'spark' else 'hugeint' }}{% endmacro %}

{# Whole division of whole numbers, rounded down also below zero; the divisor is positive and the quotient a bigint. #}
{% macro divided_down(number, by) -%}
    {%- if target.type == 'spark' -%}(({{ number }}) - pmod({{ number }}, {{ by }})) div ({{ by }})
    {%- else -%}(({{ number }}) // ({{ by }}) - case when ({{ number }}) % ({{ by }}) < 0 then 1 else 0 end)
    {%- endif -%}
{%- endmacro %}

{# Whole division of whole numbers that are not negative: the quotient, a bigint. #}
{% macro whole_quotient(number, by) -%}
    {%- if target.type == 'spark' -%}(({{ number }}) div ({{ by }}))
    {%- else -%}cast(({{ number }}) // ({{ by }}) as bigint)
    {%- endif -%}
{%- endmacro %}

{# 1e9 halved once per half-life, rounded down: the only double that becomes credit. #}
{% macro halved(microseconds, half_life_days) -%}
    cast(floor(
        pow(cast(0.5 as double), cast({{ microseconds }} as double) / cast(86400000000 as double) / {{ half_life_days }})
        * cast(1000000000 as double)
    ) as bigint)
{%- endmacro %}

{# The value below which that share of the rows lies, interpolated linearly between two rows. #}
{% macro percentile(expression, share) -%}
    {{ 'percentile' if target.type == 'spark' else 'quantile_cont' }}({{ expression }}, {{ share }})
{%- endmacro %}

{# A CTE that is worked out before what reads it is joined with anything else; Spark keeps the written order of joins. #}
{% macro evaluated_first() %}{{ 'materialized' if target.type == 'duckdb' }}{% endmacro %}

{# The texts of a group as one, `; ` between them, in an order that is told. #}
{% macro listed_in_order(text, in_order) -%}
    {%- if target.type == 'spark' -%}listagg({{ text }}, '; ') within group (order by {{ in_order }})
    {%- else -%}string_agg({{ text }}, '; ' order by {{ in_order }})
    {%- endif -%}
{%- endmacro %}
