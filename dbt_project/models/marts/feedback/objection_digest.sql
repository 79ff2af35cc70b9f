with

objections as (
    select * from {{ ref('int_objections') }}
),

answers as (
    select
        category,
        answered_at,
        marketing_action,
        row_number() over (partition by category order by answered_at desc, objection_id asc) as choice
    from objections
    where answered_at is not null and not is_unmapped
),

stakes as (
    select objection_id, {{ listed_in_order('deal_id', 'deal_id') }} as deals_at_stake
    from {{ ref('int_objection_deals') }}
    group by objection_id
),

-- without an entry of its own in the log an objection counts as logged when it was raised
due as (
    select *, coalesce(logged_at, raised_at) as known_at
    from objections
    where first_shown_at is null
)

select
    o.objection_id,
    o.found_in,
    o.category,
    o.raised_at,
    o.logged_at,
    o.surprised as is_surprised,
    o.competitor,
    o.lead_id,
    o.deal_id,
    case when d.deal_id is not null then d.company_name else l.company_name end as company_name,
    case when d.deal_id is not null then d.record_url else l.record_url end as record_url,
    o.owner_id,
    u.name as owner_name,
    o.segment,
    o.channel,
    k.deals_at_stake,
    o.amount_at_stake as amount_at_stake_amount,
    case when {{ setting('publish_objection_words') }} then o.words end as words,
    a.answered_at as last_answered_at,
    case when {{ setting('publish_objection_words') }} then a.marketing_action end as last_marketing_action
from due as o
left join {{ ref('deals') }} as d on o.deal_id = d.deal_id
left join {{ ref('leads') }} as l on o.lead_id = l.lead_id
left join stakes as k on o.objection_id = k.objection_id
left join {{ ref('core_users') }} as u on o.owner_id = u.user_id
left join answers as a on o.category = a.category and a.choice = 1
where
    {{ microseconds(as_of()) }} - {{ microseconds('o.known_at') }}
    < cast({{ setting('objection_digest_days') }} as bigint) * 86400000000
