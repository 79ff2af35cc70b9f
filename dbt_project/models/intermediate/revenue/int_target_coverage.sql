-- For each quarter that is not over: what is open and due in it, and what became of the pipeline that was due in past quarters
-- when as many days of them had come: how much of it was won in them. Past quarters count from where history is known.
with

quarters as (
    select * from {{ ref('int_target_quarters') }}
),

ahead as (
    select starts_on, next_starts_on, days_come from quarters where not is_over
),

opened as (
    select a.starts_on, count(*) as open_deals, sum(coalesce(s.deal_amount, 0)) as open_amount
    from ahead as a
    inner join {{ ref('int_pipeline_states') }} as s
        on s.expected_close_on >= a.starts_on and s.expected_close_on < a.next_starts_on
    where s.until_at is null and s.status = 'open'
    group by a.starts_on
),

span as (
    select min(known_from_at) as known_from_at from {{ ref('int_forecast_sources') }}
),

looks as (
    select
        a.starts_on as of_starts_on,
        q.starts_on,
        q.next_starts_on,
        {{ day_start(days_later('a.days_come', 'q.starts_on')) }} as seen_at,
        {{ day_start('q.next_starts_on') }} as ended_at
    from ahead as a
    inner join quarters as q on q.is_over
),

known as (
    select l.* from looks as l inner join span as s on l.seen_at >= s.known_from_at
),

states as (
    select *, lead(state_at) over (partition by deal_id order by state_at) as until_at
    from {{ ref('int_forecast_states') }}
    where is_followed
),

due as (
    select k.of_starts_on, k.starts_on, k.ended_at, s.deal_id, s.amount_paisa
    from known as k
    inner join states as s
        on
            s.state_at < k.seen_at and (s.until_at is null or s.until_at >= k.seen_at)
            and s.expected_close_on >= k.starts_on and s.expected_close_on < k.next_starts_on
    where s.status = 'open'
),

ended as (
    select d.*, coalesce(s.status = 'won', false) as is_won
    from due as d
    left join states as s
        on d.deal_id = s.deal_id and s.state_at < d.ended_at and (s.until_at is null or s.until_at >= d.ended_at)
),

learnt as (
    select
        of_starts_on,
        count(distinct starts_on) as due_quarters,
        sum(amount_paisa) as due_paisa,
        sum(case when is_won then amount_paisa else 0 end) as due_won_paisa
    from ended
    group by of_starts_on
)

select
    a.starts_on,
    coalesce(o.open_deals, 0) as open_deals,
    cast(coalesce(o.open_amount, 0) as decimal(18, 2)) as open_amount,
    coalesce(l.due_quarters, 0) as due_quarters,
    l.due_paisa,
    l.due_won_paisa
from ahead as a
left join opened as o on a.starts_on = o.starts_on
left join learnt as l on a.starts_on = l.of_starts_on
