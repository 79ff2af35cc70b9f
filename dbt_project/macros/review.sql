{# The shape that every section of the weekly review has. #}

{# The columns of metrics.weekly_review with their types, in order. #}
{% macro review_columns() -%}
    {{ return({
        'week_start_on': 'date', 'section': text_type(), 'position': 'integer', 'figure': text_type(),
        'dimension': text_type(), 'dimension_value': text_type(), 'period_kind': text_type(), 'from_on': 'date',
        'until_on': 'date', 'unit': text_type(), 'value': 'double', 'value_low': 'double', 'value_high': 'double',
        'value_amount': 'decimal(18, 2)', 'low_amount': 'decimal(18, 2)', 'high_amount': 'decimal(18, 2)',
        'numerator': 'double', 'denominator': 'double', 'before': 'double', 'before_amount': 'decimal(18, 2)',
        'target': 'double', 'target_amount': 'decimal(18, 2)', 'words': text_type(), 'status': text_type(),
        'agreement_version': 'integer',
    }) }}
{%- endmacro %}

{# One figure of the review: an expression per column; what a figure has not is null. #}
{% macro review_figure(section, position, figure, from_on, until_on, unit) -%}
    {%- set given = {'section': "'" ~ section ~ "'", 'position': position, 'figure': figure, 'from_on': from_on,
                     'until_on': until_on, 'unit': unit, 'dimension': "'(all)'", 'dimension_value': "'(all)'",
                     'week_start_on': 'week_start_on', 'agreement_version': 'agreement_version'} -%}
    {%- do given.update(kwargs) -%}
    {%- for column, type in review_columns().items() %}
        cast({{ given.get(column, 'null') }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# An amount that a double tells, to the paisa. #}
{% macro amount_of(number) -%}
    {{ rounded(number, 2) }}
{%- endmacro %}
