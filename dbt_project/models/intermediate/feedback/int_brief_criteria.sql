-- How each lead stood to each criterion at each of its handovers, in words.
with

verdicts as (
    select v.*
    from {{ ref('int_handovers') }} as h
    inner join {{ ref('int_qualification') }} as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
),

{{ how_judged(ref('int_brief_attributes'), 'verdicts', ref('int_brief_intents')) }}
