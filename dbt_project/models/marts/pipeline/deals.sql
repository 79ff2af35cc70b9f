with

deals as (
    select * from {{ ref('int_deals') }}
),

leads as (
    select * from {{ ref('leads') }}
),

companies as (
    select * from {{ ref('core_companies') }}
),

first_sources as (
    select f.record_id, f.lead_source, c.channel
    from {{ ref('int_first_sources') }} as f
    left join {{ ref('int_channels') }} as c on f.channel_key = c.channel_key
    where f.entity = 'deals'
),

loss_reasons as (
    select * from {{ source('agreement', 'loss_reasons') }}
),

joined as (
    select
        d.deal_id,
        d.source_name,
        d.record_url,
        d.company_id,
        coalesce(c.name, l.company_name) as company_name,
        k.lead_id as lead_id,
        d.stage,
        d.stage_order,
        d.status,
        d.deal_type,
        d.deal_amount,
        d.times_reopened,
        d.created_at,
        d.opportunity_at,
        d.expected_close_on,
        d.closed_at,
        f.lead_source,
        coalesce(l.channel, f.channel, 'unmapped') as channel,
        coalesce(l.segment, case when l.lead_id is null then m.segment end) as segment,
        coalesce(l.region, case when l.lead_id is null then m.region end) as region,
        case when d.lost_reason is not null then coalesce(r.loss_reason, 'unmapped') end as lost_reason,
        d.owner_id,
        u.name as owner_name,
        a.account_id
    from deals as d
    inner join {{ ref('int_deal_leads') }} as k on d.deal_id = k.deal_id
    left join leads as l on k.lead_id = l.lead_id
    left join companies as c on d.company_id = c.company_id
    left join first_sources as f on d.deal_id = f.record_id
    left join loss_reasons as r on {{ words('d.lost_reason') }} = r.source_word
    left join {{ ref('core_users') }} as u on d.owner_id = u.user_id
    left join {{ ref('int_company_dimensions') }} as m on d.company_id = m.company_id
    inner join {{ source('identity', 'accounts') }} as a on a.entity = 'deal' and d.deal_id = a.record_id
)

select * from joined
