{# What a draft is compared by. #}

{% macro criteria() %}{{ return(['industry', 'company_size', 'intent', 'role', 'geography']) }}{% endmacro %}

{# Each definition that is compared: its words, the draft's criterion in it, and the columns that say whether a person met
   it while still a lead, and when first. #}
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

{# What stands beside them: whom marketing really handed over, whatever the definition. #}
{% macro reality() %}{{ return('as it really was') }}{% endmacro %}

{# A definition's words as SQL's literal. #}
{% macro definition_words(name) -%}
    '{{ definitions()[name].words | replace("'", "''") }}'
{%- endmacro %}

{# The sum of weight x what a lead brings over disjoint groups of leads: columns <group>_weight, <group>_leads and what they
   bring together, <group>_opportunities or _paisa. #}
{% macro contrast(groups, brought='opportunities') -%}
    {%- for group in groups -%}
    coalesce({{ group }}_weight * {{ ratio(group ~ '_' ~ brought, group ~ '_leads') }}, 0) {{- ' + ' if not loop.last }}
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

{# The same of what a lead brings in paisa: MOVER on the bounds of each group's total (total_bound) by its leads; the columns
   <group>_stretch are how much a group's amounts spread its total. #}
{% macro amount_contrast_margin(groups, side) -%}
    {%- set other = '+' if side == '-' else '-' -%}
    {%- for group in groups -%}
    {%- set weight, leads, mean = group ~ '_weight', group ~ '_leads', ratio(group ~ '_paisa', group ~ '_leads') -%}
    coalesce(power({{ weight }} * (
        case
            when {{ weight }} > 0 then {{ stretched_bound(group, side) }}
            else {{ stretched_bound(group, other) }}
        end / nullif(cast({{ leads }} as double), 0) - {{ mean }}
    ), 2), 0) {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro stretched_bound(group, side) -%}
    greatest(cast({{ group }}_paisa as double) + {{ group }}_stretch
        * ({{ byar(group ~ '_amounts', side) }} - cast({{ group }}_amounts as double)), cast(0 as double))
{%- endmacro %}

{# What a difference and the bounds of its interval come to. gain: the sign of what is better; cases, in_force_cases: what the
   two sides rest on. #}
{% macro difference_verdict(name, cases, in_force_cases, gain='+') -%}
    case
        when is_same_rule is null then null
        when is_same_rule then 'same rule'
        when not has_handovers then 'unavailable: no handover time'
        when coalesce({{ cases }}, 0) < fewest_cases or coalesce({{ in_force_cases }}, 0) < fewest_cases then 'too few'
        when {{ name }}_low > 0 then {{ "'better'" if gain == '+' else "'worse'" }}
        when {{ name }}_high < 0 then {{ "'worse'" if gain == '+' else "'better'" }}
        else 'no difference beyond noise'
    end
{%- endmacro %}

{# A rate and the bounds of its 95 % Wilson interval, as three columns. #}
{% macro rate_with_interval(numerator, denominator, name) -%}
    {{ ratio(numerator, denominator) }} as {{ name }},
    {{ wilson(numerator, denominator, '-') }} as {{ name }}_low,
    {{ wilson(numerator, denominator, '+') }} as {{ name }}_high
{%- endmacro %}

{# The bounds of a total of amounts, or of that total per so many leads, as two columns; null on fewer amounts than
   the column fewest_cases. #}
{% macro amount_interval(side_of, name, leads=none) -%}
    {%- set total, squares, cases = to_paisa(side_of ~ '_amount'), side_of ~ '_squares', side_of ~ '_amounts' -%}
    {%- for bound, sign in [('low', '-'), ('high', '+')] -%}
    case
        when {{ cases }} >= fewest_cases
            then {{ from_paisa('floor((' ~ total_bound(total, squares, cases, sign) ~ ')'
                               ~ (' / cast(' ~ leads ~ ' as double)' if leads else '') ~ ' + 0.5)') }}
    end as {{ name }}_{{ bound }}_amount {{- ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}
