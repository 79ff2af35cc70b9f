-- A deal that was open at a day's end stands there once: what follows it is the next day, unless it was not open then.
with

days as (
    select deal_id, day_on, count(*) as times from {{ ref('pipeline_daily') }} group by deal_id, day_on
),

followed as (
    select *, lead(day_on) over (partition by deal_id order by day_on) as next_on from days
),

doubled as (
    select deal_id, day_on, 'twice' as fault from days where times > 1
),

-- the first day of each gap, and the day from which the deal is there again; the last day has no next one
gaps as (
    select deal_id, {{ days_later(1, 'day_on') }} as gap_on
    from followed
    where day_on < {{ last_day() }} and (next_on is null or next_on > {{ days_later(1, 'day_on') }})
),

states as (
    select
        deal_id, status, until_at,
        row_number() over (
            partition by deal_id, least({{ local_day('state_at') }}, {{ last_day() }}) order by state_number desc
        ) as recency,
        least({{ local_day('state_at') }}, {{ last_day() }}) as state_on
    from {{ ref('int_pipeline_states') }}
),

-- open at the end of a day on which it does not stand
missing as (
    select s.deal_id, s.state_on as day_on, 'missing' as fault
    from states as s
    left join days as d on s.deal_id = d.deal_id and s.state_on = d.day_on
    where s.recency = 1 and s.status = 'open' and d.deal_id is null
),

-- it may end on a day on which the deal left the pipeline, and on no other
unexplained as (
    select g.deal_id, g.gap_on as day_on, 'gap' as fault
    from gaps as g
    left join states as s on g.deal_id = s.deal_id and g.gap_on = s.state_on and s.recency = 1 and s.status <> 'open'
    where s.deal_id is null
)

select * from doubled
union all
select * from missing
union all
select * from unexplained
