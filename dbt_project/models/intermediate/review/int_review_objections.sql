-- The week's most frequent objections, with what marketing changed, and how many there were in all.
with

weeks as (
    select * from {{ ref('int_review_weeks') }}
),

logged as (
    select * from {{ ref('objections_weekly') }}
),

by_category as (
    select {{ period_start('week', 'raised_on') }} as week_start_on, category, count(*) as objections
    from {{ ref('int_objections') }}
    group by {{ period_start('week', 'raised_on') }}, category
),

by_week as (
    select week_start_on, sum(objections) as objections from by_category group by week_start_on
),

first_heard as (
    select min(week_start_on) as first_on from by_category
)

select
    {{ review_figure(
        'objections', '1', "'objections'", 'w.week_start_on', 'w.week_end_on', "'count'", period_kind="'week'",
        week_start_on='w.week_start_on', agreement_version='w.agreement_version',
        value='case when f.first_on <= w.week_start_on then coalesce(o.objections, 0) end',
        before='case when f.first_on < w.week_start_on then coalesce(b.objections, 0) end',
        status="case when f.first_on is null then 'unavailable: no objections recorded'"
               ~ " when f.first_on > w.week_start_on then 'short history'"
               ~ " when coalesce(o.objections, 0) = 0 then 'no objections' else 'ok' end") }}
from weeks as w
cross join first_heard as f
left join by_week as o on w.week_start_on = o.week_start_on
left join by_week as b on w.week_start_on = {{ days_later(7, 'b.week_start_on') }}
union all
select
    {{ review_figure(
        'objections', '1 + l.rank', "'objections'", 'w.week_start_on', 'w.week_end_on', "'count'", period_kind="'week'",
        week_start_on='w.week_start_on', agreement_version='w.agreement_version', dimension="'category'",
        dimension_value='l.category', value='l.objections', value_amount='l.amount_at_stake_amount',
        numerator='l.objections', denominator='l.week_objections', before='coalesce(b.objections, 0)',
        words="case when l.marketing_action is not null then l.marketing_action || ' (' || "
              ~ day_in_words(local_day('l.answered_at') | trim) ~ " || ')' end",
        status="case when l.is_new then 'new' when l.is_expected then 'expected' when not l.is_expected then 'not expected'"
               ~ " else 'unknown' end") }}
from weeks as w
inner join logged as l on w.week_start_on = l.week_start_on and l.category is not null
left join by_category as b on w.week_start_on = {{ days_later(7, 'b.week_start_on') }} and l.category = b.category
