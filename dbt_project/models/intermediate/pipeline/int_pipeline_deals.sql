-- The deals whose type is in scope, also those deleted since, with what cuts the pipeline and from when their history is known.
with

known as (
    select * from {{ ref('int_known_deals') }} where {{ is_in_scope('deal_type') }}
),

deals as (
    select * from {{ ref('deals') }}
),

leads as (
    select * from {{ ref('leads') }}
),

converted as (
    select converted_deal_id as deal_id, min(lead_id) as lead_id
    from {{ ref('core_leads') }}
    where converted_deal_id is not null and (converted_at is null or converted_at <= {{ as_of() }})
    group by converted_deal_id
),

own_words as (
    select f.record_id as deal_id, c.channel
    from {{ ref('int_first_sources') }} as f
    left join {{ ref('int_channels') }} as c on f.channel_key = c.channel_key
    where f.entity = 'deals'
),

versions as (
    select deal_id, source_name, count(*) as versions, min(loaded_at) as first_loaded_at
    from {{ ref('int_deal_versions') }}
    group by deal_id, source_name
),

histories as (
    select distinct ids_of from {{ source('run', 'delivered') }} where entity = 'deal_changes'
),

joined as (
    select
        k.*,
        coalesce(d.lead_id, k.lead_id, c.lead_id) as of_lead_id,
        coalesce(o.channel, 'unmapped') as own_channel,
        case when c.lead_id is null then k.linked_at end as told_lead_at,
        d.segment as deal_segment,
        d.region as deal_region,
        d.company_name as deal_company_name,
        coalesce(g.status, 'open') = 'open' as is_open_in_record,
        h.ids_of is not null or v.versions > 1 as has_history,
        case when h.ids_of is null and v.first_loaded_at > k.created_at then v.first_loaded_at else k.created_at end as known_from_at
    from known as k
    left join deals as d on k.deal_id = d.deal_id
    left join converted as c on k.deal_id = c.deal_id
    left join own_words as o on k.deal_id = o.deal_id
    left join versions as v on k.deal_id = v.deal_id and k.source_name = v.source_name
    left join histories as h on k.ids_of = h.ids_of
    left join {{ source('agreement', 'stages') }} as g on g.entity = 'deal' and {{ words('k.stage') }} = g.source_word
)

select
    j.deal_id,
    j.source_name,
    coalesce(j.record_url, replace(j.record_url_template, '{id}', j.source_key)) as record_url,
    j.company_id,
    coalesce(j.deal_company_name, m.name, l.company_name) as company_name,
    j.of_lead_id as lead_id,
    j.created_at,
    case when j.closed_at <= {{ as_of() }} then j.closed_at end as closed_at,
    j.scrubbed_at,
    j.is_open_in_record,
    coalesce(l.channel, j.own_channel) as source,
    j.own_channel as source_before,
    case when coalesce(l.channel, j.own_channel) <> j.own_channel then j.told_lead_at end as reclassified_at,
    coalesce(j.deal_segment, l.segment, case when l.lead_id is null then n.segment end) as segment,
    coalesce(j.deal_region, l.region, case when l.lead_id is null then n.region end) as region,
    coalesce(j.has_history, false) as has_history,
    j.known_from_at
from joined as j
left join leads as l on j.of_lead_id = l.lead_id
left join {{ ref('core_companies') }} as m on j.company_id = m.company_id
left join {{ ref('int_company_dimensions') }} as n on j.company_id = n.company_id
