-- The verdict on each lead at each of its instants, by the version then in force; macros/qualification.sql, the only reader
-- of the qualification rules, says how. Every mart takes its verdict from here.
with

attributes as (
    select a.*, v.version
    from {{ ref('int_lead_attributes') }} as a
    left join {{ ref('int_versions') }} as v
        on a.judged_at >= v.in_force_at and (v.in_force_until_at is null or a.judged_at < v.in_force_until_at)
),

{{ judged_by('attributes', ref('int_intent')) }}
