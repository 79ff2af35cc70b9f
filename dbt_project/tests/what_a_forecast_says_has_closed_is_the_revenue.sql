{{ config(severity="warn") }}
-- What has closed in the quarter that is forecast is the revenue of its days so far: one number for both.
with

revenue as (
    select {{ fiscal_quarter_name('earned_on') }} as fiscal_quarter, sum(revenue_amount) as revenue_amount
    from (select earned_on, revenue_amount from {{ ref('int_revenue') }} where is_agreed_basis) as earned
    group by fiscal_quarter
)

select f.fiscal_quarter, f.method, f.closed_amount, r.revenue_amount
from {{ ref('revenue_forecast') }} as f
left join revenue as r on f.fiscal_quarter = r.fiscal_quarter
where
    f.is_current and f.horizon = 'this quarter' and f.segment = 'all' and f.status = 'ok'
    and f.closed_amount <> coalesce(r.revenue_amount, 0)
