-- Eight models credit an opportunity, and a ninth, full_path, what was won.
with

milestones as (
    select deal_id, 'opportunity' as milestone, 8 as models from {{ ref('deals') }} where opportunity_at is not null
    union all
    select deal_id, 'won' as milestone, 9 as models
    from {{ ref('deals') }}
    where status = 'won' and closed_at is not null
),

credited as (
    select deal_id, milestone, count(distinct model) as models from {{ ref('touch_credit') }} group by deal_id, milestone
)

select m.deal_id as of_deal_id, c.deal_id
from milestones as m
full outer join credited as c on m.deal_id = c.deal_id and m.milestone = c.milestone
where m.models is null or c.models is null or m.models <> c.models
