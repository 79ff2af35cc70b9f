-- Do both sides call the same leads qualified? The definition's verdict against that of sales, corrected for chance.
{% set cells = ['both_qualified', 'definition_only', 'sales_only', 'neither', 'pending'] %}
with

pairs as (
    select * from {{ ref('int_verdict_pairs') }}
),

cut as (
    select month_start_on, segment, verdicts, is_claimed, definition_met from pairs
    union all
    select month_start_on, '(all)' as segment, verdicts, is_claimed, definition_met from pairs
),

counted as (
    select
        month_start_on,
        segment,
        {% for cell in cells -%}
        cast(sum(case when verdicts = '{{ cell }}' then 1 else 0 end) as bigint) as {{ cell }},
        {% endfor -%}
        cast(sum(case when is_claimed then 1 else 0 end) as bigint) as claimed,
        cast(sum(case when is_claimed and definition_met then 1 else 0 end) as bigint) as claimed_met
    from cut
    group by month_start_on, segment
),

judged as (
    select *, both_qualified + definition_only + sales_only + neither as judged from counted
),

-- the four cells and the shares that each side and both call qualified; null where nobody has been judged yet
shares as (
    select
        *,
        {% for cell in cells[:4] -%}
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
        both_qualified + definition_only not in (0, judged) and both_qualified + sales_only not in (0, judged) as both_vary
    from shares
),

corrected as (
    select
        *,
        case when both_vary then (observed_agreement - kappa_chance) / (1 - kappa_chance) end as kappa,
        (observed_agreement - ac1_chance) / (1 - ac1_chance) as ac1
    from chance
),

erring as (
    select
        *,
        case when judged > 1 then {{ kappa_standard_error() }} end as kappa_error,
        case when judged > 1 then {{ ac1_standard_error() }} end as ac1_error
    from corrected
)

select
    month_start_on,
    segment,
    {{ cells | join(', ') }},
    judged,
    observed_agreement,
    kappa,
    {{ interval_end('kappa', 'kappa_error', '-') }} as kappa_low,
    {{ interval_end('kappa', 'kappa_error', '+') }} as kappa_high,
    ac1,
    {{ interval_end('ac1', 'ac1_error', '-') }} as ac1_low,
    {{ interval_end('ac1', 'ac1_error', '+') }} as ac1_high,
    prevalence,
    claimed,
    claimed_met,
    {{ ratio('claimed_met', 'claimed') }} as claimed_rate
from erring
