-- What each definition would have handed over, and what is known of it. One row per draft and definition; empty without a draft.
-- Two definitions share most of their known leads, so the difference of their conversions is split over three groups that
-- share none: both hand over, this one only, the one in force only.
{% set groups = ['both', 'only', 'other'] %}
with

told as (
    {%- for name in definitions() %}
    select
        {{ definition_words(name) }} as definition,
        draft_version,
        {{ definitions()[name].met }} as is_met,
        in_force_met,
        is_handed_over is not null as has_handovers,
        coalesce(is_handed_over, false) as is_known,
        is_opportunity,
        is_won,
        opportunity_amount,
        won_amount
    from {{ ref('int_what_if_leads') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

sorted as (
    select
        *,
        is_met and is_known as is_met_known,
        is_known and not is_met as is_missed,
        is_known and is_met and in_force_met as in_both,
        is_known and is_met and not in_force_met as in_only,
        is_known and not is_met and in_force_met as in_other
    from told
)

-- what nobody can know: where no lead of the window tells of its handover, has_handovers is false
select
    draft_version,
    definition,
    cast(count(*) as bigint) as leads,
    cast(sum(case when is_met then 1 else 0 end) as bigint) as would_be_handed,
    max(case when has_handovers then 1 else 0 end) = 1 as has_handovers,
    cast(sum(case when is_met_known then 1 else 0 end) as bigint) as known,
    cast(sum(case when is_met and not is_known then 1 else 0 end) as bigint) as unobserved,
    cast(sum(case when is_missed then 1 else 0 end) as bigint) as missed_leads
    {%- for outcome in ['opportunity', 'won'] %},
    cast(sum(case when is_met_known and is_{{ outcome }} then 1 else 0 end) as bigint) as known_{{ outcome }},
    cast(sum(case when is_missed and is_{{ outcome }} then 1 else 0 end) as bigint) as missed_{{ outcome }},
    cast(sum(case when is_met_known then {{ outcome }}_amount else 0 end) as decimal(18, 2)) as known_{{ outcome }}_amount,
    cast(sum(case when is_missed then {{ outcome }}_amount else 0 end) as decimal(18, 2)) as missed_{{ outcome }}_amount
    {%- endfor %}
    {%- for group in groups %},
    cast(sum(case when in_{{ group }} then 1 else 0 end) as bigint) as {{ group }}_leads,
    cast(sum(case when in_{{ group }} and is_opportunity then 1 else 0 end) as bigint) as {{ group }}_opportunities
    {%- endfor %}
from sorted
group by draft_version, definition
