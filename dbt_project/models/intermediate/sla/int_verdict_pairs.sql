-- What the definition says of each handover beside what sales says; without a version in force there is nothing to compare.
with

handovers as (
    select * from {{ ref('handovers') }} where definition_met is not null
),

leads as (
    select lead_id, segment, account_id, claimed_mql_at from {{ ref('leads') }}
)

select
    h.*,
    {{ period_start('month', local_day('h.handed_over_at')) }} as month_start_on,
    coalesce(l.segment, 'unknown') as segment,
    l.account_id,
    coalesce(l.claimed_mql_at <= h.handed_over_at, false) as is_claimed,
    case
        -- nothing was said yet, nothing of whether the lead was qualified, or nobody knows what
        when h.sales_verdict in ('pending', 'set_aside', 'unknown') then h.sales_verdict
        when h.definition_met and h.sales_verdict = 'qualified' then 'both_qualified'
        when h.definition_met then 'definition_only'
        when h.sales_verdict = 'qualified' then 'sales_only'
        else 'neither'
    end as verdicts
from handovers as h
inner join leads as l on h.lead_id = l.lead_id
