{# What a number says beyond its own sample. #}

{# The standard normal's 97.5 % quantile: intervals that hold in 95 % of samples. #}
{% macro z_of_95() %}{{ return('1.959963984540054') }}{% endmacro %}

{# One bound of the Wilson score interval of a share: side '-' the lower, '+' the upper. Wilson, J. Am. Stat. Assoc. 22
   (1927) 209-212. Doubles; null without trials; the bounds of 0 and 1 are themselves. #}
{% macro wilson(successes, trials, side, z=none) -%}
    {%- set z = 'cast(' ~ (z or z_of_95()) ~ ' as double)' -%}
    {%- set n = 'cast(' ~ trials ~ ' as double)' -%}
    {%- set x = 'cast(' ~ successes ~ ' as double)' -%}
    case
        when {{ trials }} = 0 then null
        {% if side == '-' -%} when {{ successes }} = 0 then cast(0 as double)
        {%- else -%} when {{ successes }} = {{ trials }} then cast(1 as double)
        {%- endif %}
        else
            ({{ x }} + {{ z }} * {{ z }} / 2 {{ side }} {{ z }} * sqrt({{ x }} * ({{ n }} - {{ x }}) / {{ n }} + {{ z }} * {{ z }} / 4))
            / ({{ n }} + {{ z }} * {{ z }})
    end
{%- endmacro %}
