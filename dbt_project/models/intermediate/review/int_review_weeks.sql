-- The weeks that are reviewed: every whole week from the first of the pipeline to the last that was over by AS_OF.
with

span as (
    select
        {{ days_later(-7, period_start('week', local_day(as_of())) | trim) }} as newest_on,
        min(week_start_on) as first_on
    from {{ ref('pipeline_waterfall_weekly') }}
),

-- without a pipeline the newest week alone
bounds as (
    select newest_on, case when first_on < newest_on then first_on else newest_on end as first_on from span
),

weeks as (
    select
        {{ days_later('7 * (n.day_number - 1)', 'b.first_on') }} as week_start_on,
        b.newest_on
    from bounds as b
    inner join {{ ref('int_day_numbers') }} as n on {{ days_apart('b.first_on', 'b.newest_on') }} >= 7 * (n.day_number - 1)
),

ended as (
    select
        week_start_on,
        {{ days_later(6, 'week_start_on') }} as week_end_on,
        {{ days_later(7, 'week_start_on') }} as next_week_on,
        {{ day_start(days_later(7, 'week_start_on')) }} as ended_at,
        week_start_on = newest_on as is_newest
    from weeks
),

versions as (
    select e.week_start_on, max(v.version) as agreement_version
    from ended as e
    inner join {{ ref('int_versions') }} as v on v.in_force_at < e.ended_at
    group by e.week_start_on
)

select
    e.week_start_on,
    e.week_end_on,
    e.next_week_on,
    e.ended_at,
    e.is_newest,
    v.agreement_version
from ended as e
left join versions as v on e.week_start_on = v.week_start_on
