-- Each telling of an objection with what is at stake, whose it is, whether its kind was ever heard before, and what became of
-- it in marketing's digest. One row per objection known at AS_OF, also those that repeat another.
with

objections as (
    select
        o.*,
        r.repeats_objection_id,
        case
            when o.kind is not null
                then row_number() over (partition by o.is_unmapped, o.kind order by o.raised_at, o.objection_id) = 1
        end as is_first_of_its_kind
    from {{ ref('int_raised_objections') }} as o
    left join {{ ref('int_repeated_objections') }} as r on o.objection_id = r.objection_id
),

stakes as (
    select
        objection_id,
        sum(deal_amount) as amount_at_stake,
        {{ listed_in_order('deal_id', 'deal_id') }} as deals_at_stake
    from {{ ref('int_objection_deals') }}
    group by objection_id
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
    case when d.deal_id is not null then d.company_name else l.company_name end as company_name,
    case when d.deal_id is not null then d.record_url else l.record_url end as record_url,
    o.owner_id,
    o.category_word,
    o.category,
    o.is_unmapped,
    o.is_first_of_its_kind,
    o.repeats_objection_id,
    o.surprised,
    o.competitor,
    o.answered_at,
    o.marketing_action,
    o.words,
    s.deals_at_stake,
    cast(s.amount_at_stake as decimal(18, 2)) as amount_at_stake,
    case when l.lead_id is not null then l.segment else d.segment end as segment,
    case when l.lead_id is not null then l.channel else d.channel end as channel,
    h.first_shown_at,
    -- without an entry of its own in the log an objection counts as logged when it was raised
    case
        when o.repeats_objection_id is not null then 'repeat'
        when h.first_shown_at is not null then 'shown'
        when
            {{ microseconds(as_of()) }} - {{ microseconds('coalesce(o.logged_at, o.raised_at)') }}
            < cast({{ setting('objection_digest_days') }} as bigint) * 86400000000
            then 'to show'
        else 'aged out'
    end as digest_status,
    {{ local_day('o.raised_at') }} as raised_on
from objections as o
left join leads as l on o.lead_id = l.lead_id
left join deals as d on o.deal_id = d.deal_id
left join companies as c on o.company_id = c.company_id
left join {{ ref('int_contact_people') }} as p on o.contact_id = p.contact_id
left join stakes as s on o.objection_id = s.objection_id
left join shown as h on o.objection_id = h.objection_id
