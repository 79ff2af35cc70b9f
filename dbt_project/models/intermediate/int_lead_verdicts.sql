-- One verdict per lead: at its latest handover where it had one, else at AS_OF; and when it first qualified.
with

handed as (
    select
        lead_id,
        max(case when is_latest then handed_over_at end) as handed_over_at,
        max(case when is_latest then recycled_at end) as recycled_at,
        min(handed_over_at) as first_handed_over_at,
        count(*) as times_handed_over
    from {{ ref('int_handovers') }}
    group by lead_id
),

firsts as (
    -- a verdict before the lead was there (a handover dated too early) is no qualification
    select v.lead_id, min(v.judged_at) as mql_at
    from {{ ref('int_qualification') }} as v
    inner join {{ ref('core_leads') }} as l on v.lead_id = l.lead_id and v.judged_at >= l.created_at
    where v.is_qualified
    group by v.lead_id
),

handed_today as (
    select v.lead_id, v.not_qualified_reasons
    from {{ ref('int_qualification') }} as v
    inner join handed as h on v.lead_id = h.lead_id
    where v.judged_at = {{ as_of() }}
)

-- the many wide verdicts are read past the few narrow rows above, and only those published are kept
select
    v.lead_id,
    v.source_name,
    v.judged_at,
    v.industry_fits,
    v.company_size_fits,
    v.intent_fits,
    v.role_fits,
    v.geography_fits,
    v.is_qualified,
    v.not_qualified_reasons,
    v.agreement_version,
    case when h.lead_id is not null then t.not_qualified_reasons else v.not_qualified_reasons end as reasons_as_of,
    f.mql_at,
    h.handed_over_at,
    h.recycled_at,
    h.first_handed_over_at,
    case when r.is_derivable then coalesce(h.times_handed_over, 0) end as times_handed_over,
    case
        when not r.is_derivable then 'unavailable: no handover time'
        when h.lead_id is null then 'not handed'
        when h.recycled_at is not null then 'recycled'
        else 'handed'
    end as handover_status
from {{ ref('int_qualification') }} as v
inner join {{ ref('int_handover_rules') }} as r on v.source_name = r.source_name
left join handed as h on v.lead_id = h.lead_id
left join handed_today as t on v.lead_id = t.lead_id
left join firsts as f on v.lead_id = f.lead_id
where v.judged_at = coalesce(h.handed_over_at, {{ as_of() }})
