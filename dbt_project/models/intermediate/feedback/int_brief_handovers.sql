-- Each handover with whose it is, what kind of company that was then, and whether it is with sales now.
with

handovers as (
    select
        *,
        lag(recycled_at) over (partition by lead_id order by handed_over_at) as previously_recycled_at
    from {{ ref('int_handovers') }}
),

verdicts as (
    select h.handover_id, v.agreement_version as version, a.industry, a.employee_count
    from handovers as h
    inner join {{ ref('int_qualification') }} as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
    inner join {{ ref('int_brief_attributes') }} as a on h.lead_id = a.lead_id and h.handed_over_at = a.judged_at
),

kinds as (
    select distinct version, industry, employee_count from verdicts
),

segments as (
    {{ segments_of('kinds') }}
),

open_leads as (
    select l.lead_id
    from {{ ref('leads') }} as l
    left join {{ ref('int_closed_leads') }} as c on l.lead_id = c.lead_id
    where
        l.routing in ('qualified_handed', 'unqualified_handed')
        and l.won_at is null and l.lost_at is null and c.lead_id is null
)

select
    h.handover_id,
    h.lead_id,
    p.person_id,
    p.account_id,
    h.handed_over_at,
    h.handover_number,
    h.previously_recycled_at,
    h.is_latest,
    h.is_latest and o.lead_id is not null as is_open,
    v.version,
    s.segment
from handovers as h
inner join {{ ref('int_people') }} as p on h.lead_id = p.lead_id
inner join verdicts as v on h.handover_id = v.handover_id
left join segments as s
    on
        v.version is not distinct from s.version and v.industry is not distinct from s.industry
        and v.employee_count is not distinct from s.employee_count and s.choice = 1
left join open_leads as o on h.lead_id = o.lead_id
