-- What sales and marketing cost together, each rupee once: media, expenses, and campaigns' own cost where no expenses tell of events.
with

told as (
    select
        count(*) as expense_rows,
        sum(case when {{ words('kind') }} = 'events' then 1 else 0 end) as event_rows
    from {{ ref('core_expenses') }}
)

select c.spent_on, c.source_kind as record_kind, c.record_id, c.cost_amount
from {{ ref('int_costs_daily') }} as c
cross join told as t
where c.source_kind = 'ad_spend' or coalesce(t.event_rows, 0) = 0
union all
select spent_on, 'expense' as record_kind, record_id, cost_amount
from {{ ref('int_expenses_daily') }}
