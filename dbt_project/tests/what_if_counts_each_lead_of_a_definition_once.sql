-- Who would be handed over has an outcome or none; who was handed over is known or missed under every definition alike.
with

figures as (
    select
        *,
        first_value(known + missed_leads) over (partition by draft_version order by definition_order) as handed_over
    from {{ ref('definition_what_if') }}
)

select *
from figures
where
    known + unobserved <> would_be_handed or would_be_handed > leads or known + missed_leads <> handed_over
    or won > known or opportunities > known or conversion_rate < conversion_rate_low or conversion_rate > conversion_rate_high
    or conversion_difference < conversion_difference_low or conversion_difference > conversion_difference_high
