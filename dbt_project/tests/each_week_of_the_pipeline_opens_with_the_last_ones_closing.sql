-- Each closing is the next week's opening, and nothing opens that did not close; a week without a row is 0.
with

weeks as (
    select * from {{ ref('pipeline_waterfall_weekly') }}
),

chained as (
    select source, due_fiscal_quarter, {{ days_later(7, 'week_start_on') }} as week_start_on, closing_amount as amount
    from weeks
    where week_start_on < {{ period_start('week', last_day()) }}
    union all
    select source, due_fiscal_quarter, week_start_on, -opening_amount from weeks
)

select source, due_fiscal_quarter, week_start_on, sum(amount) as gap_amount
from chained
group by source, due_fiscal_quarter, week_start_on
having sum(amount) <> 0
