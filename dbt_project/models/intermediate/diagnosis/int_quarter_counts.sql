-- What the factors of a quarter's revenue are made of, for each complete fiscal quarter.
with

quarters as (
    select period_start_on, period_end_on
    from {{ ref('int_periods') }}
    where period_kind = 'fiscal_quarter' and not is_running and not is_ahead
),

leads as (
    select q.period_start_on, count(*) as leads
    from {{ ref('int_person_leads') }} as l
    inner join quarters as q on l.created_on >= q.period_start_on and l.created_on < q.period_end_on
    group by q.period_start_on
),

mqls as (
    select q.period_start_on, count(*) as mqls
    from {{ ref('int_person_leads') }} as l
    inner join quarters as q on l.mql_on >= q.period_start_on and l.mql_on < q.period_end_on
    group by q.period_start_on
),

won as (
    select q.period_start_on, count(*) as won
    from {{ ref('int_deal_facts') }} as d
    inner join quarters as q on d.closed_on >= q.period_start_on and d.closed_on < q.period_end_on
    where d.is_in_scope and d.status = 'won'
    group by q.period_start_on
),

-- how each deal stood just before a quarter began
states as (
    select
        q.period_start_on,
        q.period_end_on,
        s.deal_id,
        s.expected_close_on,
        row_number() over (partition by q.period_start_on, s.deal_id order by s.state_at desc) as recency
    from {{ ref('int_deal_states') }} as s
    inner join quarters as q on s.state_at < {{ day_start('q.period_start_on') }}
),

-- late is what was due when the quarter began, was open then, and still was when it ended: whatever became of it since
late as (
    select s.period_start_on, count(*) as late
    from states as s
    inner join {{ ref('int_deal_facts') }} as d on s.deal_id = d.deal_id and d.is_in_scope
    inner join {{ ref('int_deal_statuses') }} as t
        on
            s.deal_id = t.deal_id and t.status = 'open'
            and t.from_at < {{ day_start('s.period_end_on') }}
            and (t.until_at is null or t.until_at >= {{ day_start('s.period_end_on') }})
    inner join {{ ref('int_deal_statuses') }} as b
        on
            s.deal_id = b.deal_id and b.status = 'open'
            and b.from_at < {{ day_start('s.period_start_on') }}
            and (b.until_at is null or b.until_at >= {{ day_start('s.period_start_on') }})
    where s.recency = 1 and s.expected_close_on >= s.period_start_on and s.expected_close_on < s.period_end_on
    group by s.period_start_on
),

revenue as (
    select period_start_on, cast(value as decimal(18, 2)) as revenue_amount
    from {{ ref('shared_metrics') }}
    where metric = 'revenue' and period_kind = 'fiscal_quarter' and dimension = 'total'
)

select
    q.period_start_on,
    coalesce(l.leads, 0) as leads,
    coalesce(m.mqls, 0) as mqls,
    coalesce(w.won, 0) as won,
    coalesce(t.late, 0) as late,
    coalesce(r.revenue_amount, 0) as revenue_amount
from quarters as q
left join leads as l on q.period_start_on = l.period_start_on
left join mqls as m on q.period_start_on = m.period_start_on
left join won as w on q.period_start_on = w.period_start_on
left join late as t on q.period_start_on = t.period_start_on
left join revenue as r on q.period_start_on = r.period_start_on
