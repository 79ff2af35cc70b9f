-- Touches with the lead they belong to: by its id, else by an e-mail that exactly one lead has.
with

leads as (
    select * from {{ ref('core_leads') }}
),

emails as (
    select ids_of, {{ words('email') }} as email, min(lead_id) as lead_id
    from leads
    where email is not null
    group by ids_of, {{ words('email') }}
    having count(*) = 1
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
left join emails as e on t.ids_of = e.ids_of and {{ words('t.email') }} = e.email
