-- A share of the SLA has what was kept above what was due; what is null had nothing due.
select *
from {{ ref('sla_weekly') }}
where
    met < 0 or met > due or pending < 0 or unavailable < 0
    or (rate is null) <> (due = 0) or rate < 0 or rate > 1 or target < 0 or target > 1
    or met + due + pending + unavailable = 0
