-- What the movements add up to is what the deals say that are open at AS_OF: a deal in neither, or in one alone, shows.
with

closings as (
    select source, due_fiscal_quarter, sum(movement_amount) as amount
    from {{ ref('pipeline_movements') }}
    group by source, due_fiscal_quarter
),

last_week as (
    select source, due_fiscal_quarter, closing_amount as amount
    from {{ ref('pipeline_waterfall_weekly') }}
    where week_start_on = {{ period_start('week', last_day()) }}
),

omitted as (
    select deal_id from {{ ref('int_pipeline_states') }}
    where until_at is null and status = 'scrubbed' and forecast_category = 'omitted'
),

open_deals as (
    select
        d.channel as source,
        case when d.expected_close_on is null then 'none' else {{ fiscal_quarter_name('d.expected_close_on') }} end
            as due_fiscal_quarter,
        d.deal_amount as amount
    from {{ ref('deals') }} as d
    left join omitted as o on d.deal_id = o.deal_id
    where d.status = 'open' and {{ is_in_scope('d.deal_type') }} and o.deal_id is null
),

compared as (
    select source, due_fiscal_quarter, amount, 0 as open_amount, 0 as last_amount from closings
    union all
    select source, due_fiscal_quarter, 0, amount, 0 from open_deals
    union all
    select source, due_fiscal_quarter, 0, 0, amount from last_week
)

select source, due_fiscal_quarter, sum(amount) as moved, sum(open_amount) as open_now, sum(last_amount) as closing
from compared
group by source, due_fiscal_quarter
having sum(amount) <> sum(coalesce(open_amount, 0)) or sum(amount) <> sum(last_amount)
