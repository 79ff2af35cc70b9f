-- The instants at which a lead had shown a behaviour that the version then in force asks for.
with

instants as (
    select i.lead_id, i.judged_at, v.version
    from {{ ref('int_lead_instants') }} as i
    inner join {{ ref('int_versions') }} as v
        on i.judged_at >= v.in_force_at and (v.in_force_until_at is null or i.judged_at < v.in_force_until_at)
),

{{ intent_at('instants') }}
