{# What the two verdicts on a handover come to. #}
{% macro verdict_cells() %}
{{ return(['both_qualified', 'definition_only', 'sales_only', 'neither', 'pending', 'set_aside', 'unknown']) }}
{% endmacro %}

{# CTEs from the counts of verdict_cells in `counts` to both measures of agreement and their errors, which are for large
   samples: null below the agreed number of cases, and where there is no spread to tell them by. The last is `name`. #}
{% macro measured_agreement(counts, name) -%}
    judged as (
        select *, both_qualified + definition_only + sales_only + neither as judged from {{ counts }}
    ),

    -- null where nobody has been judged yet
    shares as (
        select
            *,
            {% for cell in verdict_cells()[:4] -%}
            {{ ratio(cell, 'judged') }} as {{ cell }}_share,
            {% endfor -%}
            {{ ratio('both_qualified + definition_only', 'judged') }} as definition_share,
            {{ ratio('both_qualified + sales_only', 'judged') }} as sales_share,
            {{ ratio('2 * both_qualified + definition_only + sales_only', '2 * judged') }} as prevalence,
            {{ ratio('both_qualified + neither', 'judged') }} as observed_agreement
        from judged
    ),

    -- what both would agree on by chance: as kappa sees it, and as AC1 does
    chance as (
        select
            *,
            definition_share * sales_share + (1 - definition_share) * (1 - sales_share) as kappa_chance,
            2 * prevalence * (1 - prevalence) as ac1_chance,
            both_qualified + definition_only not in (0, judged) and both_qualified + sales_only not in (0, judged)
                as is_varied
        from shares
    ),

    corrected as (
        select
            *,
            -- counted, not from the shares: what is no better than chance is 0 and not nearly so
            case
                when is_varied then
                    {{ ratio(
                        '2 * (both_qualified * neither - definition_only * sales_only)',
                        '((both_qualified + definition_only) * (definition_only + neither)'
                        ~ ' + (both_qualified + sales_only) * (sales_only + neither))',
                    ) }}
            end as kappa,
            {{ ratio(
                '(both_qualified + neither) * 2 * judged'
                ~ ' - (2 * both_qualified + definition_only + sales_only) * (2 * neither + definition_only + sales_only)',
                '(2 * judged * judged'
                ~ ' - (2 * both_qualified + definition_only + sales_only) * (2 * neither + definition_only + sales_only))',
            ) }} as ac1
        from chance
    ),

    -- where all agree, or none does, the errors of both come out as 0, however few the handovers
    spread as (
        select
            *,
            judged < {{ setting('signal_min_cases') }} as is_few,
            both_qualified + neither in (0, judged) as is_without_spread
        from corrected
    ),

    {{ name }} as (
        select
            *,
            case when not is_few and not is_without_spread then {{ kappa_standard_error() }} end as kappa_error,
            case when not is_few and not is_without_spread then {{ ac1_standard_error() }} end as ac1_error
        from spread
    )
{%- endmacro %}

{# How sure a measure of agreement is: two raters, two categories, from the columns of measured_agreement. The four cells
   are shares of all judged; definition_share and sales_share are what each side called qualified. #}

{# Of kappa: Fleiss, Cohen and Everitt (1969), the large-sample error where kappa is not zero. #}
{% macro kappa_standard_error() -%}
    sqrt(greatest(
        both_qualified_share * power(1 - (definition_share + sales_share) * (1 - kappa), 2)
        + neither_share * power(1 - (2 - definition_share - sales_share) * (1 - kappa), 2)
        + definition_only_share * power((1 - kappa) * (1 - definition_share + sales_share), 2)
        + sales_only_share * power((1 - kappa) * (1 - sales_share + definition_share), 2)
        - power(kappa - kappa_chance * (1 - kappa), 2),
        0
    ) / judged) / (1 - kappa_chance)
{%- endmacro %}

{# Of AC1: Gwet (2008), for judgements drawn from many. #}
{% macro ac1_standard_error() -%}
    sqrt(greatest(
        observed_agreement * (1 - observed_agreement)
        - 4 * (1 - ac1) * (
            both_qualified_share * (1 - prevalence) + neither_share * prevalence - observed_agreement * ac1_chance
        )
        + 4 * power(1 - ac1, 2) * (
            both_qualified_share * power(1 - prevalence, 2) + neither_share * power(prevalence, 2)
            + (definition_only_share + sales_only_share) * 0.25 - power(ac1_chance, 2)
        ),
        0
    ) / judged) / (1 - ac1_chance)
{%- endmacro %}

{# An end (+ or -) of the 95 % interval of a measure that lies between -1 and 1; null where one of the two is. #}
{% macro interval_end(measure, standard_error, sign) -%}
    case
        when {{ measure }} is not null and {{ standard_error }} is not null then
            least(greatest({{ measure }} {{ sign }} {{ z_of_95() }} * {{ standard_error }}, cast(-1 as double)), cast(1 as double))
    end
{%- endmacro %}

{# The agreement of a year and of the one before in a sentence, from the columns of alignment_signs. #}
{% macro agreement_told() -%}
    'AC1 of the verdicts of both sides ' || {{ to_places('figure', 2) }}
    || ' on ' || cast(cases as {{ text_type() }}) || ' handovers'
    || coalesce(' (kappa ' || {{ to_places('kappa', 2) }} || ')', '')
    || coalesce(', a year before ' || {{ to_places('figure_before', 2) }} || ' (' || trend || ')', '')
    || case
        when set_aside + unknown > 0 then
            '; of ' || cast(set_aside as {{ text_type() }}) || ' more sales said nothing against the lead, of '
            || cast(unknown as {{ text_type() }}) || ' nobody knows: were all of them rejections, AC1 '
            || {{ to_places('ac1_if_rejected', 2) }}
        else ''
    end
{%- endmacro %}
