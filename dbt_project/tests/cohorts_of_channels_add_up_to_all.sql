-- Totals agree at every grain: a period's channels sum to its `all` row, for every stage.
select period_kind, period_start_on, stage
from {{ ref('funnel_cohorts') }}
group by period_kind, period_start_on, stage
having
    sum(case when channel = 'all' then cohort_size else 0 end)
    <> sum(case when channel <> 'all' then cohort_size else 0 end)
    or sum(case when channel = 'all' then coalesce(reached, 0) else 0 end)
    <> sum(case when channel <> 'all' then coalesce(reached, 0) else 0 end)
