{# The words of a rep's brief. A text is never null by the way of one of its parts. #}

{# Parts that are there as one text; null where none is. #}
{% macro listed_words(parts, between='; ') -%}
    nullif(substr(
        {%- for part in parts %}
        coalesce('{{ between }}' || {{ part }}, ''){{ ' ||' if not loop.last }}
        {%- endfor %}, {{ between | length + 1 }}), '')
{%- endmacro %}

{# '12 Mar 2026', local. #}
{% macro told_day(instant) %}{{ day_in_words(local_day(instant)) }}{% endmacro %}

{# A whole number as text, its digits grouped: 12,34,567 where the reporting currency is the rupee, else 1,234,567. #}
{% macro grouped(number) -%}
    {%- set backwards = 'reverse(cast(' ~ number ~ ' as ' ~ text_type() ~ '))' -%}
    {%- set groups = "substr(" ~ backwards ~ ", 1, 3) || ',' || case when " ~ setting('reporting_currency') ~ " = 'INR' then "
        ~ rewritten('substr(' ~ backwards ~ ', 4)', '([0-9]{2})', '\\1,') ~ ' else '
        ~ rewritten('substr(' ~ backwards ~ ', 4)', '([0-9]{3})', '\\1,') ~ ' end' -%}
    {{ rewritten('reverse(' ~ groups ~ ')', '^(-?),', '\\1') }}
{%- endmacro %}

{# 'INR 1,234.56 crore', 'INR 12.34 lakh', 'INR 80,000', 'USD 1,234,567'. Cut, not rounded: what lies below a bound must not
   read like the bound. #}
{% macro told_amount(amount) -%}
    {%- set paisa = 'abs(' ~ to_paisa(amount) ~ ')' -%}
    {%- set in_full = paisa ~ " < 10000000 or " ~ setting('reporting_currency') ~ " <> 'INR'" -%}
    {%- set unit = "case when " ~ in_full ~ " then 100 when " ~ paisa ~ " < 1000000000 then 10000000 else 1000000000 end" -%}
    {{ setting('reporting_currency') }} || case when {{ amount }} < 0 then ' -' else ' ' end
    || {{ grouped(whole_quotient(paisa, unit)) }}
    || case
        when {{ in_full }} then ''
        when {{ paisa }} < 1000000000 then '.' || {{ two_digits(whole_quotient(paisa, 100000) ~ ' % 100') }} || ' lakh'
        else '.' || {{ two_digits(whole_quotient(paisa, 10000000) ~ ' % 100') }} || ' crore'
    end
{%- endmacro %}

{% macro two_digits(number) %}lpad(cast({{ number }} as {{ text_type() }}), 2, '0'){% endmacro %}

{# 'in 180 days': of which objections a brief speaks. #}
{% macro told_window() %}'in ' || cast({{ setting('lead_brief_objection_days') }} as {{ text_type() }}) || ' days'{% endmacro %}

{# 'x 3' and the like: nothing where it is once. #}
{% macro told_times(count) -%}
    case when {{ count }} = 1 then '' else ' x ' || cast({{ count }} as {{ text_type() }}) end
{%- endmacro %}

{# Of rows numbered from 1, the list of those that are listed and how many are left out. Aggregates. #}
{% macro told_list(text, number, is_listed) -%}
    {{ listed_in_order('case when ' ~ is_listed ~ ' then ' ~ text ~ ' end', number) }}
    || case
        when sum(case when {{ is_listed }} then 0 else 1 end) > 0
            then '; and ' || cast(sum(case when {{ is_listed }} then 0 else 1 end) as {{ text_type() }}) || ' more'
        else ''
    end
{%- endmacro %}

{% macro industry_told() -%}
    case
        when given_industry is null then 'no industry given'
        when agreed_industry is null then given_industry || ', a word without an agreed industry'
        else
            given_industry || case when {{ words('given_industry') }} = agreed_industry then '' else ' -> ' || agreed_industry end
            || case when industry_fits then '' else ', not among those agreed' end
    end
{%- endmacro %}

{# 'within 100 to 5000', 'outside at least 100' #}
{% macro told_band(fits, low, high) -%}
    case when {{ fits }} then ', within ' else ', outside ' end
    || case
        when {{ high }} is null then 'at least ' || {{ low }}
        when {{ low }} is null then 'at most ' || {{ high }}
        else {{ low }} || ' to ' || {{ high }}
    end
{%- endmacro %}

{% macro company_size_told() -%}
    coalesce({{ listed_words([
        grouped('employee_count') ~ " || ' employees' || "
            ~ told_band('employees_fit', 'min_employees_told', 'max_employees_told'),
        "'turnover ' || " ~ told_amount('revenue_amount') ~ ' || '
            ~ told_band('revenue_fits', 'min_revenue_told', 'max_revenue_told'),
        "case when employees_fit <> revenue_fits then case when precedence = 'annual_revenue' then 'turnover decides' "
            ~ "else 'employees decide' end end",
    ]) }}, 'no size given')
{%- endmacro %}

{% macro role_told() -%}
    case
        when not has_title then 'no title given'
        when role_level is null then 'no agreed role in the title'
        else
            role_level || case when role_words = role_level then '' else ' (' || role_words || ')' end
            || case when has_authority then '' else ', without authority' end
    end
{%- endmacro %}

{% macro geography_told() -%}
    case
        when not asks_place then 'no place is asked for'
        else place || case when not geography_fits then ', not among those agreed' else '' end
    end
{%- endmacro %}

{% macro intent_told() -%}
    case
        when intent_fits then behaviours_met
        when intent_fits is null then 'its source tells of no behaviour'
        else coalesce(behaviours_missed, 'no agreed behaviour')
    end
{%- endmacro %}
