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

{# The steps from stage to stage whose gaps are looked for, in order: what a step is called, where it leads from and to. #}
{% macro transitions() -%}
    {{ return([
        ('lead to MQL', 'lead', 'mql'), ('MQL to handed over', 'mql', 'handed_over'), ('handed over to SAL', 'handed_over', 'sal'),
        ('SAL to SQL', 'sal', 'sql'), ('SQL to opportunity', 'sql', 'opportunity'), ('opportunity to won', 'opportunity', 'won'),
    ]) }}
{%- endmacro %}

{# How many standard errors an interval reaches so that, of so many steps at once, all hold in 80 %: 0.8 ^ (1 / steps) of
   each (Sidak, J. Am. Stat. Assoc. 62 (1967) 626-633), by Student's t with the seven degrees of freedom that the spread of
   eight quarters has. #}
{% macro joint_t_of_80(steps) -%}
    case {{ steps }}
        {%- for t in ['1.4149239276505086', '1.8576645155166050', '2.1203708544018087', '2.3091037390227890', '2.4571467127158075',
                      '2.5793381337707540'] %}
        when {{ loop.index }} then cast({{ t }} as double)
        {%- endfor %}
    end
{%- endmacro %}
