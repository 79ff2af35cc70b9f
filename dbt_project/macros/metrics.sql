{# What the shared metrics are cut by, besides the total. #}
{% macro dimensions() %}{{ return(['channel', 'segment', 'region', 'owner_team']) }}{% endmacro %}

{% macro period_kinds() %}{{ return(['week', 'month', 'fiscal_quarter', 'fiscal_year']) }}{% endmacro %}

{# The last local day that is counted. #}
{% macro last_day() %}(select last_on from {{ ref('int_last_day') }}){% endmacro %}

{# Whether a word stands in a setting that lists words between semicolons. #}
{% macro is_listed(word, setting_name) -%}
    {{ dbt.position("';' || replace(lower(" ~ word ~ "), ' ', '') || ';'",
                    "';' || replace(lower(" ~ setting(setting_name) ~ "), ' ', '') || ';'") }} > 0
{%- endmacro %}

{# An amount as whole paisa, and back. #}
{% macro to_paisa(amount) %}cast({{ amount }} * 100 as bigint){% endmacro %}

{% macro from_paisa(paisa) %}cast(cast({{ paisa }} as decimal(18, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2)){% endmacro %}

{# A number rounded to so many places, a half away from zero. A double is brought to nine places first: the engines round a
   double's half each in its own way, and a decimal's alike. #}
{% macro rounded(number, places) %}cast(cast({{ number }} as decimal(28, 9)) as decimal(18, {{ places }})){% endmacro %}

{# A number as text with so many places. #}
{% macro to_places(number, places) %}cast({{ rounded(number, places) }} as {{ text_type() }}){% endmacro %}

{# An amount as a person says it: lakh and crore in rupees, whole units in other currencies. #}
{% macro amount_in_words(amount) -%}
    {{ setting('reporting_currency') }} || ' ' || case
        when {{ setting('reporting_currency') }} <> 'INR' then {{ to_places(amount, 0) }}
        when abs({{ amount }}) >= 10000000 then {{ to_places(rounded(amount, 2) ~ ' * cast(0.0000001 as decimal(8, 7))', 2) }} || ' crore'
        else {{ to_places(rounded(amount, 2) ~ ' * cast(0.00001 as decimal(6, 5))', 2) }} || ' lakh'
    end
{%- endmacro %}

{# Day k's part of a cost of n days: what is due by its end less what was due before, so that the days sum to the cost. #}
{% macro days_part(amount, day_number, days) -%}
    {{ from_paisa(divided_down(to_paisa(amount) ~ ' * ' ~ day_number, days) ~ ' - '
                  ~ divided_down(to_paisa(amount) ~ ' * (' ~ day_number ~ ' - 1)', days)) }}
{%- endmacro %}

{# An amount in the reporting currency; null where its day has no rate. #}
{% macro in_reporting_currency(amount, currency, rate) -%}
    cast({{ amount }} * case when {{ currency }} = {{ setting('reporting_currency') }} then 1 else {{ rate }} end as decimal(18, 2))
{%- endmacro %}

{# Days between two instants, to the microsecond. #}
{% macro days_between(from_at, until_at) -%}
    cast({{ microseconds(until_at) }} - {{ microseconds(from_at) }} as double) / cast(86400000000 as double)
{%- endmacro %}

{# 0 <= until - from < days * 24 h, in microseconds. #}
{% macro is_within_days(from_at, until_at, days) -%}
    {{ microseconds(until_at) }} - {{ microseconds(from_at) }} >= 0
    and {{ microseconds(until_at) }} - {{ microseconds(from_at) }} < cast({{ days }} * 86400000000 as bigint)
{%- endmacro %}

{# The columns that every measure's rows have; what a measure has not is null. #}
{% macro measured(measure, record_kind, record_id, happened_on, account_id='null', leaves_on='null', quantity='null',
                  amount='null', channel='channel', segment='segment', region='region', owner_team='owner_team') %}
        {{ measure }} as measure,
        {{ record_kind }} as record_kind,
        {{ record_id }} as record_id,
        cast({{ account_id }} as {{ text_type() }}) as account_id,
        {{ happened_on }} as happened_on,
        cast({{ leaves_on }} as date) as leaves_on,
        cast({{ quantity }} as double) as quantity,
        cast({{ amount }} as decimal(18, 2)) as record_amount,
        cast({{ channel }} as {{ text_type() }}) as channel,
        cast({{ segment }} as {{ text_type() }}) as segment,
        cast({{ region }} as {{ text_type() }}) as region,
        cast({{ owner_team }} as {{ text_type() }}) as owner_team
{%- endmacro %}

{# generated_number: 1, 2, ... #}
{% macro whole_numbers(upto) %}{{ dbt.generate_series(upto) }}{% endmacro %}
