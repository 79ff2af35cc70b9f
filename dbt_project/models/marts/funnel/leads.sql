with

leads as (
    select * from {{ ref('core_leads') }}
),

verdicts as (
    select * from {{ ref('int_lead_verdicts') }}
),

dimensions as (
    select * from {{ ref('int_lead_dimensions') }}
),

stages as (
    select * from {{ ref('int_lead_stages') }}
),

dispositions as (
    select * from {{ source('agreement', 'dispositions') }}
),

joined as (
    select
        l.lead_id,
        l.source_name,
        coalesce(l.record_url, replace(l.record_url_template, '{id}', l.source_key)) as record_url,
        l.company_name,
        d.lead_source,
        d.lead_status,
        d.industry,
        d.channel,
        d.segment,
        d.region,
        l.created_at,
        v.industry_fits,
        v.company_size_fits,
        v.intent_fits,
        v.role_fits,
        v.geography_fits,
        v.is_qualified,
        v.not_qualified_reasons,
        v.agreement_version,
        case
            when v.handover_status = 'unavailable: no handover time' then null
            when v.handover_status = 'handed' and v.is_qualified then 'qualified_handed'
            when v.handover_status = 'handed' then 'unqualified_handed'
            when v.is_qualified then 'qualified_waiting'
            else 'nurture'
        end as routing,
        v.handover_status,
        v.mql_at,
        case when l.claimed_mql_at <= {{ as_of() }} then l.claimed_mql_at end as claimed_mql_at,
        v.handed_over_at,
        v.first_handed_over_at,
        v.times_handed_over,
        s.accepted_at,
        s.sql_at,
        s.opportunity_at,
        s.won_at,
        s.lost_at,
        p.disposition,
        l.is_later_version,
        i.account_id,
        i.duplicate_of_lead_id
    from leads as l
    inner join verdicts as v on l.lead_id = v.lead_id
    inner join dimensions as d on l.lead_id = d.lead_id
    inner join stages as s on l.lead_id = s.lead_id
    inner join {{ ref('int_people') }} as i on l.lead_id = i.lead_id
    left join dispositions as p
        on {{ words('l.disposition') }} = p.source_word and (l.disposed_at is null or l.disposed_at <= {{ as_of() }})
)

select * from joined
