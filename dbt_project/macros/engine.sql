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

{# Whole-number division, rounded down; the denominator is positive. #}
{% macro int_div(numerator, denominator) -%}
    (({{ numerator }}) // ({{ denominator }}) - case when ({{ numerator }}) % ({{ denominator }}) < 0 then 1 else 0 end)
{%- endmacro %}

{# The value below which that share of the rows lies, interpolated linearly between two rows. #}
{% macro percentile(expression, share) %}quantile_cont({{ expression }}, {{ share }}){% endmacro %}
