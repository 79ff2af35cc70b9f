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
)

select
    o.objection_id,
    o.found_in,
    o.category,
    case when {{ setting('publish_objection_words') }} then o.category_word end as category_word,
    o.is_first_of_its_kind,
    o.raised_at,
    o.logged_at,
    o.surprised as is_surprised,
    o.competitor,
    o.lead_id,
    o.deal_id,
    o.company_name,
    o.record_url,
    o.owner_id,
    u.name as owner_name,
    o.segment,
    o.channel,
    o.deals_at_stake,
    o.amount_at_stake as amount_at_stake_amount,
    case when {{ setting('publish_objection_words') }} then o.words end as words,
    a.answered_at as last_answered_at,
    case when {{ setting('publish_marketing_actions') }} then a.marketing_action end as last_marketing_action
from objections as o
left join {{ ref('core_users') }} as u on o.owner_id = u.user_id
left join answers as a on o.category = a.category and a.choice = 1
where o.digest_status = 'to show'
