{# How a cell of text becomes a value; what cannot be read is null, and int_unreadable lists it. #}

{% macro words(text) %}lower(trim({{ rewritten(text, '[\\s\\p{Z}]+', ' ') }})){% endmacro %}

{# A title as whole words: ' gm projects '. #}
{% macro title_words(text) %}' ' || trim({{ rewritten('lower(' ~ text ~ ')', '[^\\p{L}\\p{N}]+', ' ') }}) || ' '{% endmacro %}

{# The forms of a date and time; each is matched whole before it is parsed, so that no engine is more lenient. #}
{% macro iso_pattern(zone) -%}
    ^[0-9]{4}-[0-9]{2}-[0-9]{2}{{ '[ T]' if zone else '([ T]' }}([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?{{ zone or ')?' }}$
{%- endmacro %}

{% macro clock_pattern() %}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?${% endmacro %}

{# Engines keep microseconds; finer digits are cut, not rounded. #}
{% macro to_microseconds(text) %}{{ rewritten(text, '(\\.[0-9]{6})[0-9]+', '\\1') }}{% endmacro %}

{% macro local_time(text) %}
    case
        when {{ matches(text, iso_pattern('')) }} then {{ tried(to_microseconds(text), "timestamp") }}
        when {{ matches(text, '^[0-9]{1,2} [A-Za-z]{3},? [0-9]{4}' ~ clock_pattern()) }}
            then {{ parsed('replace(' ~ text ~ ", ',', '')", ['%d %b %Y', '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S']) }}
        when {{ matches(text, '^[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}' ~ clock_pattern()) }}
            then {{ parsed(text, ['%d-%b-%Y', '%d-%b-%Y %H:%M', '%d-%b-%Y %H:%M:%S']) }}
        when _day_first = 'true' and {{ matches(text, '^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}' ~ clock_pattern()) }}
            then {{ parsed(text, ['%d-%m-%Y', '%d-%m-%Y %H:%M', '%d-%m-%Y %H:%M:%S']) }}
        when _day_first = 'true' and {{ matches(text, '^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}' ~ clock_pattern()) }}
            then {{ parsed(text, ['%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']) }}
    end
{% endmacro %}

{% macro zone_pattern() %}(Z|[+-][0-9]{2}(:?[0-9]{2})?){% endmacro %}

{% macro instant(text) %}
    case
        when {{ matches(text, iso_pattern(zone_pattern())) }}
            then {{ zoned(to_microseconds(text)) }}
        else {{ at_zone('_timezone', local_time(text)) }}
    end
{% endmacro %}

{% macro local_date(text) %}
    case
        when {{ matches(text, iso_pattern(zone_pattern())) }}
            then cast({{ in_zone('_timezone', instant(text)) }} as date)
        else cast({{ local_time(text) }} as date)
    end
{% endmacro %}

{# Digits as people group them: 1234567, 1,234,567 or 12,34,567; nothing else, for 12,5 may mean 12.5. #}
{% macro digits() %}{{ return('([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,2}(,[0-9]{2})*,[0-9]{3})') }}{% endmacro %}

{# '$141.56K', '₹4,50,000', 'Rs. 12.5 L', '4500 INR', '(1,200.00)'; the sign stands before or after the currency. #}
{% macro is_number(text, suffix) %}
    {%- set currency = '(rs\\.?|inr|usd|[$₹€£])' -%}
    {%- set body = '(' ~ digits() ~ '(\\.[0-9]+)?|\\.[0-9]+)\\s*' ~ suffix ~ '\\s*(inr|usd)?' -%}
    {{- matches('lower(trim(' ~ text ~ '))',
        '^((-\\s*(' ~ currency ~ '\\s*)?|(' ~ currency ~ '\\s*)?(-\\s*)?)' ~ body
        ~ '|\\(\\s*(' ~ currency ~ '\\s*)?' ~ body ~ '\\s*\\))$') -}}
{% endmacro %}

{% macro number(text, type='decimal(28, 6)') %}
    case
        {%- for suffix, times in [('', '1'), ('k', '1000'), ('m', '1000000'), ('b', '1000000000'),
                                  ('(l|lakhs?|lacs?)', '100000'), ('(cr|crores?)', '10000000')] %}
        when {{ is_number(text, suffix) }} then {{ signed(text, times, type) }}
        {%- endfor %}
    end
{% endmacro %}

{% macro signed(text, times, type) %}
    {%- set bare = rewritten('lower(' ~ text ~ ')', 'rs\\.', '') -%}
    {{- tried(
        tried("replace(" ~ part(bare, '[0-9][0-9,]*(\\.[0-9]+)?|\\.[0-9]+') ~ ", ',', '')", 'decimal(22, 6)')
        ~ ' * ' ~ times ~ ' * case when ' ~ matches(text, '[(-]') ~ ' then -1 else 1 end', type) -}}
{% endmacro %}

{% macro integer(text) %}
    case
        when {{ matches(text, '^' ~ digits() ~ '(\\.0+)?$') }}
            then {{ tried(rewritten(rewritten(text, ',', ''), '\\.0+$', ''), 'bigint') }}
    end
{% endmacro %}

{# The currency that stands in the amount's own cell. #}
{% macro currency_sign(text) %}
    case
        when {{ matches('lower(' ~ text ~ ')', '₹|rs|inr') }} then 'INR'
        when {{ matches('lower(' ~ text ~ ')', '[$]|usd') }} then 'USD'
        when {{ matches(text, '€') }} then 'EUR'
        when {{ matches(text, '£') }} then 'GBP'
    end
{% endmacro %}

{% macro yes_no(text) %}
    case
        when lower({{ text }}) in ('true', 'yes', 'y', '1') then true
        when lower({{ text }}) in ('false', 'no', 'n', '0') then false
    end
{% endmacro %}

{% macro as_type(type, text) %}
    {%- if type == 'id' %}case when {{ text }} is not null then _ids_of || ':' || {{ text }} end
    {%- elif type == 'instant' %}{{ instant(text) }}
    {%- elif type == 'date' %}{{ local_date(text) }}
    {%- elif type == 'money' %}{{ number(text, 'decimal(18, 2)') }}
    {%- elif type == 'number' %}{{ number(text) }}
    {%- elif type == 'integer' %}{{ integer(text) }}
    {%- elif type == 'boolean' %}{{ yes_no(text) }}
        {%- else %}{{ text }}
    {%- endif %}
{% endmacro %}

{% macro sql_type(type) %}
    {{- {'instant': instant_type(), 'date': 'date', 'money': 'decimal(18, 2)', 'number': 'decimal(28, 6)',
         'integer': 'bigint', 'boolean': 'boolean'}.get(type, text_type()) -}}
{% endmacro %}

{# Types that can fail to read keep their text beside them. #}
{% macro can_fail(type) %}{{ return(type in ['instant', 'date', 'money', 'number', 'integer', 'boolean']) }}{% endmacro %}

{# The words that decide a channel, as one key; what a record does not carry stays empty. #}
{% macro channel_key() -%}
    {%- for condition in ['lead_source', 'campaign_type', 'touch_kind', 'utm_source', 'utm_medium', 'platform'] -%}
    {%- if condition in kwargs -%}coalesce({{ words(kwargs[condition]) }}, ''){%- else -%}''{%- endif -%}
    {{ " || '|' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
