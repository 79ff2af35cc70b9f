{# Intervals of rates, in doubles; null where there is nothing to judge. z: of the two-sided interval, 95 % unless said. #}

{% macro z_95() %}{{ return('1.959963984540054') }}{% endmacro %}

{# Wilson 1927 (J. Am. Stat. Assoc. 22, 209): the shares that are compatible with so many successes in so many trials. #}
{% macro wilson_bound(successes, trials, z, sign) -%}
    {%- set n = 'cast(' ~ trials ~ ' as double)' -%}
    {%- set p = '(cast(' ~ successes ~ ' as double) / ' ~ n ~ ')' -%}
    case
        when {{ trials }} > 0 then
            least(cast(1 as double), greatest(cast(0 as double),
                ({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }}) {{ sign }} {{ z }} * sqrt(
                    greatest(cast(0 as double), {{ p }} * (1 - {{ p }})) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
                )) / (1 + {{ z }} * {{ z }} / {{ n }})
            ))
    end
{%- endmacro %}

{% macro wilson_low(successes, trials, z=z_95()) %}{{ wilson_bound(successes, trials, z, '-') }}{% endmacro %}

{% macro wilson_high(successes, trials, z=z_95()) %}{{ wilson_bound(successes, trials, z, '+') }}{% endmacro %}

{# A bound of the ratio of two Poisson rates on the log scale (Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed.,
   ch. 14): ratio * exp(+-z * sqrt(1 / events + 1 / events_before)); null where either count is 0. sign: - low, + high. #}
{% macro rate_ratio_bound(events, events_before, ratio, sign, z=z_95()) -%}
    case
        when {{ events }} > 0 and {{ events_before }} > 0 then
            {{ ratio }} * exp({{ sign }} {{ z }} * sqrt(
                cast(1 as double) / cast({{ events }} as double) + cast(1 as double) / cast({{ events_before }} as double)
            ))
    end
{%- endmacro %}
