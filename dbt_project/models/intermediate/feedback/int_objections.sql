-- Each objection with what is at stake, whose it is and when marketing first saw it. One row per objection known at AS_OF.
with

objections as (
    select * from {{ ref('int_raised_objections') }}
),

stakes as (
    select objection_id, sum(deal_amount) as amount_at_stake from {{ ref('int_objection_deals') }} group by objection_id
),

shown as (
    select objection_id, min(shown_at) as first_shown_at from {{ ref('core_digests') }} group by objection_id
),

leads as (
    select * from {{ ref('leads') }}
),

deals as (
    select * from {{ ref('deals') }}
),

companies as (
    select record_id as company_id, account_id from {{ source('identity', 'accounts') }} where entity = 'company'
)

select
    o.objection_id,
    o.found_in,
    o.raised_at,
    o.logged_at,
    o.lead_id,
    o.deal_id,
    coalesce(d.account_id, l.account_id, c.account_id, p.account_id) as account_id,
    o.owner_id,
    o.category,
    o.is_unmapped,
    o.surprised,
    o.competitor,
    o.answered_at,
    o.marketing_action,
    o.words,
    cast(s.amount_at_stake as decimal(18, 2)) as amount_at_stake,
    case when l.lead_id is not null then l.segment else d.segment end as segment,
    case when l.lead_id is not null then l.channel else d.channel end as channel,
    h.first_shown_at,
    {{ local_day('o.raised_at') }} as raised_on
from objections as o
left join leads as l on o.lead_id = l.lead_id
left join deals as d on o.deal_id = d.deal_id
left join companies as c on o.company_id = c.company_id
left join {{ ref('int_contact_people') }} as p on o.contact_id = p.contact_id
left join stakes as s on o.objection_id = s.objection_id
left join shown as h on o.objection_id = h.objection_id
