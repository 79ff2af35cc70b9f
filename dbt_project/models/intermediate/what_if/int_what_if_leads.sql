-- What each definition says of each of the window's people: the one in force, the draft, and the one in force with one
-- criterion of the draft's. Met: at some instant of their life. Empty without a draft.
with

paired as (
    select
        k.draft_version,
        k.against_version,
        f.first_lead_id,
        f.lead_id,
        f.judged_at,
        f.is_qualified as is_in_force_qualified,
        f.not_qualified_reasons as in_force_reasons,
        d.is_qualified as is_draft_qualified,
        d.not_qualified_reasons as draft_reasons
        {%- for mixed in criteria() %},
        coalesce(
            {%- for criterion in criteria() %}
            {{ 'd' if criterion == mixed else 'f' }}.{{ criterion }}_fits {{- ' and' if not loop.last else ',' }}
            {%- endfor %}
            false
        ) as is_{{ mixed }}_qualified
        {%- endfor %}
    from {{ ref('int_what_if_versions') }} as k
    inner join {{ ref('int_what_if_verdicts') }} as f on k.against_version = f.agreement_version
    inner join {{ ref('int_what_if_verdicts') }} as d
        on k.draft_version = d.agreement_version and f.lead_id = d.lead_id and f.judged_at = d.judged_at
),

met as (
    select
        draft_version,
        against_version,
        first_lead_id
        {%- for name in definitions() %},
        max(case when is_{{ name }}_qualified then 1 else 0 end) = 1 as {{ definitions()[name].met }}
        {%- endfor %}
    from paired
    group by draft_version, against_version, first_lead_id
),

-- the instant that tells best why the two differ: when one was met first, else the handover, else today
told as (
    select
        p.draft_version,
        p.first_lead_id,
        p.judged_at,
        p.in_force_reasons,
        p.draft_reasons,
        row_number() over (
            partition by p.draft_version, p.first_lead_id
            order by
                case
                    when p.is_in_force_qualified then 1
                    when p.is_draft_qualified then 2
                    when p.judged_at = r.first_handed_over_at then 3
                    when p.judged_at = {{ as_of() }} and p.lead_id = p.first_lead_id then 4
                    else 5
                end,
                p.judged_at,
                p.lead_id
        ) as choice
    from paired as p
    inner join {{ ref('int_what_if_people') }} as r on p.first_lead_id = r.lead_id
)

select
    m.draft_version,
    m.against_version,
    r.*,
    {%- for name in definitions() %}
    m.{{ definitions()[name].met }},
    {%- endfor %}
    t.judged_at,
    case when not m.in_force_met then t.in_force_reasons end as in_force_reasons,
    case when not m.draft_met then t.draft_reasons end as draft_reasons
from met as m
inner join {{ ref('int_what_if_people') }} as r on m.first_lead_id = r.lead_id
inner join told as t
    on m.draft_version = t.draft_version and m.first_lead_id = t.first_lead_id and t.choice = 1
