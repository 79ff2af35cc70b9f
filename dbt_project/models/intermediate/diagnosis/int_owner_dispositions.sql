-- How often an owner of late said what became of a lead that did not advance: of the deadlines in the agreed complete
-- quarters, and of who had few in them of the latest that make enough. One row per owner with a deadline in those quarters.
with

recent as (
    select
        {{ months_later('-3 * ' ~ setting('signal_quarters'), 'ends_on') }} as from_on,
        ends_on as until_on
    from (select {{ period_start('fiscal_quarter', days_later(1, 'last_on')) }} as ends_on from {{ ref('int_last_day') }}) as today
),

decided as (
    select
        disposition_owner_id as owner_id,
        {{ local_day('disposition_due_at') }} as due_on,
        case when disposition_status in ('given', 'late') then 1 else 0 end as is_said,
        row_number() over (partition by disposition_owner_id order by disposition_due_at desc, handover_id asc) as recency
    from {{ ref('handovers') }}
    where
        disposition_status in ('given', 'late', 'missing') and disposition_owner_id is not null
        and {{ local_day('disposition_due_at') }} < (select until_on from recent)
)

select
    d.owner_id,
    least(min(d.due_on), r.from_on) as from_on,
    r.until_on,
    sum(d.is_said) as good,
    count(*) as cases
from decided as d
cross join recent as r
where d.due_on >= r.from_on or d.recency <= {{ setting('signal_min_cases') }}
group by d.owner_id, r.from_on, r.until_on
having max(d.due_on) >= r.from_on
