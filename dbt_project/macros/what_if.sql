{# What a draft is compared by. #}

{% macro criteria() %}{{ return(['industry', 'company_size', 'intent', 'role', 'geography']) }}{% endmacro %}

{# Each definition that is compared: its words, the draft's criterion in it, and the column that says whether a lead meets it. #}
{% macro definitions() %}
    {%- set made = {
        'in_force': {'words': 'in force', 'criterion': none, 'met': 'in_force_met'},
        'draft': {'words': 'draft', 'criterion': none, 'met': 'draft_met'},
    } -%}
    {%- for criterion in criteria() -%}
        {%- set words = criterion | replace('_', ' ') -%}
        {%- do made.update({criterion: {
            'words': "in force with the draft's " ~ words, 'criterion': words, 'met': 'with_draft_' ~ criterion ~ '_met',
        }}) -%}
    {%- endfor -%}
    {{- return(made) -}}
{% endmacro %}

{# A definition's words as SQL's literal. #}
{% macro definition_words(name) -%}
    '{{ definitions()[name].words | replace("'", "''") }}'
{%- endmacro %}

{# A statistical rule of thumb, not a business number: fewer leads than this show no rate that is worth a verdict. #}
{% macro fewest_for_a_rate() %}{{ return(30) }}{% endmacro %}

{# The sum of weight x share over disjoint groups of leads: columns <group>_weight, <group>_leads, <group>_opportunities. #}
{% macro contrast(groups) -%}
    {%- for group in groups -%}
    coalesce({{ group }}_weight * {{ ratio(group ~ '_opportunities', group ~ '_leads') }}, 0) {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The square of that sum's distance to its 95 % bound: side '-' the lower, '+' the upper. MOVER on Wilson's bounds (Zou and
   Donner, Stat. Med. 27 (2008) 1693-1702); Newcombe's hybrid score interval where there are two groups of weight 1 and -1. #}
{% macro contrast_margin(groups, side) -%}
    {%- set other = '+' if side == '-' else '-' -%}
    {%- for group in groups -%}
    {%- set x, n, weight = group ~ '_opportunities', group ~ '_leads', group ~ '_weight' -%}
    coalesce(power({{ weight }} * (
        case when {{ weight }} > 0 then {{ wilson(x, n, side) }} else {{ wilson(x, n, other) }} end - {{ ratio(x, n) }}
    ), 2), 0) {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
