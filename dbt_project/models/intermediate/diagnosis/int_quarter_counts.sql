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

due as (
    select
        period_start_on,
        sum(case when is_late then 1 else 0 end) as late,
        sum(case when is_still_open then 1 else 0 end) as still_open
    from {{ ref('int_due_deals') }}
    group by period_start_on
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
    cast(coalesce(d.late, 0) as bigint) as late,
    cast(coalesce(d.still_open, 0) as bigint) as still_open,
    coalesce(r.revenue_amount, 0) as revenue_amount
from quarters as q
left join leads as l on q.period_start_on = l.period_start_on
left join mqls as m on q.period_start_on = m.period_start_on
left join won as w on q.period_start_on = w.period_start_on
left join due as d on q.period_start_on = d.period_start_on
left join revenue as r on q.period_start_on = r.period_start_on
