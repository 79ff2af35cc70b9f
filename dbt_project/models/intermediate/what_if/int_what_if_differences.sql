-- How far each definition differs from the one in force, with the bounds of 95 % intervals: in the conversion of the known, in what
-- a known lead's opportunities are worth (paisa), in the share of the opportunities that it would have missed. One row per draft
-- and definition; null where either side has nothing to compare.
{% set groups = ['both', 'only', 'other'] %}
with

counts as (
    select
        *,
        both_leads + other_leads as in_force_known,
        both_amounts + other_amounts as in_force_amounts,
        both_paisa + only_paisa as paisa,
        both_paisa + other_paisa as in_force_paisa,
        known_opportunity + missed_opportunity as decided,
        both_opportunities + other_opportunities + in_force_missed_opportunity as in_force_decided,
        -- the spread of a group without an amount is that of all
        {{ ratio('both_squares + only_squares + other_squares', 'both_amounts + only_amounts + other_amounts') }} as mean_square
    from {{ ref('int_what_if_counts') }}
),

rated as (
    select
        *,
        {{ ratio('both_leads', 'known') }} - {{ ratio('both_leads', 'in_force_known') }} as both_weight,
        {{ ratio('only_leads', 'known') }} as only_weight,
        0 - {{ ratio('other_leads', 'in_force_known') }} as other_weight,
        {% for group in groups -%}
        sqrt(coalesce({{ ratio(group ~ '_squares', group ~ '_amounts') }}, mean_square, 0)) as {{ group }}_stretch,
        {% endfor -%}
        {{ rate_with_interval('missed_opportunity', 'decided', 'missed') }},
        {{ rate_with_interval('in_force_missed_opportunity', 'in_force_decided', 'in_force_missed') }}
    from counts
),

-- how far two shares of missed opportunities go together, for the definitions judge mostly the same ones
correlated as (
    select
        *,
        coalesce(
            (
                cast(shared_both_missed as double) - in_force_missed * cast(shared_missed as double)
                - missed * cast(shared_in_force_missed as double) + missed * in_force_missed * cast(shared_decided as double)
            ) / nullif(sqrt(
                cast(decided as double) * missed * (1 - missed)
                * cast(in_force_decided as double) * in_force_missed * (1 - in_force_missed)
            ), 0),
            0
        ) as correlation
    from rated
),

bounded as (
    select
        *,
        {{ contrast(groups) }} as conversion,
        sqrt({{ contrast_margin(groups, '-') }}) as conversion_below,
        sqrt({{ contrast_margin(groups, '+') }}) as conversion_above,
        {{ contrast(groups, 'paisa') }} as worth,
        sqrt({{ amount_contrast_margin(groups, '-') }}) as worth_below,
        sqrt({{ amount_contrast_margin(groups, '+') }}) as worth_above,
        {{ correlated_margin('missed', 'in_force_missed', 'correlation', '-') }} as missed_below,
        {{ correlated_margin('missed', 'in_force_missed', 'correlation', '+') }} as missed_above
    from correlated
),

differing as (
    select
        *,
        known > 0 and in_force_known > 0 as is_comparable,
        -- the same opportunities missed: nothing to be unsure of
        shared_decided = decided and shared_decided = in_force_decided
        and shared_missed = shared_both_missed and shared_in_force_missed = shared_both_missed as is_alike
    from bounded
)

select
    draft_version,
    definition,
    in_force_known,
    in_force_amounts,
    decided,
    in_force_decided,
    case when is_comparable then conversion end as conversion_difference,
    case when is_comparable then conversion - conversion_below end as conversion_difference_low,
    case when is_comparable then conversion + conversion_above end as conversion_difference_high,
    case
        when is_comparable
            then {{ divided_down('2 * paisa + known', '2 * known') }}
                - {{ divided_down('2 * in_force_paisa + in_force_known', '2 * in_force_known') }}
    end as worth_difference,
    case when is_comparable then cast(floor(worth - worth_below + 0.5) as bigint) end as worth_difference_low,
    case when is_comparable then cast(floor(worth + worth_above + 0.5) as bigint) end as worth_difference_high,
    missed - in_force_missed as missed_difference,
    missed - in_force_missed - case when is_alike then 0 else missed_below end as missed_difference_low,
    missed - in_force_missed + case when is_alike then 0 else missed_above end as missed_difference_high
from differing
