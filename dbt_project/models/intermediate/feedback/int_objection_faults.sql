-- Objections that are kept although something in them cannot be used, and words that nobody has agreed on.
with

objections as (
    select * from {{ ref('core_objections') }}
),

categories as (
    select found_in, source_word from {{ source('agreement', 'objection_categories') }}
),

-- an outcome that nobody listed may be an objection or none; each such word is listed once
outcomes as (
    select
        a.source_name, a.source_file, a.source_row,
        row_number() over (
            partition by {{ words('a.outcome') }} order by a.source_name, a.source_file, a.source_row, a.activity_id
        ) as place
    from {{ ref('core_activities') }} as a
    left join categories as c on c.found_in = 'call_outcome' and {{ words('a.outcome') }} = c.source_word
    where a.outcome is not null and not coalesce(a.is_automated, false) and c.source_word is null
)

select
    o.source_name, o.source_file, o.source_row, 'objections' as entity,
    'category: not in the agreement''s objection_categories.csv' as fault
from objections as o
left join categories as c on c.found_in = 'sheet' and {{ words('o.category') }} = c.source_word
where o.category is not null and c.source_word is null
union all
select source_name, source_file, source_row, 'activities', 'outcome: not in the agreement''s objection_categories.csv'
from outcomes
where place = 1
union all
select d.source_name, d.source_file, d.source_row, 'deals', 'lost_reason: not in the agreement''s objection_categories.csv'
from {{ ref('core_deals') }} as d
inner join {{ ref('int_raised_objections') }} as o on o.found_in = 'lost_reason' and d.deal_id = o.deal_id
where o.is_unmapped
union all
select source_name, source_file, source_row, 'objections', 'category: missing' from objections where category is null
union all
select source_name, source_file, source_row, 'objections', 'logged_at: before raised_at'
from objections where logged_at < raised_at
union all
select source_name, source_file, source_row, 'objections', 'answered_at: before raised_at'
from objections where answered_at < raised_at
union all
select source_name, source_file, source_row, 'objections', 'marketing_action: without answered_at, so not counted as an answer'
from objections where marketing_action is not null and answered_at is null
union all
select o.source_name, o.source_file, o.source_row, 'objections', 'lead_id: no such lead'
from objections as o
left join {{ ref('core_leads') }} as l on o.lead_id = l.lead_id
where o.lead_id is not null and l.lead_id is null
union all
select o.source_name, o.source_file, o.source_row, 'objections', 'deal_id: no such deal'
from objections as o
left join {{ ref('core_deals') }} as d on o.deal_id = d.deal_id
where o.deal_id is not null and d.deal_id is null
union all
-- what onefunnel showed may have been taken out of the log since; what a source says it showed must be in it
select g.source_name, g.source_file, g.source_row, 'digests', 'objection_id: no such objection'
from {{ ref('core_digests') }} as g
left join {{ ref('int_raised_objections') }} as o on g.objection_id = o.objection_id
where o.objection_id is null
