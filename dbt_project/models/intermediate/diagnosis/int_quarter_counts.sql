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

-- what was due when the quarter began, and was won after it or is open still
late as (
    select q.period_start_on, count(*) as late
    from {{ ref('int_due_pipeline') }} as p
    inner join quarters as q on p.period_kind = 'fiscal_quarter' and p.period_start_on = q.period_start_on
    inner join {{ ref('int_deal_facts') }} as d on p.deal_id = d.deal_id
    where d.status = 'open' or (d.status = 'won' and d.closed_on >= q.period_end_on)
    group by q.period_start_on
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
