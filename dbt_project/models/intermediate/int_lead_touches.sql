-- Touches with the lead they belong to: by its id, else by its e-mail. The first lead with an e-mail owns its
-- touches until a second one with it appears; so a later duplicate takes nothing from an earlier verdict.
with

leads as (
    select * from {{ ref('core_leads') }}
),

leads_of_emails as (
    select
        ids_of,
        {{ words('email') }} as email,
        lead_id,
        row_number() over (partition by ids_of, {{ words('email') }} order by created_at, lead_id) as lead_number,
        lead(created_at) over (partition by ids_of, {{ words('email') }} order by created_at, lead_id) as next_created_at
    from leads
    where email is not null
),

emails as (
    select * from leads_of_emails where lead_number = 1
),

touches as (
    select * from {{ ref('core_touches') }}
)

select
    t.touch_id,
    t.source_name,
    {{ words('t.kind') }} as kind,
    t.happened_at,
    t.campaign_id,
    case when l.lead_id is not null then l.lead_id when t.lead_id is null then e.lead_id end as lead_id
from touches as t
left join leads as l on t.lead_id = l.lead_id
left join emails as e
    on
        t.ids_of = e.ids_of and {{ words('t.email') }} = e.email
        and (e.next_created_at is null or t.happened_at < e.next_created_at)
