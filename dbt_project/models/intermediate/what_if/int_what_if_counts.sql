-- What each definition would have handed over, what is known of it, and the same of what was really handed over. One row per
-- draft and definition; empty without a draft.
-- Two definitions share most of their known leads, so the difference of what comes of these is split over three groups that
-- share none: both hand over, this one only, the one in force only. decided: opportunities of leads really handed over that are
-- known or missed; of those that both definitions decide, how often each misses them, and both do.
{% set groups = ['both', 'only', 'other'] %}
with

told as (
    {%- for name in definitions() %}
    select
        {{ definition_words(name) }} as definition,
        l.*,
        l.{{ definitions()[name].met }}_at as met_at
    from {{ ref('int_what_if_leads') }} as l
    union all
    {%- endfor %}
    select
        '{{ reality() }}' as definition,
        l.*,
        l.first_handed_over_at as met_at
    from {{ ref('int_what_if_leads') }} as l
),

placed as (
    select
        *,
        is_handed_over is not null as has_handovers,
        met_at is not null as is_met,
        coalesce(is_handed_over and met_at <= first_handed_over_at, false) as is_known,
        coalesce(is_handed_over and met_at > first_handed_over_at, false) as is_met_after,
        coalesce(is_handed_over and met_at is null, false) as is_missed,
        coalesce(is_handed_over and in_force_met_at <= first_handed_over_at, false) as is_in_force_known,
        coalesce(is_handed_over and in_force_met_at is null, false) as is_in_force_missed,
        {{ to_paisa('opportunity_amount') }} as opportunity_paisa,
        {{ to_paisa('won_amount') }} as won_paisa
    from told
),

sorted as (
    select
        *,
        is_known and is_in_force_known as in_both,
        is_known and not is_in_force_known as in_only,
        not is_known and is_in_force_known as in_other,
        is_opportunity and (is_known or is_missed) and (is_in_force_known or is_in_force_missed) as is_shared
    from placed
)

-- what nobody can know: where no lead of the window tells of its handover, has_handovers is false
select
    draft_version,
    definition,
    cast(count(*) as bigint) as leads,
    cast(sum(case when is_met then 1 else 0 end) as bigint) as would_be_handed,
    max(case when has_handovers then 1 else 0 end) = 1 as has_handovers,
    cast(sum(case when is_known then 1 else 0 end) as bigint) as known,
    cast(sum(case when is_met_after then 1 else 0 end) as bigint) as met_after,
    cast(sum(case when is_met and not coalesce(is_handed_over, false) then 1 else 0 end) as bigint) as unobserved,
    cast(sum(case when is_missed then 1 else 0 end) as bigint) as missed_leads
    {%- for outcome in ['opportunity', 'won'] %}
    {%- for side in ['known', 'met_after', 'missed'] %},
    cast(sum(case when is_{{ side }} and is_{{ outcome }} then 1 else 0 end) as bigint) as {{ side }}_{{ outcome }},
    cast(sum(case when is_{{ side }} then {{ outcome }}_amount else 0 end) as decimal(18, 2)) as {{ side }}_{{ outcome }}_amount,
    cast(sum(case when is_{{ side }} and {{ outcome }}_paisa > 0 then 1 else 0 end) as bigint) as {{ side }}_{{ outcome }}_amounts,
    cast(
        sum(case when is_{{ side }} then cast({{ outcome }}_paisa as {{ large_integer_type() }}) * {{ outcome }}_paisa else 0 end)
        as double
    ) as {{ side }}_{{ outcome }}_squares
    {%- endfor %}
    {%- endfor %}
    {%- for group in groups %},
    cast(sum(case when in_{{ group }} then 1 else 0 end) as bigint) as {{ group }}_leads,
    cast(sum(case when in_{{ group }} and is_opportunity then 1 else 0 end) as bigint) as {{ group }}_opportunities,
    cast(sum(case when in_{{ group }} then opportunity_paisa else 0 end) as bigint) as {{ group }}_paisa,
    cast(sum(case when in_{{ group }} and opportunity_paisa > 0 then 1 else 0 end) as bigint) as {{ group }}_amounts,
    cast(
        sum(case when in_{{ group }} then cast(opportunity_paisa as {{ large_integer_type() }}) * opportunity_paisa else 0 end)
        as double
    ) as {{ group }}_squares
    {%- endfor %},
    cast(sum(case when is_in_force_missed and is_opportunity then 1 else 0 end) as bigint) as in_force_missed_opportunity,
    cast(sum(case when is_shared then 1 else 0 end) as bigint) as shared_decided,
    cast(sum(case when is_shared and is_missed then 1 else 0 end) as bigint) as shared_missed,
    cast(sum(case when is_shared and is_in_force_missed then 1 else 0 end) as bigint) as shared_in_force_missed,
    cast(sum(case when is_shared and is_missed and is_in_force_missed then 1 else 0 end) as bigint) as shared_both_missed
from sorted
group by draft_version, definition
