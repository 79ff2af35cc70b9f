-- What really was and the definition in force say the same, whichever draft stands beside them; so do the leads of the window.
select a.draft_version, b.draft_version as other_version, a.definition
from {{ ref('definition_what_if') }} as a
inner join {{ ref('definition_what_if') }} as b on a.against_version = b.against_version and a.definition = b.definition
where
    a.leads <> b.leads
    or (
        a.definition_order < 2
        and (
            a.would_be_handed <> b.would_be_handed or a.known <> b.known or a.opportunities <> b.opportunities
            or a.won_amount <> b.won_amount or a.missed_leads <> b.missed_leads
            or a.missed_opportunity_amount <> b.missed_opportunity_amount
        )
    )
