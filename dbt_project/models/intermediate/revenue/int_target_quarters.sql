-- Each fiscal quarter that has a target, or that revenue or a due deal lies in, with its revenue on both bases and how far the
-- last day has come in it: 0 and less before it has begun.
with

revenue as (
    select *, {{ period_start('fiscal_quarter', 'earned_on') }} as starts_on from {{ ref('int_revenue') }}
),

summed as (
    select
        starts_on,
        sum(case when is_agreed_basis then revenue_amount end) as revenue_amount,
        sum(case when not is_agreed_basis then revenue_amount end) as other_basis_amount,
        sum(case when basis = 'invoices' and deal_id is null then revenue_amount end) as without_deal_amount
    from revenue
    group by starts_on
),

starts as (
    select starts_on from {{ ref('int_revenue_targets') }}
    union
    select starts_on from summed
    union
    select {{ period_start('fiscal_quarter', 'expected_close_on') }}
    from (select distinct expected_close_on from {{ ref('int_forecast_states') }} where expected_close_on is not null) as due
),

first_revenue as (
    select min(earned_on) as first_on from revenue where is_agreed_basis
),

quarters as (
    select
        q.starts_on,
        {{ next_period_start('fiscal_quarter', 'q.starts_on') }} as next_starts_on,
        {{ days_apart('q.starts_on', last_day()) }} + 1 as days_come
    from starts as q
)

select
    q.*,
    {{ days_apart('q.starts_on', 'q.next_starts_on') }} as days_in_quarter,
    q.next_starts_on <= {{ days_later(1, last_day()) }} as is_over,
    -- the quarter of the first revenue may have begun before the data did
    coalesce(f.first_on < q.starts_on, false) as is_whole,
    cast(coalesce(s.revenue_amount, 0) as decimal(18, 2)) as revenue_amount,
    cast(coalesce(s.other_basis_amount, 0) as decimal(18, 2)) as other_basis_amount,
    cast(coalesce(s.without_deal_amount, 0) as decimal(18, 2)) as without_deal_amount
from quarters as q
cross join first_revenue as f
left join summed as s on q.starts_on = s.starts_on
