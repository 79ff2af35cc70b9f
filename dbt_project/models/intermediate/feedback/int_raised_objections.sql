-- Objections that are known at AS_OF, wherever they were found: the log, the outcome of a call, the reason of a loss.
with

categories as (
    select * from {{ source('agreement', 'objection_categories') }}
),

deals as (
    select * from {{ ref('deals') }}
),

sheet as (
    select
        'sheet' as found_in,
        o.objection_id,
        o.raised_at,
        o.logged_at,
        o.lead_id,
        o.deal_id,
        o.owner_id,
        cast(null as {{ text_type() }}) as contact_id,
        cast(null as {{ text_type() }}) as company_id,
        o.category as category_word,
        c.category,
        o.surprised,
        o.competitor,
        case when o.answered_at <= {{ as_of() }} then o.answered_at end as answered_at,
        case when o.answered_at <= {{ as_of() }} then o.marketing_action end as marketing_action,
        o.words
    from {{ ref('core_objections') }} as o
    left join categories as c on c.found_in = 'sheet' and {{ words('o.category') }} = c.source_word
    where o.logged_at is null or o.logged_at <= {{ as_of() }}
),

-- said in a conversation: raised and logged at once. An outcome without a category is agreed to be no objection, and one
-- that nobody listed may be anything; it is listed once in data_faults
calls as (
    select
        'call_outcome' as found_in,
        'activity:' || a.activity_id as objection_id,
        a.happened_at as raised_at,
        a.happened_at as logged_at,
        a.lead_id,
        a.deal_id,
        a.owner_id,
        a.contact_id,
        a.company_id,
        a.outcome as category_word,
        c.category
    from {{ ref('core_activities') }} as a
    inner join categories as c on c.found_in = 'call_outcome' and {{ words('a.outcome') }} = c.source_word
    where not coalesce(a.is_automated, false) and c.category is not null
),

-- why a deal was lost is an objection by nature, in whatever words
losses as (
    select
        'lost_reason' as found_in,
        'deal:' || d.deal_id as objection_id,
        d.closed_at as raised_at,
        d.closed_at as logged_at,
        d.lead_id,
        d.deal_id,
        d.owner_id,
        cast(null as {{ text_type() }}) as contact_id,
        cast(null as {{ text_type() }}) as company_id,
        r.lost_reason as category_word,
        c.category
    from deals as d
    inner join {{ ref('core_deals') }} as r on d.deal_id = r.deal_id
    left join categories as c on c.found_in = 'lost_reason' and {{ words('r.lost_reason') }} = c.source_word
    where d.status = 'lost' and d.closed_at is not null and r.lost_reason is not null
),

united as (
    select * from sheet
    {% for found in ['calls', 'losses'] %}
    union all
    select
        found_in, objection_id, raised_at, logged_at, lead_id, deal_id, owner_id, contact_id, company_id, category_word,
        category, cast(null as boolean), cast(null as {{ text_type() }}), cast(null as {{ instant_type() }}),
        cast(null as {{ text_type() }}), cast(null as {{ text_type() }})
    from {{ found }}
    {% endfor %}
)

select
    u.found_in,
    u.objection_id,
    u.raised_at,
    u.logged_at,
    coalesce(u.lead_id, d.lead_id) as lead_id,
    u.deal_id,
    d.deal_id is not null as has_deal,
    u.owner_id,
    u.contact_id,
    u.company_id,
    u.category_word,
    coalesce(u.category, 'unmapped') as category,
    u.category is null as is_unmapped,
    -- what makes two objections one kind: the category, else the word that nobody has agreed on
    coalesce(u.category, {{ words('u.category_word') }}) as kind,
    u.surprised,
    u.competitor,
    u.answered_at,
    u.marketing_action,
    u.words
from united as u
left join deals as d on u.deal_id = d.deal_id
