-- Every objection counts in its week's total, listed or not; no week lists more than it has, or a rank or category twice.
with

listed as (
    select * from {{ ref('objections_weekly') }}
),

weeks as (
    select
        week_start_on,
        min(week_objections) as smallest,
        max(week_objections) as largest,
        sum(objections) as objections,
        count(category) as categories,
        count(distinct category) as different,
        coalesce(max(rank), 0) as last_rank
    from listed
    group by week_start_on
),

raised as (
    select {{ period_start('week', 'raised_on') }} as week_start_on, count(*) as objections
    from {{ ref('int_objections') }}
    group by 1
)

select coalesce(r.week_start_on, w.week_start_on) as week_start_on, r.objections
from raised as r
full outer join weeks as w on r.week_start_on = w.week_start_on
where
    w.week_start_on is null or w.smallest <> coalesce(r.objections, 0) or w.largest <> coalesce(r.objections, 0)
    or w.objections > w.largest or w.categories <> w.different or w.last_rank <> w.categories
