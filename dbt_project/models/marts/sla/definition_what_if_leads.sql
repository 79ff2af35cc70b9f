select
    draft_version,
    against_version,
    lead_id,
    created_at,
    channel,
    segment,
    case
        when in_force_met and draft_met then 'both'
        when in_force_met then 'in force only'
        when draft_met then 'draft only'
        else 'neither'
    end as met_by,
    {%- for name in definitions() %}
    {{ definitions()[name].met }},
    {{ definitions()[name].met }}_at,
    {%- endfor %}
    judged_at,
    in_force_reasons,
    draft_reasons,
    is_handed_over,
    first_handed_over_at,
    case
        when not coalesce(is_handed_over, false) then 'unobserved'
        when is_won then 'won'
        when is_opportunity then 'opportunity'
        else 'no opportunity'
    end as outcome,
    is_opportunity,
    is_won,
    opportunity_amount,
    won_amount
from {{ ref('int_what_if_leads') }}
where
    is_handed_over
    {%- for name in definitions() %}
    or {{ definitions()[name].met }}
    {%- endfor %}
