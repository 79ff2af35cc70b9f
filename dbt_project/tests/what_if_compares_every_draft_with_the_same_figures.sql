-- The definition in force says the same, whichever draft stands beside it; so do the leads of the window.
select a.draft_version, b.draft_version as other_version
from {{ ref('definition_what_if') }} as a
inner join {{ ref('definition_what_if') }} as b on a.against_version = b.against_version
where
    a.leads <> b.leads
    or (
        a.definition = 'in force' and b.definition = 'in force'
        and (
            a.would_be_handed <> b.would_be_handed or a.known <> b.known or a.opportunities <> b.opportunities
            or a.won_amount <> b.won_amount or a.missed_leads <> b.missed_leads
            or a.missed_opportunity_amount <> b.missed_opportunity_amount
        )
    )
