with

leads as (
    select l.*
    from {{ ref('leads') }} as l
    left join {{ ref('int_closed_leads') }} as c on l.lead_id = c.lead_id
    where
        l.routing in ('qualified_handed', 'unqualified_handed')
        and l.won_at is null and l.lost_at is null and c.lead_id is null
),

handovers as (
    select handover_id, lead_id, handed_over_at from {{ ref('int_handovers') }} where is_latest
),

owners as (
    select lead_id, value as owner_id
    from {{ ref('int_lead_values') }}
    where
        field = 'owner'
        and (from_at is null or from_at <= {{ as_of() }}) and (until_at is null or until_at > {{ as_of() }})
),

behaviours as (
    select * from {{ ref('int_brief_behaviours') }}
),

criteria as (
    select * from {{ ref('int_brief_criteria') }}
),

histories as (
    select * from {{ ref('int_brief_histories') }}
),

told as (
    select
        (select count(*) from {{ source('run', 'delivered') }} where entity = 'touches') > 0 as has_touches
)

select
    l.lead_id,
    l.source_name,
    l.record_url,
    l.company_name,
    l.segment,
    l.region,
    h.handover_id,
    h.handed_over_at,
    case when o.lead_id is not null then o.owner_id else r.owner_id end as owner_id,
    u.name as owner_name,
    l.channel,
    l.lead_source,
    r.campaign_id,
    g.name as campaign_name,
    l.is_qualified,
    c.criteria,
    l.not_qualified_reasons,
    case when t.has_touches then coalesce(b.behaviours, 'none') end as behaviours,
    b.last_behaviour_at,
    p.pain_points,
    p.expected_objections,
    coalesce(y.deals, 0) as company_deals,
    coalesce(y.won_deals, 0) as company_won_deals,
    coalesce(y.lost_deals, 0) as company_lost_deals,
    coalesce(y.open_deals, 0) as company_open_deals,
    y.won_amount as company_won_amount,
    y.open_amount as company_open_amount,
    coalesce(y.objections, 'none') as company_objections,
    y.answered_objections as company_answered_objections,
    l.agreement_version
from leads as l
inner join handovers as h on l.lead_id = h.lead_id
inner join {{ ref('core_leads') }} as r on l.lead_id = r.lead_id
inner join criteria as c on l.lead_id = c.lead_id
cross join told as t
left join owners as o on l.lead_id = o.lead_id
left join {{ ref('core_users') }} as u on case when o.lead_id is not null then o.owner_id else r.owner_id end = u.user_id
left join {{ ref('core_campaigns') }} as g on r.campaign_id = g.campaign_id
left join behaviours as b on coalesce(l.duplicate_of_lead_id, l.lead_id) = b.person_id
left join histories as y on l.account_id = y.account_id
left join {{ ref('int_brief_profiles') }} as p on l.agreement_version = p.version
