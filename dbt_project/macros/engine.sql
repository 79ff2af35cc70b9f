{# Everything that differs between engines stands in this file and nowhere else. #}

{% macro rewritten(text, pattern, by) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g'){% endmacro %}

{% macro matches(text, pattern) %}regexp_matches({{ text }}, '{{ pattern }}'){% endmacro %}

{% macro part(text, pattern) %}regexp_extract({{ text }}, '{{ pattern }}'){% endmacro %}

{# A zoneless timestamp of a zone -> the instant. #}
{% macro at_zone(zone, local) %}timezone({{ zone }}, {{ local }}){% endmacro %}

{# An instant -> the zone's local timestamp. #}
{% macro in_zone(zone, instant) %}timezone({{ zone }}, {{ instant }}){% endmacro %}

{% macro parsed(text, formats) %}try_strptime({{ text }}, [{% for f in formats %}'{{ f }}'{{ ', ' if not loop.last }}{% endfor %}]){% endmacro %}

{% macro tried(text, type) %}try_cast({{ text }} as {{ type }}){% endmacro %}

{% macro microseconds(instant) %}epoch_us({{ instant }}){% endmacro %}

{% macro instant_type() %}timestamp with time zone{% endmacro %}

{% macro text_type() %}varchar{% endmacro %}

{# Whole numbers that hold a product of two large ones without overflow. (Spark: decimal(38, 0).) #}
{% macro large_integer_type() %}hugeint{% endmacro %}

{# Whole division of whole numbers that are not negative, rounded down. (Spark: (n - n % by) / by, its div is 64 bits.) #}
{% macro divided_down(number, by) %}(({{ number }}) // ({{ by }})){% endmacro %}

{# 1e9 halved once per half-life, rounded down: the only double that becomes credit. #}
{% macro halved(microseconds, half_life_days) -%}
    cast(floor(
        pow(cast(0.5 as double), cast({{ microseconds }} as double) / cast(86400000000 as double) / {{ half_life_days }})
        * cast(1000000000 as double)
    ) as bigint)
{%- endmacro %}
