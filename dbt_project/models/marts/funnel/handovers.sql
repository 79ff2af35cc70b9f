with

handovers as (
    select * from {{ ref('int_handovers') }}
),

verdicts as (
    select * from {{ ref('int_qualification') }}
),

leads as (
    select * from {{ ref('core_leads') }}
),

owners as (
    select * from {{ ref('int_lead_values') }} where field = 'owner'
),

joined as (
    select
        h.handover_id,
        h.lead_id,
        l.source_name,
        h.handed_over_at,
        h.recycled_at,
        case when o.lead_id is not null then o.value else l.owner_id end as owner_id,
        u.name as owner_name,
        d.channel,
        d.is_marketing,
        case when v.agreement_version is not null then v.is_qualified end as definition_met,
        v.not_qualified_reasons as failed_criteria,
        v.judged_on,
        v.agreement_version
    from handovers as h
    inner join leads as l on h.lead_id = l.lead_id
    inner join verdicts as v on h.lead_id = v.lead_id and h.handed_over_at = v.judged_at
    inner join {{ ref('int_lead_dimensions') }} as d on h.lead_id = d.lead_id
    left join owners as o
        on
            h.lead_id = o.lead_id
            and (o.from_at is null or o.from_at <= h.handed_over_at)
            and (o.until_at is null or o.until_at > h.handed_over_at)
    left join {{ ref('core_users') }} as u
        on case when o.lead_id is not null then o.value else l.owner_id end = u.user_id
)

select * from joined
