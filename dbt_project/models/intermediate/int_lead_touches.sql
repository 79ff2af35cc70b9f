-- Touches that may signal intent, with the lead they belong to: by its id, else by its e-mail. The first lead with an
-- e-mail owns its touches until a second one with it appears; so a later duplicate takes nothing from an earlier verdict.
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

kinds as (
    select distinct raw_kind, touch_kind
    from {{ ref('int_touch_words') }}
    where touch_kind in (select kind from {{ source('agreement', 'intent_behaviours') }})
),

touches as {{ evaluated_first() }} (
    select t.touch_id, t.ids_of, k.touch_kind as kind, t.happened_at, t.lead_id, t.email
    from {{ ref('core_touches') }} as t
    inner join kinds as k on t.kind = k.raw_kind
)

select
    t.touch_id,
    t.kind,
    t.happened_at,
    case when l.lead_id is not null then l.lead_id when t.lead_id is null then e.lead_id end as lead_id
from touches as t
left join leads as l on t.lead_id = l.lead_id
left join emails as e
    on
        t.ids_of = e.ids_of and {{ words('t.email') }} = e.email
        and (e.next_created_at is null or t.happened_at < e.next_created_at)
