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

{# A bound of the ratio of two Poisson rates on the log scale (Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed.,
   ch. 14): ratio * exp(+-z * sqrt(1 / events + 1 / events_before)); null where either count is 0. sign: - low, + high. #}
{% macro rate_ratio_bound(events, events_before, ratio, sign, z=z_of_95()) -%}
    case
        when {{ events }} > 0 and {{ events_before }} > 0 then
            {{ ratio }} * exp({{ sign }} {{ z }} * sqrt(
                cast(1 as double) / cast({{ events }} as double) + cast(1 as double) / cast({{ events_before }} as double)
            ))
    end
{%- endmacro %}

{# How many standard errors a share lies below that of others, at the share common to both and less Yates' correction, for a
   few cases move in steps; null where both shares are 0, or 1. counts: the condition for events that a case may have more
   than one of, whose variance is their rate. #}
{% macro standard_errors_below(good, cases, other_good, other_cases, counts='false') -%}
    {%- set common = '(' ~ ratio(good ~ ' + ' ~ other_good, cases ~ ' + ' ~ other_cases) ~ ')' -%}
    {%- set cases_inverted = '(1 / nullif(cast(' ~ cases ~ ' as double), 0) + 1 / nullif(cast(' ~ other_cases ~ ' as double), 0))' -%}
    ({{ ratio(other_good, other_cases) }} - {{ ratio(good, cases) }} - {{ cases_inverted }} / 2) / nullif(sqrt(
        {{ common }} * case when {{ counts }} then 1 else 1 - {{ common }} end * {{ cases_inverted }}
    ), 0)
{%- endmacro %}

{# The variance of how many of some cases are good when they are drawn from these and others alike (Cochran 1954). Doubles. #}
{% macro variance_of_good(good, cases, other_good, other_cases) -%}
    {%- set common = ratio(good ~ ' + ' ~ other_good, cases ~ ' + ' ~ other_cases) -%}
    {{ common }} * (1 - {{ common }}) * {{ ratio(cases ~ ' * ' ~ other_cases, cases ~ ' + ' ~ other_cases) }}
{%- endmacro %}

{# Whether a share is less than the agreed part of that of others. #}
{% macro is_far_below(good, cases, other_good, other_cases) -%}
    100 * {{ good }} * {{ other_cases }} < {{ setting('signal_max_percent_of_others') }} * {{ other_good }} * {{ cases }}
{%- endmacro %}

{# Whether a share lies below that of others beyond chance and by far, on enough cases; few others tell by their error. #}
{% macro is_unfit(good, cases, other_good, other_cases) -%}
    {{ cases }} >= {{ setting('signal_min_cases') }}
    and {{ standard_errors_below(good, cases, other_good, other_cases) }} >= {{ setting('signal_standard_errors') }}
    and {{ is_far_below(good, cases, other_good, other_cases) }}
{%- endmacro %}

{# A bound of the 95 % interval of figure - figure_before, of which each has an interval of its own: side '-' the lower, '+'
   the upper. MOVER (Zou and Donner, Stat. Med. 27 (2008) 1693-1702); two intervals may meet where it excludes zero. Doubles. #}
{% macro change_bound(figure, side) -%}
    {%- set end, other_end = ('low', 'high') if side == '-' else ('high', 'low') -%}
    {{ figure }} - {{ figure }}_before {{ side }} sqrt(
        power({{ figure }} - {{ figure }}_{{ end }}, 2) + power({{ figure }}_before - {{ figure }}_{{ other_end }}_before, 2)
    )
{%- endmacro %}

{# One bound of the 95 % interval of a Poisson count: side '-' the lower, '+' the upper. Byar's approximation of the exact
   one (Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987, 69); within 1 % of it from 5 events on.
   Doubles; the lower bound of 0 is 0. #}
{% macro byar(events, side) -%}
    {%- set x = 'cast(' ~ events ~ (' + 1' if side == '+' else '') ~ ' as double)' -%}
    case
        {% if side == '-' -%} when {{ events }} = 0 then cast(0 as double) {% endif -%}
        when {{ events }} is null then null
        else {{ x }} * power(1 - 1 / (9 * {{ x }}) {{ side }} cast({{ z_of_95() }} as double) / (3 * sqrt({{ x }})), 3)
    end
{%- endmacro %}

{# One bound of the 95 % interval of a total of amounts that come as Poisson events do, each with its own size: the bounds
   of the number of events, stretched to the spread of the total (Dobson, Kuulasmaa, Eberle and Scherer, Stat. Med. 10
   (1991) 457-462). total: paisa; squares: the sum of the amounts' squares; events: the amounts above zero. Doubles; null
   without an event, a lower bound is never below zero. #}
{% macro total_bound(total, squares, events, side) -%}
    case
        when {{ events }} > 0 then
            greatest(
                cast({{ total }} as double)
                + sqrt(cast({{ squares }} as double) / cast({{ events }} as double))
                * ({{ byar(events, side) }} - cast({{ events }} as double)),
                cast(0 as double)
            )
    end
{%- endmacro %}

{# The distance of one bound from the difference of two shares that are correlated, by MOVER on the bounds of each (Zou and
   Donner, Stat. Med. 27 (2008) 1693-1702); on two shares of the same cases it is Newcombe's, Stat. Med. 17 (1998) 2635-2650,
   method 8. Columns <first>, <first>_low, <first>_high, the same of <second>, and their correlation. #}
{% macro correlated_margin(first, second, correlation, side) -%}
    {%- set mine = first ~ ' - ' ~ first ~ '_low' if side == '-' else first ~ '_high - ' ~ first -%}
    {%- set theirs = second ~ '_high - ' ~ second if side == '-' else second ~ ' - ' ~ second ~ '_low' -%}
    sqrt(greatest(
        power({{ mine }}, 2) + power({{ theirs }}, 2) - 2 * {{ correlation }} * ({{ mine }}) * ({{ theirs }}), cast(0 as double)
    ))
{%- endmacro %}
