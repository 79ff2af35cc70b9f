-- What stands open on a Sunday, or on the last day, is that week's closing in every cell.
with

days as (
    select
        {{ period_start('week', 'day_on') }} as week_start_on, source, due_fiscal_quarter, deal_amount
    from {{ ref('pipeline_daily') }}
    where day_on = {{ last_day() }} or day_on = {{ days_later(6, period_start('week', 'day_on')) }}
),

compared as (
    select week_start_on, source, due_fiscal_quarter, deal_amount as amount from days where deal_amount is not null
    union all
    select week_start_on, source, due_fiscal_quarter, -closing_amount from {{ ref('pipeline_waterfall_weekly') }}
)

select week_start_on, source, due_fiscal_quarter, sum(amount) as gap_amount
from compared
group by week_start_on, source, due_fiscal_quarter
having sum(amount) <> 0
