-- The instant at which each lead entered each stage, as dated by the sources; nothing is inferred.
with

leads as (
    select * from {{ ref('core_leads') }}
),

statuses as (
    select
        c.lead_id,
        min(case when s.stage = 'sal' then c.changed_at end) as sal_at,
        min(case when s.stage = 'sql' then c.changed_at end) as sql_at
    from {{ ref('int_lead_changes') }} as c
    inner join {{ source('agreement', 'stages') }} as s
        on s.entity = 'lead' and {{ words('c.new_value') }} = s.source_word
    where c.field = 'status' and c.changed_at <= {{ as_of() }}
    group by c.lead_id
),

deals as (
    select
        lead_id,
        count(*) as deals,
        min(case when is_after_lead then opportunity_at end) as opportunity_at,
        min(case when is_after_lead and status = 'won' then closed_at end) as won_at,
        case
            when sum(case when status <> 'lost' or status is null then 1 else 0 end) = 0
                then max(case when is_after_lead then closed_at end)
        end as lost_at,
        max(case when opportunity_at is not null then 1 else 0 end) = 1 as has_opportunity
    from {{ ref('int_lead_deals') }}
    group by lead_id
)

select
    l.lead_id,
    coalesce(case when l.accepted_at <= {{ as_of() }} then l.accepted_at end, s.sal_at) as accepted_at,
    coalesce(case when l.claimed_sql_at <= {{ as_of() }} then l.claimed_sql_at end, s.sql_at) as sql_at,
    d.opportunity_at,
    d.won_at,
    d.lost_at,
    coalesce(d.has_opportunity, false) as has_opportunity
from leads as l
left join statuses as s on l.lead_id = s.lead_id
left join deals as d on l.lead_id = d.lead_id
