-- What marketing handed to sales, and what sales made of it: both sides of the agreement, handover by handover.
with

handovers as (
    select * from {{ ref('int_handover_spans') }}
),

owners as (
    select * from {{ ref('int_handover_owners') }}
),

joined as (
    select
        h.handover_id,
        h.lead_id,
        l.source_name,
        m.record_url,
        m.company_name,
        h.handed_over_at,
        h.recycled_at,
        h.is_latest,
        o.owner_id,
        o.owner_name,
        l.campaign_id,
        g.name as campaign_name,
        d.channel,
        d.is_marketing,
        v.industry_fits,
        v.company_size_fits,
        v.intent_fits,
        v.role_fits,
        v.geography_fits,
        case when v.agreement_version is not null then v.is_qualified end as definition_met,
        v.not_qualified_reasons as failed_criteria,
        v.judged_on,
        v.agreement_version,
        {{ in_hours(microseconds('h.handed_over_at') ~ ' - ' ~ microseconds('h.started_at')) }} as system_delay_hours,
        -- what waited for the lead itself to qualify is no delay of the system's
        case when m.mql_at <= h.handed_over_at
            then {{ in_hours(microseconds('h.handed_over_at') ~ ' - ' ~ microseconds('greatest(m.mql_at, h.started_at)')) }}
        end as mql_to_handover_hours,
        r.is_received_in_office_hours,
        r.first_contact_at,
        r.first_conversation_at,
        r.is_contacted_before_handover,
        r.response_business_hours,
        r.response_elapsed_hours,
        r.contact_due_at,
        r.contact_status,
        c.owner_id as contact_owner_id,
        c.owner_name as contact_owner_name,
        c.owner_team as contact_owner_team,
        s.advanced_at,
        s.disposed_at,
        s.resolved_at,
        s.disposition_due_at,
        s.disposition_status,
        s.disposition,
        s.is_disposition_explained,
        p.owner_id as disposition_owner_id,
        p.owner_name as disposition_owner_name,
        p.owner_team as disposition_owner_team,
        s.aging_days,
        s.sales_verdict
    from handovers as h
    inner join {{ ref('core_leads') }} as l on h.lead_id = l.lead_id
    inner join {{ ref('leads') }} as m on h.lead_id = m.lead_id
    inner join {{ ref('int_qualification') }} as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
    inner join {{ ref('int_lead_dimensions') }} as d on h.lead_id = d.lead_id
    inner join {{ ref('int_handover_responses') }} as r on h.handover_id = r.handover_id
    inner join {{ ref('int_handover_outcomes') }} as s on h.handover_id = s.handover_id
    inner join owners as o on h.handover_id = o.handover_id and o.moment = 'handover'
    inner join owners as c on h.handover_id = c.handover_id and c.moment = 'contact'
    inner join owners as p on h.handover_id = p.handover_id and p.moment = 'disposition'
    left join {{ ref('core_campaigns') }} as g on l.campaign_id = g.campaign_id
)

select * from joined
