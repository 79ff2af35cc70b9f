-- The lead source and campaign type of each lead and deal as first known, deals deleted since too.
with

campaigns as (
    select campaign_id, type from {{ ref('core_campaigns') }}
),

-- the first value that was known; an empty one tells nothing
first_words as (
    select
        lead_id,
        value,
        row_number() over (partition by lead_id order by from_at nulls first) as choice
    from {{ ref('int_lead_values') }}
    where field = 'lead_source' and value is not null and (from_at is null or from_at <= {{ as_of() }})
),

firsts as (
    select
        'leads' as entity,
        l.lead_id as record_id,
        coalesce(v.value, l.lead_source) as lead_source,
        c.type as campaign_type
    from {{ ref('core_leads') }} as l
    left join first_words as v on l.lead_id = v.lead_id and v.choice = 1
    left join campaigns as c on l.campaign_id = c.campaign_id
    union all
    select 'deals' as entity, d.deal_id as record_id, d.lead_source, c.type as campaign_type
    from {{ ref('int_known_deals') }} as d
    left join campaigns as c on d.campaign_id = c.campaign_id
)

select *, {{ channel_key(lead_source='lead_source', campaign_type='campaign_type') }} as channel_key
from firsts
