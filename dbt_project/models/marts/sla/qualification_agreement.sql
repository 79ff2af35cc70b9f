-- Do both sides call the same leads qualified? The definition's verdict against that of sales, corrected for chance.
{% set cells = verdict_cells() %}
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

{{ measured_agreement('counted', 'measured') }}

select
    month_start_on,
    segment,
    {{ cells | join(', ') }},
    judged,
    observed_agreement,
    {{ wilson('(both_qualified + neither)', 'judged', '-') }} as observed_agreement_low,
    {{ wilson('(both_qualified + neither)', 'judged', '+') }} as observed_agreement_high,
    kappa,
    {{ interval_end('kappa', 'kappa_error', '-') }} as kappa_low,
    {{ interval_end('kappa', 'kappa_error', '+') }} as kappa_high,
    ac1,
    {{ interval_end('ac1', 'ac1_error', '-') }} as ac1_low,
    {{ interval_end('ac1', 'ac1_error', '+') }} as ac1_high,
    prevalence,
    {{ wilson('(both_qualified + (definition_only + sales_only) / cast(2 as double))', 'judged', '-') }} as prevalence_low,
    {{ wilson('(both_qualified + (definition_only + sales_only) / cast(2 as double))', 'judged', '+') }} as prevalence_high,
    case when is_few then 'few cases' when is_without_spread then 'no spread' else 'ok' end as status,
    claimed,
    claimed_met,
    {{ ratio('claimed_met', 'claimed') }} as claimed_rate
from measured
