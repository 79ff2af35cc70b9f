-- Every dated entry stands in exactly one week.
with

weeks as (
    select stage, sum(entered) as entered from {{ ref('funnel_weekly') }} group by stage
),

leads as (
    select stage, count(*) as entered from {{ ref('int_lead_entries') }} group by stage
)

select l.stage
from leads as l
left join weeks as w on l.stage = w.stage
where w.entered is null or w.entered <> l.entered
