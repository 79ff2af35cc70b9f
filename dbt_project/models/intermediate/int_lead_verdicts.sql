-- One verdict per lead: at its latest handover where it had one, else at AS_OF; and when it first qualified.
with

-- there are many verdicts per lead, so each CTE takes the few it needs
firsts as (
    -- a verdict before the lead was there (a handover dated too early) is no qualification
    select v.lead_id, min(v.judged_at) as mql_at
    from {{ ref('int_qualification') }} as v
    inner join {{ ref('core_leads') }} as l on v.lead_id = l.lead_id and v.judged_at >= l.created_at
    where v.is_qualified
    group by v.lead_id
),

latest as (
    select * from {{ ref('int_handovers') }} where is_latest
),

handed as (
    select v.*
    from latest as l
    inner join {{ ref('int_qualification') }} as v on l.lead_id = v.lead_id and l.handed_over_at = v.judged_at
),

first_handovers as (
    select lead_id, min(handed_over_at) as first_handed_over_at, count(*) as times_handed_over
    from {{ ref('int_handovers') }}
    group by lead_id
),

now as (
    select * from {{ ref('int_qualification') }} where judged_at = {{ as_of() }}
)

select
    n.lead_id,
    n.source_name,
    coalesce(h.judged_at, n.judged_at) as judged_at,
    case when h.lead_id is not null then h.industry_fits else n.industry_fits end as industry_fits,
    case when h.lead_id is not null then h.company_size_fits else n.company_size_fits end as company_size_fits,
    case when h.lead_id is not null then h.intent_fits else n.intent_fits end as intent_fits,
    case when h.lead_id is not null then h.role_fits else n.role_fits end as role_fits,
    case when h.lead_id is not null then h.geography_fits else n.geography_fits end as geography_fits,
    case when h.lead_id is not null then h.is_qualified else n.is_qualified end as is_qualified,
    case when h.lead_id is not null then h.not_qualified_reasons else n.not_qualified_reasons end as not_qualified_reasons,
    case when h.lead_id is not null then h.agreement_version else n.agreement_version end as agreement_version,
    n.not_qualified_reasons as reasons_as_of,
    f.mql_at,
    l.handed_over_at,
    l.recycled_at,
    fh.first_handed_over_at,
    case when r.is_derivable then coalesce(fh.times_handed_over, 0) end as times_handed_over,
    case
        when not r.is_derivable then 'unavailable: no handover time'
        when l.lead_id is null then 'not handed'
        when l.recycled_at is not null then 'recycled'
        else 'handed'
    end as handover_status
from now as n
inner join {{ ref('int_handover_rules') }} as r on n.source_name = r.source_name
left join latest as l on n.lead_id = l.lead_id
left join handed as h on n.lead_id = h.lead_id
left join firsts as f on n.lead_id = f.lead_id
left join first_handovers as fh on n.lead_id = fh.lead_id
