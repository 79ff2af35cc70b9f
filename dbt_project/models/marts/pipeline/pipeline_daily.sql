-- The open deals of each day as they stood at its end; on the day of AS_OF, at AS_OF.
with

states as (
    select
        s.*,
        d.has_history,
        least({{ local_day('s.state_at') }}, {{ last_day() }}) as from_on
    from {{ ref('int_pipeline_states') }} as s
    inner join {{ ref('int_pipeline_deals') }} as d on s.deal_id = d.deal_id
),

ends_of_days as (
    select *, row_number() over (partition by deal_id, from_on order by state_number desc) as recency from states
),

spans as (
    select
        *,
        {{ days_apart('from_on', 'coalesce(lead(from_on) over (partition by deal_id order by from_on), '
                                 ~ days_later(1, last_day()) ~ ')') }} as days
    from ends_of_days
    where recency = 1
),

days as (
    select s.*, {{ days_later('n.day_number - 1', 's.from_on') }} as day_on
    from spans as s
    inner join {{ ref('int_day_numbers') }} as n on s.days >= n.day_number
    where s.status = 'open'
)

select
    day_on,
    deal_id,
    source,
    stage,
    -- a category without a history is a word of today
    case when has_category_history or day_on = {{ last_day() }} then forecast_category end as forecast_category,
    deal_amount,
    expected_close_on,
    due_fiscal_quarter,
    owner_id,
    has_history
from days
