-- What each definition says of each of the window's people: the one in force, the draft, and the one in force with one
-- criterion of the draft's: the first instant at which they met it while still a lead. After an opportunity or a closing
-- disposition nobody is handed over, so nothing then counts. Empty without a draft.
with

paired as (
    select
        k.draft_version,
        k.against_version,
        f.first_lead_id,
        f.lead_id,
        f.judged_at,
        f.is_still_lead,
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
        min(case when is_still_lead and is_{{ name }}_qualified then judged_at end) as {{ definitions()[name].met }}_at
        {%- endfor %}
    from paired
    group by draft_version, against_version, first_lead_id
),

-- the instant that tells best why the two differ: when one was met first, else the handover, else the last of the lead's life
instants as (
    select
        p.*,
        case
            when not p.is_still_lead then 5
            when p.is_in_force_qualified then 1
            when p.is_draft_qualified then 2
            when p.judged_at = r.first_handed_over_at then 3
            else 4
        end as preference
    from paired as p
    inner join {{ ref('int_what_if_people') }} as r on p.first_lead_id = r.lead_id
),

told as (
    select
        *,
        row_number() over (
            partition by draft_version, first_lead_id
            order by
                preference,
                case when preference < 4 then {{ microseconds('judged_at') }} else 0 - {{ microseconds('judged_at') }} end,
                lead_id
        ) as choice
    from instants
)

select
    m.draft_version,
    m.against_version,
    r.*,
    {%- for name in definitions() %}
    m.{{ definitions()[name].met }}_at is not null as {{ definitions()[name].met }},
    m.{{ definitions()[name].met }}_at,
    {%- endfor %}
    t.judged_at,
    {%- for name in ['in_force', 'draft'] %}
    case
        when m.{{ name }}_met_at is null then coalesce(t.{{ name }}_reasons, 'no longer a lead')
    end as {{ name }}_reasons {{- ',' if not loop.last }}
    {%- endfor %}
from met as m
inner join {{ ref('int_what_if_people') }} as r on m.first_lead_id = r.lead_id
inner join told as t
    on m.draft_version = t.draft_version and m.first_lead_id = t.first_lead_id and t.choice = 1
