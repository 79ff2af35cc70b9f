-- The lead source and campaign type of each lead and deal as first known.
with

campaigns as (
    select campaign_id, type from {{ ref('core_campaigns') }}
),

firsts as (
    select
        'leads' as entity,
        l.lead_id as record_id,
        case when v.lead_id is not null then v.value else l.lead_source end as lead_source,
        c.type as campaign_type
    from {{ ref('core_leads') }} as l
    left join {{ ref('int_lead_values') }} as v
        on l.lead_id = v.lead_id and v.field = 'lead_source' and v.from_at is null
    left join campaigns as c on l.campaign_id = c.campaign_id
    union all
    select 'deals' as entity, d.deal_id as record_id, d.lead_source, c.type as campaign_type
    from {{ ref('core_deals') }} as d
    left join campaigns as c on d.campaign_id = c.campaign_id
)

select
    *,
    coalesce({{ words('lead_source') }}, '') || '|' || coalesce({{ words('campaign_type') }}, '') as source_pair
from firsts
